/** Where words and amounts really stand, by the boxes that Chromium lays out: what a reader of Arabic or Hebrew sees. */
import { expect } from 'chai';
import { isRightToLeft, isRightToLeftText } from '../../../src/elements/text-direction.ts';
import { createTexts, sentence } from '../../../src/elements/texts.ts';
import { cents } from '../../support/element-facts.ts';
import { find, type ShownScene, settled, showScene } from '../../support/element-stage.ts';
import { ADMIN_IDLE, TYPED } from '../../support/scene-facts.ts';

afterEach(() => document.body.replaceChildren());

type Wish = Partial<Parameters<typeof showScene>[0]> & {
  readonly lang: string;
  readonly messages?: Readonly<Record<string, string>>;
};

async function shown({ lang, messages = {}, ...scene }: Wish): Promise<ShownScene['element']> {
  const { element } = await showScene({ name: 'direction', snapshot: TYPED, isRightToLeft: true, ...scene });
  element.lang = lang;
  element.messages = messages;
  await settled(element);
  return element;
}

/** These words as they stand on the screen, from left to right. Fails where one of them is not there in one piece. */
function fromLeft(block: HTMLElement, words: readonly string[]): readonly string[] {
  const places = words.map((word) => ({ word, left: boxOf(block, word).left }));
  return places.toSorted((a, b) => a.left - b.left).map(({ word }) => word);
}

function boxOf(block: HTMLElement, word: string): DOMRect {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const at = node.nodeValue?.indexOf(word) ?? -1;
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + word.length);
    expect(range.getClientRects().length, `"${word}" is in one piece`).to.equal(1);
    return range.getBoundingClientRect();
  }
  throw new Error(`"${word}" is not in "${block.textContent}".`);
}

describe('right to left', () => {
  it('an Arabic price in an English sentence reads price, unit, time', async () => {
    const element = await shown({ lang: 'ar' });
    const words = ['US$', '0.06', 'a minute', 'about', '68'];
    expect(fromLeft(find(element, '.price'), words)).to.deep.equal(words);
  });

  it('a Hebrew price does so, too, its sign where Hebrew puts it', async () => {
    const element = await shown({ lang: 'he' });
    const words = ['$', '0.06', 'a minute', 'about', '68'];
    expect(fromLeft(find(element, '.price'), words)).to.deep.equal(words);
  });

  it('translated by the host, the sentence begins at the right and the amount stands whole within it', async () => {
    const element = await shown({
      lang: 'ar',
      messages: { 'rate.price': '{price} للدقيقة', 'time.about': 'نحو {time}' },
    });
    const words = ['68', 'نحو', 'للدقيقة', 'US$', '0.06'];
    expect(fromLeft(find(element, '.price'), words)).to.deep.equal(words);
  });

  it('an English page in the wrong direction keeps amounts and full stops of its sentences where English has them', async () => {
    const element = await shown({ lang: 'en-US', snapshot: ADMIN_IDLE, panel: 'credit' });
    expect(fromLeft(find(element, 'button.primary'), ['Add', '$25.00'])).to.deep.equal(['Add', '$25.00']);
    const sentence = ['no real money.', 'The ledger', 'entry is', 'real.'];
    expect(fromLeft(find(element, '#range'), sentence)).to.deep.equal(sentence);
  });

  it('the button that adds credit names the deed before the amount', async () => {
    const element = await shown({ lang: 'ar', snapshot: ADMIN_IDLE, panel: 'credit' });
    expect(fromLeft(find(element, 'button.primary'), ['Add', 'US$', '25.00'])).to.deep.equal(['Add', 'US$', '25.00']);
  });
});

describe('texts', () => {
  const MARKS = /[\u2066-\u2069]/;

  it('carry no marks where everything goes from left to right, so that hosts and copies read plain words', () => {
    const texts = createTexts({ messages: {}, locale: 'en-US', currency: 'USD', direction: 'ltr' });
    expect(texts.say('hdr.ok', { money: texts.balance(cents(1840)) })).to.equal('Credit $18.40');
    expect([texts.talkTime(600), texts.time(0), texts.day(0), texts.list(['Dana', 'Luis'])].join()).not.to.match(MARKS);
  });

  it('are set apart by the language alone, too, and close every mark they open', () => {
    for (const [locale, direction] of [['ar-EG'], ['fa'], ['he'], ['ur'], ['de', 'rtl']] as const) {
      const texts = createTexts({ messages: {}, locale, currency: 'USD', direction: direction ?? 'ltr' });
      const whole = texts.say('hdr.ok', { money: texts.price(cents(6)) });
      expect(whole, locale).to.match(MARKS);
      expect(whole.split('\u2068').length, locale).to.equal(whole.split('\u2069').length);
    }
  });

  it('begin with a capital letter behind the marks', () => {
    const texts = createTexts({ messages: {}, locale: 'en', currency: 'USD', direction: 'rtl' });
    expect(sentence(texts.say('hdr.ok.time', { time: texts.talkTime(600) }), 'en')).to.include('About');
    expect(sentence('', 'en')).to.equal('');
  });

  it('are known by their script, whatever region is named', () => {
    expect(
      ['ar', 'ar-EG', 'he', 'fa-AF', 'ur', 'ku-Arab', 'uz-Arab-AF'].filter((tag) => !isRightToLeft(tag)),
    ).to.deep.equal([]);
    expect(['en', 'de-DE', 'ku', 'uz', 'ja'].filter(isRightToLeft)).to.deep.equal([]);
  });

  it('begin where their first letter is, names of values left out', () => {
    expect(['{price} للدقيقة', 'נותרו {time}', '1. كم'].map(isRightToLeftText)).to.deep.equal([true, true, true]);
    expect(['{price} a minute', '{money}', '', 'US$ للدقيقة', '··{last4}'].map(isRightToLeftText)).to.deep.equal([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
