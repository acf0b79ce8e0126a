/**
 * Colours by role, each for a light and a dark page. A test computes the contrast of every pair that is used: 4.5:1 for text, 3:1 for
 * the edges of controls. Hosts replace a role with --credit-phone-<role>.
 */
export interface RoleColour {
  readonly light: string;
  readonly dark: string;
}

export const ROLE_COLOURS = {
  surface: { light: '#ffffff', dark: '#181b20' },
  raised: { light: '#f1f3f6', dark: '#23272e' },
  text: { light: '#171b22', dark: '#eceef2' },
  quiet: { light: '#566070', dark: '#a6aebb' },
  line: { light: '#e2e6ec', dark: '#323842' },
  'control-line': { light: '#848e9d', dark: '#6d7786' },
  accent: { light: '#0a6b5e', dark: '#5cd2bf' },
  'on-accent': { light: '#ffffff', dark: '#06211d' },
  danger: { light: '#b3261e', dark: '#ff8a80' },
  'on-danger': { light: '#ffffff', dark: '#2b0603' },
  warning: { light: '#8a4b00', dark: '#f5b75c' },
  good: { light: '#176b34', dark: '#6fd494' },
} as const satisfies Record<string, RoleColour>;

export type ColourRole = keyof typeof ROLE_COLOURS;

export interface ContrastPair {
  readonly front: ColourRole;
  readonly back: ColourRole;
  readonly atLeast: number;
}

/** Which role is ever drawn on which, and how much contrast that needs (WCAG 2.2, 1.4.3 and 1.4.11). */
export const CONTRAST_PAIRS: readonly ContrastPair[] = [
  ...(['text', 'quiet', 'accent', 'danger', 'warning', 'good'] as const).flatMap((front) => [
    { front, back: 'surface', atLeast: 4.5 } as const,
    { front, back: 'raised', atLeast: 4.5 } as const,
  ]),
  { front: 'on-accent', back: 'accent', atLeast: 4.5 },
  { front: 'on-danger', back: 'danger', atLeast: 4.5 },
  { front: 'control-line', back: 'surface', atLeast: 3 },
];
