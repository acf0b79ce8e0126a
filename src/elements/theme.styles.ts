import { css, unsafeCSS } from 'lit';
import { ROLE_COLOURS } from './theme.ts';

/** Private names carry the resolved value into the inner elements; public names are the host's. */
const roles = Object.entries(ROLE_COLOURS)
  .map(([role, { light, dark }]) => `--_${role}: var(--credit-phone-${role}, light-dark(${light}, ${dark}));`)
  .join('');

/** The design tokens: colours by role, type sizes, radius. Only <credit-phone> defines them. */
export const themeStyles = css`
  :host {
    ${unsafeCSS(roles)}
    --_radius: var(--credit-phone-radius, 10px);
    --_number-size: var(--credit-phone-number-size, 28px);
    --_timer-size: var(--credit-phone-timer-size, 32px);
    --_key-height: var(--credit-phone-key-height, 52px);
    --_motion: 160ms;
  }
  /* Inside again: what a page says of the element itself, or of everything, wins over :host and would be inherited. */
  :host,
  .frame {
    color: var(--_text);
    font: 400 14px / 20px
      var(--credit-phone-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif);
    font-variant-numeric: tabular-nums;
    letter-spacing: normal;
    word-spacing: normal;
    text-transform: none;
    text-indent: 0;
    white-space: normal;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([theme='auto']) {
    color-scheme: light dark;
  }
  @media (prefers-reduced-motion: reduce) {
    :host {
      --_motion: 0s;
    }
  }
`;
