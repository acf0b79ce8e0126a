import { expect } from 'chai';
import { ROLE_COLOURS } from '../../../src/elements/theme.ts';
import type { PhoneSnapshot } from '../../../src/phone/phone-snapshot.ts';
import type { Refusal } from '../../../src/protocol/problem.ts';
import { IDLE } from '../../support/element-facts.ts';
import { find, showScene } from '../../support/element-stage.ts';

afterEach(() => document.body.replaceChildren());

/** Colour of the words in the price tag, and whether an icon warns. */
async function tagOf(
  refusal: Refusal,
): Promise<{ readonly colour: string; readonly warns: boolean; readonly words: string }> {
  const snapshot: PhoneSnapshot = { ...IDLE, dialled: '0171', quote: { state: 'refused', to: '0171', refusal } };
  const { element } = await showScene({ name: 'quote', snapshot }, { theme: 'light' });
  const tag = find(element, '.tag');
  const words = tag.querySelector('span') ?? tag;
  return {
    colour: getComputedStyle(words).color,
    warns: tag.querySelector('svg') !== null,
    words: words.textContent?.trim() ?? '',
  };
}

const colourOf = (hex: string) => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgb(${red}, ${green}, ${blue})`;
};

describe('the price tag of a number that is being typed', () => {
  for (const code of ['number_invalid', 'no_rate'] as const) {
    it(`says ${code} without alarm: the next digit may put it right`, async () => {
      const { colour, warns, words } = await tagOf({ code, whoCanFix: 'agent' });
      expect({ colour, warns }).to.deep.equal({ colour: colourOf(ROLE_COLOURS.quiet.light), warns: false });
      expect(words).not.to.equal('');
    });
  }

  it('warns of what no digit puts right', async () => {
    const { colour, warns } = await tagOf({ code: 'calling_paused', whoCanFix: 'admin' });
    expect({ colour, warns }).to.deep.equal({ colour: colourOf(ROLE_COLOURS.danger.light), warns: true });
  });
});
