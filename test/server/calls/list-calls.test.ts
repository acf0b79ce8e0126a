import { afterEach, beforeEach, expect, test } from 'vitest';
import { CALL_PAGE_SIZE } from '../../../server/calls/list-calls.ts';
import type { Identity } from '../../../server/services.ts';
import { ANN, codeOf, DANA, ECHO, granted, KIM, LUIS, OfficeRig, SAM, STRANGER } from '../../support/office-rig.ts';

let rig: OfficeRig;
beforeEach(async () => {
  rig = await OfficeRig.open();
});
afterEach(async () => {
  await rig.close();
});

async function calledBy(identity: Identity): Promise<string> {
  const { callId } = granted(await rig.authorize(ECHO, { identity }));
  granted(await rig.services.handlers.releaseCall(identity, { callId }));
  return callId;
}

test('an agent sees its own calls, billing those of the office, company those of every office, a stranger none', async () => {
  const [sam, kim, ann] = [await calledBy(SAM), await calledBy(KIM), await calledBy(ANN)];
  const seen = async (identity: Identity) =>
    granted(await rig.services.handlers.calls(identity, {})).calls.map(({ callId }) => callId);
  expect(await seen(SAM)).toEqual([sam]);
  expect(new Set(await seen(DANA))).toEqual(new Set([sam, kim]));
  expect(new Set(await seen(LUIS))).toEqual(new Set([sam, kim, ann]));
  expect(await seen(STRANGER)).toEqual([]);
  for (const identity of [SAM, DANA, LUIS]) {
    expect(granted(await rig.services.handlers.call(identity, { callId: sam })).callId).toBe(sam);
  }
  for (const identity of [KIM, ANN, STRANGER]) {
    expect(codeOf(await rig.services.handlers.call(identity, { callId: sam }))).toBe('call_unknown');
  }
});

test('are turned page by page, newest first, without gaps or repeats, also in one millisecond and with some that run', async () => {
  const made: string[] = [];
  for (let index = 0; index < CALL_PAGE_SIZE * 2 + 5; index += 1) {
    const isRunning = [0, CALL_PAGE_SIZE, CALL_PAGE_SIZE + 5].includes(index);
    made.push(isRunning ? granted(await rig.authorize(ECHO, { identity: SAM })).callId : await calledBy(SAM));
    if (index % 4 === 0) rig.clock.advance(1);
  }
  const seen: { callId: string; startedAtMs: number }[] = [];
  let cursor: string | undefined;
  do {
    const page = granted(await rig.services.handlers.calls(SAM, cursor === undefined ? {} : { cursor }));
    seen.push(...page.calls);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen.map(({ callId }) => callId).toSorted()).toEqual(made.toSorted());
  expect(seen.map(({ startedAtMs }) => startedAtMs)).toEqual(
    seen.map(({ startedAtMs }) => startedAtMs).toSorted((first, second) => second - first),
  );
});

test('a cursor that is none of ours begins at the newest call', async () => {
  const callId = await calledBy(SAM);
  const { calls } = granted(await rig.services.handlers.calls(SAM, { cursor: "' OR 1=1 --" }));
  expect(calls.map((call) => call.callId)).toEqual([callId]);
});
