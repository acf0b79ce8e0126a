/** Rows that come along with money or by themselves, in every store. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, callRowOf, chargeOf, extendOf, holdOf, numberOwnerRowOf } from '../../support/ledger-operations.ts';
import type { StoreUnderTest } from './store-under-test.ts';

export function describeRows(subject: StoreUnderTest): void {
  const { apply, fund, restart, wallet } = subject;

  describe('rows alongside', () => {
    const insert = (callId: string) => ({ table: 'call', mode: 'insert', row: callRowOf({ callId }) }) as const;
    const owner = (number: string, purchaseId = 'p') =>
      ({ table: 'number_owner', mode: 'insert', row: numberOwnerRowOf(number, { purchaseId }) }) as const;

    beforeEach(async () => {
      await fund(1_000);
    });

    test('are written with the operation', async () => {
      await apply(holdOf(10, { operationId: 'h', alongside: [insert('call-1')] }));
      const row = await subject.store.db.selectFrom('call').selectAll().executeTakeFirstOrThrow();
      expect(row).toEqual(callRowOf({ callId: 'call-1' }));
    });

    test('are not written when the operation is refused', async () => {
      await apply(holdOf(1_001, { operationId: 'h', alongside: [insert('call-1')] }));
      expect(await subject.store.db.selectFrom('call').selectAll().execute()).toEqual([]);
    });

    test('a row that is there already refuses its operation only', async () => {
      const results = await subject.store.applyBatch([
        chargeOf(100, { operationId: 'first', alongside: [owner('+49301', 'first')] }),
        chargeOf(100, { operationId: 'second', alongside: [owner('+49301', 'second')] }),
        chargeOf(100, { operationId: 'third', alongside: [owner('+49302', 'third')] }),
      ]);
      expect(results.map(({ applied }) => applied)).toEqual([true, false, true]);
      expect(results[1]).toMatchObject({ refusal: { code: 'row_conflict', table: 'number_owner' } });
      expect(await wallet()).toMatchObject({ balanceMicros: 800 });
      const owners = await subject.store.db
        .selectFrom('number_owner')
        .select(['number', 'purchaseId'])
        .orderBy('number')
        .execute();
      expect(owners).toEqual([
        { number: '+49301', purchaseId: 'first' },
        { number: '+49302', purchaseId: 'third' },
      ]);
    });

    test('of several rows none is written when the last one is in conflict', async () => {
      await subject.store.writeRows([owner('+49301')]);
      const alongside = [insert('call-1'), owner('+49302'), owner('+49301')];
      expect(await apply(chargeOf(1, { operationId: 'c', alongside }))).toMatchObject({
        refusal: { code: 'row_conflict' },
        wallet: { balanceMicros: 1_000 },
      });
      expect(await subject.store.db.selectFrom('call').selectAll().execute()).toEqual([]);
      expect(await subject.store.db.selectFrom('number_owner').selectAll().execute()).toHaveLength(1);
    });

    test("next_version writes over the version it has seen, and refuses over another's", async () => {
      const write = (version: number, status: string) =>
        ({ table: 'call', mode: 'next_version', row: callRowOf({ callId: 'c', version, status }) }) as const;
      await apply(holdOf(10, { operationId: 'h', alongside: [insert('c')] }));
      expect(
        await apply(extendOf(20, { operationId: 'e1', holdId: 'h', alongside: [write(2, 'ringing')] })),
      ).toMatchObject({ applied: true });
      expect(
        await apply(extendOf(30, { operationId: 'e2', holdId: 'h', alongside: [write(2, 'stale')] })),
      ).toMatchObject({
        applied: false,
        refusal: { code: 'row_conflict', table: 'call' },
        wallet: { heldMicros: 20 },
      });
      const row = await subject.store.db.selectFrom('call').select(['status', 'version']).executeTakeFirstOrThrow();
      expect(row).toEqual({ status: 'ringing', version: 2 });
    });

    test('next_version refuses when the row is not there at all', async () => {
      const row = callRowOf({ callId: 'nobody', version: 2 });
      expect(await subject.store.writeRows([{ table: 'call', mode: 'next_version', row }])).toEqual({
        applied: false,
        conflict: 'call',
      });
    });

    test('a call is written over by its own account only', async () => {
      await subject.store.writeRows([insert('c')]);
      const own = callRowOf({ callId: 'c', version: 2, status: 'ringing' });
      expect(await subject.store.writeRows([{ table: 'call', mode: 'upsert', row: own }])).toMatchObject({
        applied: true,
      });
      const others = { ...own, accountId: 'other', version: 3, status: 'stolen' };
      for (const mode of ['upsert', 'next_version'] as const) {
        expect(await subject.store.writeRows([{ table: 'call', mode, row: others }])).toMatchObject({
          conflict: 'call',
        });
      }
      expect(await subject.store.db.selectFrom('call').selectAll().execute()).toEqual([own]);
    });

    test('a call id is unique over all accounts', async () => {
      await subject.store.writeRows([insert('call-1')]);
      const row = callRowOf({ callId: 'call-1', accountId: 'other' });
      for (const mode of ['insert', 'upsert'] as const) {
        expect(await subject.store.writeRows([{ table: 'call', mode, row }])).toEqual({
          applied: false,
          conflict: 'call',
        });
      }
    });
  });

  describe('rows without money', () => {
    const account = {
      accountId: ACCOUNT,
      name: 'Acme',
      currency: 'USD',
      timeZone: 'Europe/Berlin',
      profile: 'teams',
      isPhoneEnabled: true,
      supportEmail: 'help@example.com',
    };

    test('upsert writes the first time and over it the next', async () => {
      await subject.store.writeRows([{ table: 'account', mode: 'upsert', row: account }]);
      await subject.store.writeRows([{ table: 'account', mode: 'upsert', row: { ...account, isPhoneEnabled: false } }]);
      expect(await subject.store.db.selectFrom('account').selectAll().execute()).toEqual([
        { ...account, isPhoneEnabled: false },
      ]);
    });

    test('an upsert that another unique index forbids is a conflict, for a new row and for one that is there', async () => {
      const person = (personId: string, extension: string) =>
        subject.store.writeRows([
          {
            table: 'person',
            mode: 'upsert',
            row: { ...SAM, personId, extension },
          },
        ]);
      expect(await person('sam', '100')).toMatchObject({ applied: true });
      expect(await person('ada', '100')).toEqual({ applied: false, conflict: 'person' });
      expect(await person('ada', '101')).toMatchObject({ applied: true });
      expect(await person('ada', '100')).toEqual({ applied: false, conflict: 'person' });
      const people = subject.store.db.selectFrom('person').select(['personId', 'extension']).orderBy('personId');
      expect(await people.execute()).toEqual([
        { personId: 'ada', extension: '101' },
        { personId: 'sam', extension: '100' },
      ]);
    });

    test('text is ordered by its bytes, and so are cursors', async () => {
      const names = ['a', 'B', 'ä', '_', '10', '9', 'ab', 'a b', '𝄞', '～'];
      await subject.store.writeRows(
        names.map((personId, index) => ({
          table: 'person',
          mode: 'insert',
          row: { ...SAM, personId, extension: String(index) },
        })),
      );
      const people = subject.store.db.selectFrom('person').select('personId').orderBy('personId');
      const ordered = names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
      expect((await people.execute()).map(({ personId }) => personId)).toEqual(ordered);
      expect((await people.where('personId', '>', 'a').limit(1).execute())[0]).toEqual({ personId: 'a b' });
    });

    test('any text comes back as it was written', async () => {
      const hostile = `'"\\;-- {} [null] $1 %s \u0041 \r\n\t é 𝄞 \u202e </script>`;
      await subject.store.writeRows([{ table: 'account', mode: 'insert', row: { ...account, name: hostile } }]);
      const found = await subject.store.db.selectFrom('account').select('name').executeTakeFirstOrThrow();
      expect(found.name).toBe(hostile);
    });

    test('the largest exact integer comes back to the last digit', async () => {
      const row = { ...callRowOf({ callId: 'long' }), costMicros: Number.MAX_SAFE_INTEGER };
      await subject.store.writeRows([{ table: 'call', mode: 'insert', row }]);
      const found = await subject.store.db.selectFrom('call').select('costMicros').executeTakeFirstOrThrow();
      expect(found.costMicros).toBe(9_007_199_254_740_991);
    });

    test('thousands of writes at once are all done, each with its own answer', async () => {
      const written = await Promise.all(
        Array.from({ length: 1_000 }, (_, index) =>
          subject.store.writeRows([
            { table: 'number_owner', mode: 'insert', row: numberOwnerRowOf(`+49${index % 900}`) },
          ]),
        ),
      );
      expect(written.filter(({ applied }) => applied)).toHaveLength(900);
    });

    test('writes that wait together do not share their conflicts', async () => {
      const write = (accountId: string) =>
        subject.store.writeRows([{ table: 'account', mode: 'insert', row: { ...account, accountId } }]);
      const outcomes = await Promise.all([write('a'), write('a'), write('b')]);
      expect(outcomes.map(({ applied }) => applied)).toEqual([true, false, true]);
    });

    test('writes that wait together do not share their errors, nor do operations that go along', async () => {
      const broken = { ...account, accountId: 'broken', isPhoneEnabled: 'perhaps' as unknown as boolean };
      const write = (row: typeof account) => subject.store.writeRows([{ table: 'account', mode: 'insert', row }]);
      const outcomes = await Promise.allSettled([write(account), write(broken), fund(5)]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await wallet()).toMatchObject({ balanceMicros: 5 });
      expect(await subject.store.db.selectFrom('account').select('accountId').execute()).toEqual([
        { accountId: ACCOUNT },
      ]);
    });

    test('are there after a restart', async () => {
      await subject.store.writeRows([{ table: 'account', mode: 'insert', row: account }]);
      await restart();
      expect(await subject.store.db.selectFrom('account').selectAll().execute()).toEqual([account]);
    });

    test('a query by a flag finds what was written as a flag', async () => {
      await subject.store.writeRows([{ table: 'account', mode: 'insert', row: account }]);
      const enabled = subject.store.db
        .selectFrom('account')
        .select('isPhoneEnabled')
        .where('isPhoneEnabled', '=', true);
      expect(await enabled.execute()).toEqual([{ isPhoneEnabled: true }]);
    });
  });
}

const SAM = {
  accountId: ACCOUNT,
  personId: 'sam',
  officeId: 'berlin',
  name: 'Sam',
  role: 'agent',
  extension: '100',
  licence: null,
  seenAtMs: 1,
};
