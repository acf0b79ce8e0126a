/** The call rates by hand (F-08, C-19): one click from the charges, searched, page by page, and back. */
import { expect } from 'chai';
import type { CreditPhone } from '../../../src/index.ts';
import type { RatesSnapshot, StatementWish } from '../../../src/phone/statement-snapshot.ts';
import { refusal } from '../../../src/protocol/problem.ts';
import { AGENT } from '../../support/element-facts.ts';
import { button, find, findAll, type ShownScene, settled, showScene, wordsOf } from '../../support/element-stage.ts';
import { RATE_SCENES, SAMPLE_RATES, sampleRate, withRates } from '../../support/rate-scenes.ts';
import { usage, withUsage } from '../../support/usage-scenes.ts';

afterEach(() => document.body.replaceChildren());

const shown = (facts: Partial<RatesSnapshot> = {}): Promise<ShownScene> =>
  showScene({ name: 'rates', panel: 'credit', snapshot: withRates(facts) });

function wishes({ phone }: ShownScene): StatementWish[] {
  return phone.asked
    .filter(([wish]) => wish === 'askStatement')
    .map(([, wish]) => wish as StatementWish)
    .filter(({ type }) => type !== 'open');
}

async function press({ element }: ShownScene, name: string): Promise<void> {
  button(element, name).click();
  await settled(element);
}

/** What has the focus, through shadow roots. */
function focusedId(): string | undefined {
  let inner = document.activeElement;
  while (inner?.shadowRoot?.activeElement) inner = inner.shadowRoot.activeElement;
  return inner?.id;
}

const rows = (element: CreditPhone): string[] =>
  findAll(element, 'li')
    .filter((row) => row.closest('[aria-label="Call rates"]') !== null)
    .map((row) => (row.textContent ?? '').replace(/\s+/g, ' ').trim());

describe('the way there and back', () => {
  it('F-08: the link stands with the charges, also while these are loading or failed', async () => {
    const states = [usage(), { state: 'loading' }, { state: 'failed', refusal: refusal('unavailable') }] as const;
    for (const state of states) {
      const scene = await showScene({ name: 'usage', panel: 'credit', snapshot: withUsage(state) });
      await press(scene, 'Call rates');
      expect(wishes(scene)).to.deep.equal([{ type: 'show_rates', search: '' }]);
      document.body.replaceChildren();
    }
  });

  it('the focus goes into the search, and back to the link', async () => {
    const scene = await showScene({ name: 'usage', panel: 'credit', snapshot: withUsage(usage()) });
    const { statement } = scene.phone.snapshot;
    button(scene.element, 'Call rates').focus();
    scene.phone.show({ statement: withRates().statement });
    await settled(scene.element);
    expect(focusedId()).to.equal('search');
    expect(wordsOf(scene.element)).not.to.contain('Balance usage Export');
    await press(scene, 'Back to balance usage');
    expect(wishes(scene)).to.deep.equal([{ type: 'show_rates', search: null }]);
    scene.phone.show({ statement });
    await settled(scene.element);
    expect(focusedId()).to.equal('rates');
  });

  it('F-05: an agent has no such screen, whatever the snapshot says', async () => {
    const { element } = await showScene({ name: 'agent', panel: 'credit', snapshot: { ...withRates(), me: AGENT } });
    expect(wordsOf(element)).not.to.match(/Call rates|Austria/);
  });
});

describe('a rate', () => {
  it('F-08, C-19: says destination, prefix, kind, direction, price a minute, connection fee and increments', async () => {
    const { element } = await shown();
    expect(rows(element)).to.deep.equal([
      'Austria $0.10 a minute +43… · International · Calls you make · $0.05 to connect · Billed by the second',
      'Germany, mobile $0.055 a minute +4915… · Mobile · Calls you make · Billed by whole minutes',
      'United Kingdom $0.06 a minute +44… · International · Calls you make · $0.06 a minute from 0:00 on · Billed by whole minutes · $0.03 a minute from 1:00 on · Billed every 6 seconds For contact-centre',
      'Toll-free $0.055 a minute +1888… · Toll-free · Calls to you · Billed by whole minutes',
      'Echo test Free 600 · Internal · Calls you make',
      'Germany $0.09 each +49… · sms',
    ]);
  });

  it('a destination is text and never markup', async () => {
    const { element } = await shown({ rates: [sampleRate({ destination: '<img src=x onerror=alert(1)>' })] });
    expect(rows(element)[0]).to.contain('<img src=x');
    expect(findAll(element, 'img')).to.deep.equal([]);
  });
});

describe('looking for one', () => {
  it('asks when somebody pauses or presses Enter, once for the same words, and cuts what the server would refuse', async () => {
    const scene = await shown({ search: 'Aus' });
    const field = find<HTMLInputElement>(scene.element, '#search');
    expect([field.value, field.maxLength]).to.deep.equal(['Aus', 60]);
    const type = (text: string, event: string): void => {
      field.value = text;
      field.dispatchEvent(new Event(event, { bubbles: true }));
    };
    type(' Aus ', 'change');
    type('Ger', 'input');
    expect(wishes(scene)).to.deep.equal([]);
    type(' Germany ', 'change');
    await settled(scene.element);
    expect(wishes(scene)).to.deep.equal([{ type: 'show_rates', search: 'Germany' }]);
  });

  it('shows more on request, not twice at once', async () => {
    const scene = await shown();
    await press(scene, 'Show more');
    expect(wishes(scene)).to.deep.equal([{ type: 'more_rates' }]);
    scene.phone.show({ statement: withRates({ isLoading: true }).statement });
    await settled(scene.element);
    expect(button(scene.element, 'Loading…').getAttribute('aria-disabled')).to.equal('true');
    scene.phone.show({ statement: withRates({ isMoreThere: false }).statement });
    await settled(scene.element);
    expect(wordsOf(scene.element)).not.to.contain('Show more');
  });

  it('says that nothing fits, that it loads, and that it failed, with a way to try again', async () => {
    const none = await shown({ rates: [], search: 'Atlantis', isMoreThere: false });
    expect(wordsOf(none.element)).to.contain('No rate fits “Atlantis”.');
    const loading = await shown({ rates: [], isLoading: true });
    expect(find(loading.element, 'credit-phone-call-rates').shadowRoot?.querySelector('[role=status]')).not.to.equal(
      null,
    );
    const failed = await shown({ rates: [], search: 'Aus', refusal: refusal('unavailable') });
    expect(wordsOf(failed.element)).to.contain("The call rates can't be shown now.");
    await press(failed, 'Try again');
    expect(wishes(failed)).to.deep.equal([{ type: 'show_rates', search: 'Aus' }]);
  });

  it('what is shown stays when more of it failed', async () => {
    const scene = await shown({ refusal: refusal('unavailable') });
    expect(rows(scene.element)).to.have.length(SAMPLE_RATES.length);
    await press(scene, 'Try again');
    expect(wishes(scene)).to.deep.equal([{ type: 'more_rates' }]);
  });
});

it('every scene is drawn', async () => {
  for (const scene of RATE_SCENES) {
    const { element } = await showScene(scene);
    expect(wordsOf(element)).to.contain('Call rates');
    document.body.replaceChildren();
  }
});
