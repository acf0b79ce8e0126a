import { describe, expect, test } from 'vitest';
import { createCallerChoice } from '../../../src/history/caller-choice.ts';
import type { OwnNumbersGate } from '../../../src/phone/own-numbers-ports.ts';
import type { OfficeOutcome } from '../../../src/protocol/office-problem.ts';
import type { OwnNumber, OwnNumberPage } from '../../../src/protocol/owned-number.ts';
import { granted, refusal } from '../../../src/protocol/problem.ts';
import { FULL_OWN_NUMBERS, HELD_NUMBER, LATE_NUMBER, OWN_NUMBER } from '../../support/own-number-scenes.ts';
import { settled } from '../../support/phone-clock.ts';
import { phoneRig } from '../../support/phone-fakes.ts';
import { sampleAuthorization, sampleBalance, sampleMe } from '../../support/phone-samples.ts';

const PAGE: OwnNumberPage = {
  numbers: [OWN_NUMBER, HELD_NUMBER],
  nextCursor: null,
  rent: FULL_OWN_NUMBERS.rent,
  offices: [...FULL_OWN_NUMBERS.offices],
  people: [...FULL_OWN_NUMBERS.people],
};
const UNAVAILABLE = { ok: false, refusal: refusal('unavailable') } as const;

class FakeOwnNumbers implements OwnNumbersGate {
  readonly changes: { readonly verb: string; readonly number: string; readonly body: object }[] = [];
  looks = 0;
  page: (cursor: string | null) => OfficeOutcome<OwnNumberPage> = () => ({ ok: true, value: PAGE });
  answer: OfficeOutcome<OwnNumber> = { ok: true, value: { ...HELD_NUMBER, state: 'active' } };

  async ownNumbers(cursor: string | null) {
    this.looks += 1;
    return this.page(cursor);
  }
  readonly release = this.#change('release');
  readonly restore = this.#change('restore');
  readonly assign = this.#change('assign');

  #change(verb: string) {
    return async (number: string, body: object) => {
      this.changes.push({ verb, number, body });
      return this.answer;
    };
  }
}

async function openRig() {
  const gate = new FakeOwnNumbers();
  const rig = await phoneRig({ loadOwnNumbers: async () => gate });
  const list = () => {
    const { ownNumbers } = rig.phone.snapshot;
    if (ownNumbers.state !== 'full') throw new Error(`The list is ${ownNumbers.state}`);
    return ownNumbers;
  };
  rig.phone.askOwnNumbers({ type: 'open' });
  await until(() => rig.phone.snapshot.ownNumbers.state !== 'unopened' && gate.looks > 0);
  return { ...rig, own: gate, list };
}

async function until(isSo: () => boolean): Promise<void> {
  // The room's code is fetched first, which takes as long as it takes.
  for (let turn = 0; turn < 2_000 && !isSo(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  await settled();
}

describe('own numbers', () => {
  test('are asked for when somebody opens the list, and not before', async () => {
    const gate = new FakeOwnNumbers();
    const { phone } = await phoneRig({ loadOwnNumbers: async () => gate });
    await settled();
    expect([gate.looks, phone.snapshot.ownNumbers.state]).toEqual([0, 'unopened']);
    const opened = await openRig();
    expect(opened.list()).toMatchObject({ numbers: PAGE.numbers, rent: PAGE.rent, isMoreThere: false, changing: null });
  });

  test('a server that cannot be asked is shown as such; the next try fills the list', async () => {
    const gate = new FakeOwnNumbers();
    gate.page = () => UNAVAILABLE;
    const { phone } = await phoneRig({ loadOwnNumbers: async () => gate });
    phone.askOwnNumbers({ type: 'open' });
    await until(() => phone.snapshot.ownNumbers.state === 'failed');
    expect(phone.snapshot.ownNumbers).toMatchObject({ state: 'failed', refusal: { code: 'unavailable' } });
    gate.page = () => ({ ok: true, value: PAGE });
    phone.askOwnNumbers({ type: 'open' });
    await until(() => phone.snapshot.ownNumbers.state === 'full');
    expect(phone.snapshot.ownNumbers.state).toBe('full');
  });

  test('an event, or another balance, is a reason to ask again, once for several of them', async () => {
    const { own, gate, clock, list } = await openRig();
    own.page = () => ({ ok: true, value: { ...PAGE, numbers: [LATE_NUMBER] } });
    gate.say({ type: 'own_numbers', officeId: 'berlin' });
    gate.say({ type: 'own_numbers', officeId: 'berlin' });
    gate.say({ type: 'balance', balance: sampleBalance({ version: 9 }) });
    await settled();
    clock.advance(200);
    await until(() => own.looks === 2);
    expect([own.looks, list().numbers]).toEqual([2, [LATE_NUMBER]]);
  });

  test('what is there stays when a later look fails', async () => {
    const { own, gate, clock, list } = await openRig();
    own.page = () => UNAVAILABLE;
    gate.say({ type: 'own_numbers', officeId: 'berlin' });
    clock.advance(200);
    await until(() => own.looks === 2);
    expect(list().numbers).toEqual(PAGE.numbers);
  });

  test('more are read page by page, and all of them again after a change', async () => {
    const { own, phone, list } = await openRig();
    own.page = (cursor) => ({
      ok: true,
      value:
        cursor === null ? { ...PAGE, numbers: [OWN_NUMBER], nextCursor: 'next' } : { ...PAGE, numbers: [LATE_NUMBER] },
    });
    phone.askOwnNumbers({ type: 'more' });
    await until(() => own.looks === 3);
    expect(list().numbers).toEqual([OWN_NUMBER, LATE_NUMBER]);
  });

  test('a restoration whose answer was lost is asked for again with the same id, so that it is paid once', async () => {
    const { own, phone, list } = await openRig();
    const { number } = HELD_NUMBER;
    own.answer = UNAVAILABLE;
    phone.askOwnNumbers({ type: 'restore', number });
    await until(() => list().refused !== null);
    expect(list()).toMatchObject({ changing: null, refused: { number, refusal: { code: 'unavailable' } } });
    own.answer = { ok: true, value: { ...HELD_NUMBER, state: 'active' } };
    phone.askOwnNumbers({ type: 'restore', number });
    await until(() => list().refused === null && own.changes.length === 2);
    phone.askOwnNumbers({ type: 'restore', number });
    await until(() => own.changes.length === 3);
    const ids = own.changes.map(({ body }) => (body as { readonly changeId: string }).changeId);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[1]);
  });

  test('one change at a time; a release says the number once more', async () => {
    const { own, phone } = await openRig();
    phone.askOwnNumbers({ type: 'release', number: OWN_NUMBER.number });
    phone.askOwnNumbers({ type: 'restore', number: HELD_NUMBER.number });
    await settled();
    expect(own.changes).toMatchObject([{ verb: 'release', body: { confirmedNumber: OWN_NUMBER.number } }]);
  });

  test('an assignment is sent as it was chosen', async () => {
    const { own, phone } = await openRig();
    phone.askOwnNumbers({ type: 'assign', number: OWN_NUMBER.number, officeId: 'lisbon', personId: 'mia' });
    await settled();
    expect(own.changes).toEqual([
      { verb: 'assign', number: OWN_NUMBER.number, body: { officeId: 'lisbon', personId: 'mia' } },
    ]);
  });
});

describe('the number that calls show', () => {
  const MINE = ['+4930111', '+4930222'];

  async function calledAs(stored: string | null, then?: (rig: Awaited<ReturnType<typeof phoneRig>>) => Promise<void>) {
    const choice = createCallerChoice(() => {
      throw new Error('No storage here');
    });
    choice.write('sam', stored);
    const shown: (string | null)[] = [];
    const rig = await phoneRig({
      callerChoice: choice,
      prepare: ({ gate }) => {
        gate.me = async () => granted(sampleMe({ personId: 'sam', callerNumbers: MINE }));
        gate.authorizeCall = async (callId, { callerNumber }) => {
          shown.push(callerNumber);
          return granted(sampleAuthorization(callId));
        };
      },
    });
    await then?.(rig);
    rig.phone.dial('+4915123456789');
    await settled();
    return { shown, choice, phone: rig.phone };
  }

  test('is the one that was chosen in this browser', async () => {
    expect((await calledAs('+4930222')).shown).toEqual(['+4930222']);
  });

  test('is left to the server when nothing was chosen, or what was chosen may not be shown any more', async () => {
    expect((await calledAs(null)).shown).toEqual([null]);
    expect((await calledAs('+4930999')).shown).toEqual([null]);
  });

  test('is remembered when it is chosen, and forgotten with the choice', async () => {
    const chosen = await calledAs(null, async ({ phone }) => phone.chooseCaller('+4930222'));
    expect([chosen.shown, chosen.choice.read('sam')]).toEqual([['+4930222'], '+4930222']);
    chosen.phone.chooseCaller(null);
    expect([chosen.phone.snapshot.callerNumber, chosen.choice.read('sam')]).toEqual([null, null]);
  });

  test('is no other than one of those that the server names', async () => {
    expect((await calledAs(null, async ({ phone }) => phone.chooseCaller('+4930999'))).shown).toEqual([null]);
  });

  test('is another one as soon as it was assigned to somebody else', async () => {
    const { shown } = await calledAs('+4930222', async ({ gate }) => {
      gate.me = async () => granted(sampleMe({ personId: 'sam', callerNumbers: ['+4930111'] }));
      gate.say({ type: 'own_numbers', officeId: 'berlin' });
      await settled();
    });
    expect(shown).toEqual([null]);
  });
});

describe('where the choice is kept', () => {
  test('by person, in the storage of the browser', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => void kept.set(key, text),
      removeItem: (key: string) => void kept.delete(key),
    } as unknown as Storage;
    const choice = createCallerChoice(() => storage);
    choice.write('sam', '+4930111');
    expect([choice.read('sam'), choice.read('kim'), kept.size]).toEqual(['+4930111', null, 1]);
    choice.write('sam', null);
    expect([choice.read('sam'), kept.size]).toEqual([null, 0]);
  });
});
