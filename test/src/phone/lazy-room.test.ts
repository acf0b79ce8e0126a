import { describe, expect, test } from 'vitest';
import { LazyRoom } from '../../../src/phone/lazy-room.ts';
import { settled } from '../../support/phone-clock.ts';

describe('a room that is entered when somebody wants something', () => {
  test('is fetched once, and wishes keep their order', async () => {
    let loads = 0;
    const said: string[] = [];
    const room = new LazyRoom(
      async () => {
        loads += 1;
        return said;
      },
      () => undefined,
    );
    expect([room.entered, loads]).toEqual([null, 0]);
    room.use((it) => it.push('first'));
    room.use((it) => it.push('second'));
    await settled();
    room.use((it) => it.push('third'));
    expect([said, loads, room.entered === said]).toEqual([['first', 'second', 'third'], 1, true]);
  });

  test('says that it could not be fetched, drops those wishes, and is fetched again by the next', async () => {
    const causes: unknown[] = [];
    const said: string[] = [];
    let isBroken = true;
    const room = new LazyRoom(
      async () => {
        if (isBroken) throw new Error('no network');
        return said;
      },
      (cause) => causes.push(cause),
    );
    room.use((it) => it.push('lost'));
    await settled();
    isBroken = false;
    room.use((it) => it.push('heard'));
    await settled();
    expect([String(causes), said]).toEqual(['Error: no network', ['heard']]);
  });
});
