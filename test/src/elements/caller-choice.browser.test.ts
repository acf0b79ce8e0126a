/** Which number a call shows, chosen where calls are made (F-06). */
import { expect } from 'chai';
import { AGENT, IDLE } from '../../support/element-facts.ts';
import type { Scene } from '../../support/element-scene.ts';
import { find, findAll, type ShownScene, settled, showScene } from '../../support/element-stage.ts';

const NUMBERS = ['+14155550142', '+14155550143'];

afterEach(() => document.body.replaceChildren());

function show(callerNumbers: readonly string[], more: Partial<Scene> = {}) {
  const snapshot = { ...IDLE, me: { ...AGENT, callerNumbers: [...callerNumbers] } };
  return showScene({ name: 'caller', snapshot, ...more });
}

/** What groups them is loaded after the list is there. */
async function groupedDigits({ options }: HTMLSelectElement): Promise<void> {
  for (let round = 0; round < 2_000 && !options[1]?.text.includes(' '); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const choices = ({ element }: ShownScene) => findAll<HTMLSelectElement>(element, '#caller');

describe('the choice of a caller number on the dial pad', () => {
  it('is there for those who may show more than one number, and says which one it is now', async () => {
    const shown = await show(NUMBERS);
    const list = find<HTMLSelectElement>(shown.element, '#caller');
    expect(list.labels[0]?.textContent).to.equal('From');
    await groupedDigits(list);
    expect(list.selectedOptions[0]?.textContent).to.equal('+1 415 555 0142 (automatic)');
    shown.phone.show({ callerNumber: '+14155550143' });
    await settled(shown.element);
    expect(list.selectedOptions[0]?.textContent).to.equal('+1 415 555 0143');
  });

  it('asks the phone for the number that was chosen, or for whichever comes first', async () => {
    const shown = await show(NUMBERS);
    const list = find<HTMLSelectElement>(shown.element, '#caller');
    for (const value of ['+14155550143', '']) {
      list.value = value;
      list.dispatchEvent(new Event('change', { bubbles: true }));
      await settled(shown.element);
    }
    expect(shown.phone.asked.filter(([wish]) => wish === 'chooseCaller')).to.deep.equal([
      ['chooseCaller', '+14155550143'],
      ['chooseCaller', null],
    ]);
  });

  it('comes and goes with the numbers, and leaves the rest of the pad where it is used', async () => {
    const shown = await show(NUMBERS.slice(0, 1));
    expect(choices(shown)).to.deep.equal([]);
    shown.phone.show({ me: { ...AGENT, callerNumbers: NUMBERS } });
    await settled(shown.element);
    expect(choices(shown)).to.have.length(1);
    shown.phone.show({ me: { ...AGENT, callerNumbers: [] } });
    await settled(shown.element);
    expect(choices(shown)).to.deep.equal([]);
    expect(findAll(shown.element, '[part=call-button]')).to.have.length(1);
  });

  it('is not in the bar, which has one row', async () => {
    expect(choices(await show(NUMBERS, { layout: 'bar' }))).to.deep.equal([]);
  });

  it('does not push the Call button out of sight', async () => {
    const shown = await showScene(
      { name: 'caller', snapshot: { ...IDLE, me: { ...AGENT, callerNumbers: NUMBERS } } },
      { widthPx: 340 },
    );
    const stage = find(shown.element, '[part=stage]').getBoundingClientRect();
    expect(find(shown.element, '[part=call-button]').getBoundingClientRect().bottom).to.be.at.most(stage.bottom);
  });
});
