/**
 * The statement by hand (L-17 to L-21, D-25 to D-27): what it asks the phone for, what stands there, where the focus goes, what an agent
 * never sees.
 */
import { expect } from 'chai';
import type { CreditPhone } from '../../../src/index.ts';
import type { StatementWish, UsageSnapshot } from '../../../src/phone/statement-snapshot.ts';
import { micros, ZERO_MICROS } from '../../../src/protocol/money.ts';
import { AGENT, IDLE } from '../../support/element-facts.ts';
import { button, find, findAll, type ShownScene, settled, showScene, wordsOf } from '../../support/element-stage.ts';
import { EMPTY_SUMMARY, SAMPLE_LINES, sampleForecast, sampleSummary } from '../../support/statement-samples.ts';
import { USAGE_SCENES, usage, usageDetails, withUsage } from '../../support/usage-scenes.ts';

afterEach(() => document.body.replaceChildren());

async function scene(name: string): Promise<ShownScene> {
  const found = USAGE_SCENES.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`There is no scene "${name}".`);
  return await showScene(found);
}

/** What the statement room was asked for, but for what every opened tab asks. */
function wishes({ phone }: ShownScene): StatementWish[] {
  return phone.asked
    .filter(([wish]) => wish === 'askStatement')
    .map(([, wish]) => wish as StatementWish)
    .filter(({ type }) => type !== 'open');
}

function show({ phone, element }: ShownScene, facts: UsageSnapshot): Promise<void> {
  phone.show({ statement: { forecast: sampleForecast, usage: facts } });
  return settled(element);
}

/** What has the focus, through shadow roots. */
function focused(): Element | null {
  let inner = document.activeElement;
  while (inner?.shadowRoot?.activeElement) inner = inner.shadowRoot.activeElement;
  return inner;
}

async function choose(element: CreditPhone, selector: string, value: string): Promise<void> {
  const list = find<HTMLSelectElement>(element, selector);
  list.value = value;
  list.dispatchEvent(new Event('change', { bubbles: true }));
  await settled(element);
}

function press(element: CreditPhone, name: string): Promise<void> {
  const pressed = button(element, name);
  pressed.focus();
  pressed.click();
  return settled(element);
}

const texts = (element: CreditPhone, selector: string): string[] =>
  findAll(element, selector).map((found) => (found.textContent ?? '').replace(/\s+/g, ' ').trim());

describe('what is paid by invoice (C-21)', () => {
  const invoiced = [
    { kind: 'sms', title: 'SMS', unit: 'segment', units: 120, chargeCount: 40, amountMicros: micros(948_000) },
  ];

  it('stands apart from the credit, whose sums it is no part of, also in a month without any usage of credit', async () => {
    for (const summary of [sampleSummary, EMPTY_SUMMARY]) {
      const { element } = await showScene({
        name: 'invoiced',
        panel: 'credit',
        snapshot: withUsage(usage({ summary: { ...summary, invoiced } })),
      });
      expect(texts(element, '.invoiced div')).to.deep.equal(['SMS 120 × segment$0.948']);
      expect(texts(element, '.sums:not(.invoiced) dd').join()).not.to.contain('0.948');
      document.body.replaceChildren();
    }
    const { element } = await showScene({ name: 'none', panel: 'credit', snapshot: withUsage(usage()) });
    expect(findAll(element, '.invoiced')).to.deep.equal([]);
  });
});

describe('who sees the statement', () => {
  it('F-05, C-03: an agent has not a word of it, whatever the snapshot says', async () => {
    const snapshot = { ...IDLE, me: AGENT, statement: { forecast: sampleForecast, usage: usage() } };
    const { element, phone } = await showScene({ name: 'agent', panel: 'credit', snapshot });
    expect(wordsOf(element)).not.to.match(/usage|Outbound International|7 days/i);
    expect(phone.wishes()).not.to.include('askStatement');
  });

  it('L-18: it stands on the same tab and is asked for when the tab is opened, and for another office', async () => {
    const shown = await showScene({ name: 'new', panel: 'credit', snapshot: withUsage({ state: 'unopened' }) });
    const opens = (): number => shown.phone.asked.filter(([wish]) => wish === 'askStatement').length;
    expect(opens()).to.equal(1);
    await show(shown, usage());
    await show(shown, { state: 'unopened' });
    expect(opens()).to.equal(2);
  });

  it('a server that keeps no statements leaves no hole', async () => {
    const { element } = await showScene({ name: 'off', panel: 'credit', snapshot: withUsage({ state: 'off' }) });
    expect(wordsOf(element)).not.to.include('Balance usage');
    expect(find(element, 'credit-phone-usage-panel').getBoundingClientRect().height).to.equal(0);
  });
});

describe('a month', () => {
  it('L-17, L-19, L-20: groups by type with readable names and totals, and sums that add up', async () => {
    const { element } = await scene('usage');
    expect(texts(element, '.group .name')).to.deep.equal([
      'Outbound International Call',
      'Number Purchase',
      'Inbound Toll-free Call',
      'Credit Added',
    ]);
    expect(texts(element, '.group .sum')).to.deep.equal(['$11.16', '$1.20', '$0.04', '$25.00']);
    expect(texts(element, '.sums dd')).to.deep.equal(['$20.00', '$25.00', '$12.40', '$32.60']);
  });

  it('D-25: counts of toll-free and international calls, and every month that has lines', async () => {
    const shown = await scene('usage');
    expect(wordsOf(shown.element)).to.include('1 toll-free call 3 international calls');
    expect(texts(shown.element, '#month option')).to.deep.equal(['March 2026', 'February 2026']);
    await choose(shown.element, '#month', '2026-02');
    expect(wishes(shown)).to.deep.equal([{ type: 'choose_month', month: '2026-02' }]);
  });

  for (const [view, names] of [
    ['person', ['Sam Okafor', 'Dana Whitfield', 'Konstantinos Papadopoulos-Vassilakis']],
    ['destination', ['Japan, Tokyo', 'No destination', 'Germany, mobile', 'United States, toll-free']],
    ['number', ['+14155550142', '+18005550199']],
    ['office', ['Lisbon office']],
  ] as const) {
    it(`D-25: the same sums by ${view}`, async () => {
      const { element } = await scene('usage');
      await choose(element, '#view', view);
      expect(texts(element, '.group .name')).to.deep.equal(names);
      const dollars = texts(element, '.group .sum').map((sum) => Math.round(100 * Number(sum.slice(1))));
      expect(dollars.reduce((sum, cents) => sum + cents, 0)).to.equal(1240);
    });
  }

  it('what a long list leaves out has a row of its own, so that the rows still add up', async () => {
    const { people, rest, ...others } = sampleSummary;
    const [first, ...left] = people;
    if (!first) throw new Error('The sample has nobody.');
    const sum = (key: 'lineCount' | 'durationSeconds') => left.reduce((total, one) => total + one[key], 0);
    const shown = await scene('usage');
    await show(
      shown,
      usage({
        summary: {
          ...others,
          people: [first],
          rest: {
            ...rest,
            people: {
              lineCount: sum('lineCount'),
              durationSeconds: sum('durationSeconds'),
              spentMicros: sampleSummary.groups[1]?.spentMicros ?? first.spentMicros,
            },
          },
        },
      }),
    );
    await choose(shown.element, '#view', 'person');
    expect(texts(shown.element, '.group .name')).to.deep.equal(['Sam Okafor', 'All others']);
    expect(findAll(shown.element, '.group')[1]?.querySelector('button')).to.equal(null);
  });

  it('L-21: "View details" asks for the lines of its row', async () => {
    const shown = await scene('usage');
    await press(shown.element, 'View details: Outbound International Call');
    await choose(shown.element, '#view', 'person');
    await press(shown.element, 'View details: Sam Okafor');
    await choose(shown.element, '#view', 'destination');
    await press(shown.element, 'View details: Japan, Tokyo');
    expect(wishes(shown).map((wish) => (wish.type === 'show_lines' ? wish.query : wish))).to.deep.equal([
      { group: 'outbound_call.international' },
      { flow: 'usage', personId: 'sam' },
      { flow: 'usage', destination: 'Japan, Tokyo' },
    ]);
  });
});

describe('details', () => {
  it("L-21, D-25: date, time, person, number used, to, duration, price and balance, in the account's time zone", async () => {
    const { element } = await scene('usage-lines');
    const [first] = findAll(element, '.line');
    const cells = [...(first?.querySelectorAll('td') ?? [])].map((cell) => (cell.textContent ?? '').trim());
    expect(cells.slice(0, 3)).to.deep.equal(['Mar 12, 2026, 14:05:09', 'Sam Okafor', '+1 415 555 0142']);
    expect(cells[3]).to.equal('Germany, mobile+49 1512 3456789');
    expect(cells.slice(4, 6)).to.deep.equal(['12:34', '$0.72']);
    expect(cells[6]).to.include('$32.60');
    expect(wordsOf(element)).to.include('Times are those of Europe/Lisbon.');
    const filled = findAll(element, '.line').map((line) =>
      [...line.querySelectorAll('.when, .who, .price')].every((cell) => cell.textContent?.trim() !== ''),
    );
    expect(filled).to.deep.equal(SAMPLE_LINES.map(() => true));
  });

  it('complaint 30: an amount below a cent is written out', async () => {
    const { element } = await scene('usage-lines');
    expect(texts(element, '.line .price').at(-1)).to.equal('$0.000001');
  });

  it('a payment has a plus, a charge no sign', async () => {
    const { element } = await scene('usage-lines');
    expect(texts(element, '.line .price').slice(0, 4)).to.deep.equal(['$0.72', '$0.04', '+$25.00', '$1.20']);
  });

  it('filters and orders: each choice is a new question that keeps the rest of the filter', async () => {
    const shown = await scene('usage-lines');
    await choose(shown.element, '#person', 'sam');
    await choose(shown.element, '#group', '');
    await choose(shown.element, '#order', 'dearest');
    const field = find<HTMLInputElement>(shown.element, '#text');
    field.value = ' tokyo ';
    field.dispatchEvent(new Event('change'));
    await settled(shown.element);
    const group = 'outbound_call.international';
    expect(wishes(shown).map((wish) => (wish.type === 'show_lines' ? wish.query : wish))).to.deep.equal([
      { group, personId: 'sam' },
      {},
      { group, sort: 'amount', direction: 'desc' },
      { group, text: 'tokyo' },
    ]);
  });

  it('what is typed is looked for when somebody pauses, once', async () => {
    const shown = await scene('usage-lines');
    const field = find<HTMLInputElement>(shown.element, '#text');
    for (const value of ['b', 'be', 'berlin']) {
      field.value = value;
      field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    }
    for (let round = 0; wishes(shown).length === 0 && round < 500; round += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const query = { group: 'outbound_call.international', text: 'berlin' };
    expect(wishes(shown)).to.deep.equal([{ type: 'show_lines', query }]);
  });

  it('paging: more is asked for once, and not while it is on its way', async () => {
    const shown = await scene('usage-lines');
    expect(wordsOf(shown.element)).to.include('1,204 items');
    await press(shown.element, 'Show more');
    await show(shown, usage({ details: usageDetails({ isLoading: true }) }));
    expect(find(shown.element, '#more').getAttribute('aria-disabled')).to.equal('true');
    await show(shown, usage({ details: usageDetails({ isMoreThere: false }) }));
    expect(findAll(shown.element, '#more')).to.deep.equal([]);
    expect(wishes(shown)).to.deep.equal([{ type: 'more_lines' }]);
  });

  it('says "nothing fits" only when all was looked through', async () => {
    const shown = await scene('usage-lines-none');
    expect(wordsOf(shown.element)).to.include('Nothing fits.');
    await show(shown, usage({ details: usageDetails({ lines: [], lineCount: null, isMoreThere: true }) }));
    expect(wordsOf(shown.element)).to.include('Nothing found yet. There is more to look through. Show more');
  });

  it('the focus goes to the lines that take the place of the sums, and back with them', async () => {
    const shown = await scene('usage');
    await press(shown.element, 'View details: Outbound International Call');
    await show(shown, usage({ details: usageDetails() }));
    expect(focused()?.id).to.equal('heading');
    expect(focused()?.textContent).to.equal('Outbound International Call, March 2026');
    await press(shown.element, 'Back to the month');
    expect(wishes(shown).at(-1)).to.deep.equal({ type: 'show_lines', query: null });
    await show(shown, usage());
    expect(focused()?.textContent).to.equal('Balance usage');
  });

  it('is a table for a screen reader at every width', async () => {
    for (const name of ['usage-lines', 'usage-docked']) {
      const { element, box } = await scene(name);
      expect(findAll(element, '[role="columnheader"]').length, name).to.equal(8);
      expect(findAll(element, '.line[role="row"] > [role="cell"]').length, name).to.equal(8 * SAMPLE_LINES.length);
      box.remove();
    }
  });
});

describe('why', () => {
  it('complaint 14: rate, increments and rounding of a call, in words', async () => {
    const shown = await scene('usage-why');
    const words = texts(shown.element, '.explained dt');
    expect(words).to.deep.equal([
      'Talked 12:34, billed 13:00',
      '13 × 1 min at $0.055',
      'Rounded up to 2 decimals',
      'Price',
      'Together',
    ]);
    expect(texts(shown.element, '.explained dd').filter((word) => word !== '')).to.deep.equal(['$0.72', '$0.72']);
    await press(shown.element, 'Close: why $0.72');
    expect(wishes(shown)).to.deep.equal([{ type: 'explain', sequence: null }]);
  });

  it('asks for the line whose button is pressed', async () => {
    const shown = await scene('usage-lines');
    await press(shown.element, 'Why $1.20?');
    expect(wishes(shown)).to.deep.equal([{ type: 'explain', sequence: 3 }]);
  });

  it('F-07: the fee, what the credit did not cover, and the other lines of the same call', async () => {
    const { element } = await scene('usage-why-short');
    const words = wordsOf(element);
    expect(words).to.include('To connect $0.05');
    expect(words).to.include('Charged: the credit for this call was used up $0.50');
    expect(words).to.include('Also for this call Call Recording $0.03');
  });
});

describe('"Export Credit Usage" (D-27)', () => {
  it('stands on the right-hand side, saves the month, and a double click saves once', async () => {
    for (const name of ['usage-saved', 'usage-saving', 'usage-lines']) {
      const { element, box } = await scene(name);
      const panel = find(element, 'credit-phone-usage-panel').getBoundingClientRect();
      expect(find(element, '#export').getBoundingClientRect().right, name).to.be.closeTo(panel.right, 1);
      box.remove();
    }
    const shown = await scene('usage');
    await press(shown.element, 'Export Credit Usage');
    await show(shown, usage({ saving: { state: 'busy', rows: 0, allRows: 1_204 } }));
    button(shown.element, 'Export Credit Usage').click();
    expect(wishes(shown)).to.deep.equal([{ type: 'save', query: {} }]);
  });

  it('tells how far it is, can be stopped, and gives the focus back', async () => {
    const shown = await scene('usage-saving');
    expect(wordsOf(shown.element)).to.include('512 of 1,204 rows');
    expect(find<HTMLProgressElement>(shown.element, 'progress')).to.include({ value: 512, max: 1_204 });
    await press(shown.element, 'Stop');
    expect(wishes(shown)).to.deep.equal([{ type: 'stop_saving' }]);
    await show(shown, usage({ saving: { state: 'stopped' } }));
    expect(focused()?.id).to.equal('export');
    expect(wordsOf(shown.element)).to.include('Stopped. Nothing was saved.');
  });

  it('csv.done of 2.3 no. 6: says what is in the file', async () => {
    const { element } = await scene('usage-saved');
    expect(wordsOf(element)).to.include('Saved 1,204 rows, $84.12 in all.');
  });

  it('saves what is shown, where a filter is', async () => {
    const shown = await scene('usage-lines');
    await press(shown.element, 'Export these items');
    expect(wishes(shown)).to.deep.equal([{ type: 'save', query: { group: 'outbound_call.international' } }]);
  });
});

describe('how long the credit lasts (2.3 no. 1)', () => {
  const outlook = async (facts: Partial<typeof sampleForecast>): Promise<string> => {
    const snapshot = withUsage(usage(), { forecast: { ...sampleForecast, ...facts } });
    const { element, box } = await showScene({ name: 'outlook', panel: 'credit', snapshot });
    const words =
      texts(element, 'credit-phone-spend-outlook')[0] === undefined
        ? ''
        : (find(element, 'credit-phone-spend-outlook').shadowRoot?.textContent ?? '');
    box.remove();
    return words.replace(/\s+/g, ' ').trim();
  };

  it('bal.runway: that it is today, the day and its part within a week, the date beyond', async () => {
    const until = (lastsUntilMs: number): Promise<string> => outlook({ timeZone: 'UTC', lastsUntilMs });
    expect(await until(Date.UTC(2026, 2, 15, 15))).to.equal(
      "$7.16 in 7 days At this week's pace it lasts until about Sunday afternoon.",
    );
    expect(await until(Date.UTC(2026, 2, 12, 21))).to.include("At this week's pace it is used up today.");
    expect(await until(Date.UTC(2026, 2, 18, 6))).to.include('until about Wednesday morning.');
    expect(await until(Date.UTC(2026, 2, 19))).to.include('until about March 19.');
  });

  it('says how much rent is reckoned in, also where nothing else was spent', async () => {
    const rents = [
      { day: '2026-03-14', amountMicros: micros(1_500_000) },
      { day: '2026-03-15', amountMicros: micros(2_000_000) },
    ];
    const facts = { timeZone: 'UTC', rents, lastsUntilMs: Date.UTC(2026, 2, 15, 3) };
    expect(await outlook(facts)).to.include(
      "At this week's pace, and with $3.50 of rent that falls due, it lasts until about Sunday night.",
    );
    expect(await outlook({ ...facts, lastsUntilMs: Date.UTC(2026, 2, 12, 21) })).to.include(
      "At this week's pace, and with $3.50 of rent that falls due, it is used up today.",
    );
    const days = sampleForecast.days.map(({ day }) => ({ day, spentMicros: ZERO_MICROS }));
    expect(await outlook({ ...facts, days })).to.equal(
      "Nothing was spent in the last 7 days. At this week's pace, and with $3.50 of rent that falls due, it lasts until about Sunday night.",
    );
  });

  it('says nothing of how long nothing lasts', async () => {
    expect(await outlook({ availableMicros: ZERO_MICROS, lastsUntilMs: 0 })).to.equal('$7.16 in 7 days');
  });

  it('nothing spent, and more than a year, are said as what they are', async () => {
    const zero = sampleForecast.days.map(({ day }) => ({ day, spentMicros: ZERO_MICROS }));
    expect(await outlook({ days: zero, lastsUntilMs: null })).to.equal('Nothing was spent in the last 7 days.');
    expect(await outlook({ lastsUntilMs: null })).to.include('it lasts for more than a year.');
  });
});
