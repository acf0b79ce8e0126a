import { expect } from 'chai';
import { CONTRAST_PAIRS, ROLE_COLOURS } from '../../../src/elements/theme.ts';
import { contrast } from '../../support/contrast.ts';
import { IDLE } from '../../support/element-facts.ts';
import { find, showScene } from '../../support/element-stage.ts';

afterEach(() => document.body.replaceChildren());

describe('theme', () => {
  it('measures contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).to.equal(21);
    expect(contrast('#777777', '#ffffff')).to.be.closeTo(4.48, 0.01);
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const { front, back, atLeast } of CONTRAST_PAIRS) {
      it(`draws ${front} on ${back} with a contrast of ${atLeast}:1, ${theme}`, () => {
        expect(contrast(ROLE_COLOURS[front][theme], ROLE_COLOURS[back][theme])).to.be.at.least(atLeast);
      });
    }
  }

  it('follows the theme attribute, and a colour of the host page', async () => {
    const { element } = await showScene({ name: 'idle', snapshot: IDLE }, { theme: 'dark' });
    const frame = find(element, '.frame');
    expect(getComputedStyle(frame).backgroundColor).to.equal('rgb(24, 27, 32)');
    element.theme = 'light';
    await element.updateComplete;
    expect(getComputedStyle(frame).backgroundColor).to.equal('rgb(255, 255, 255)');
    element.style.setProperty('--credit-phone-surface', 'rgb(1, 2, 3)');
    expect(getComputedStyle(frame).backgroundColor).to.equal('rgb(1, 2, 3)');
  });

  it('keeps its own text, whatever the page says of every element', async () => {
    const { element } = await showScene({ name: 'idle', snapshot: IDLE }, { theme: 'light' });
    const looks = () => {
      const { color, fontFamily, fontSize, lineHeight, letterSpacing, wordSpacing, textTransform, textIndent } =
        getComputedStyle(find(element, '.tab'));
      return { color, fontFamily, fontSize, lineHeight, letterSpacing, wordSpacing, textTransform, textIndent };
    };
    const before = looks();
    for (const rule of [
      ...['color: red', 'font: 30px/3 cursive', 'letter-spacing: 5px', 'word-spacing: 9px'],
      ...['text-transform: uppercase', 'text-indent: 20px', 'white-space: pre'],
    ]) {
      const [name = '', value = ''] = rule.split(': ');
      element.style.setProperty(name, value, 'important');
    }
    expect(looks()).to.deep.equal(before);
  });

  it('writes no style element, because a strict CSP forbids it', async () => {
    const { element } = await showScene({ name: 'idle', snapshot: IDLE });
    expect(element.renderRoot.querySelectorAll('style').length).to.equal(0);
  });
});
