import { describe, expect, test } from 'vitest';
import { watchSocket } from '../../../src/sip/socket-watch.ts';
import { MovingTimers } from '../../demo/phone-network/moving-timers.ts';

class FakeSocket {
  readonly sent: string[] = [];
  listeners = 0;
  arrive: () => void = () => undefined;

  sendKeepAlive(): void {
    this.sent.push('keep-alive');
  }
  sendOptions(): void {
    this.sent.push('OPTIONS');
  }
  onArrival(listener: () => void): () => void {
    this.arrive = listener;
    this.listeners += 1;
    return () => {
      this.listeners -= 1;
    };
  }
}

function watched() {
  const socket = new FakeSocket();
  const clock = new MovingTimers();
  let deaths = 0;
  const watch = watchSocket(socket, clock, () => {
    deaths += 1;
  });
  return { socket, clock, watch, deaths: () => deaths };
}

describe('a half-dead socket', () => {
  test('is noticed within 20 seconds of its last word', () => {
    const { clock, deaths } = watched();
    clock.advance(15_999);
    expect(deaths()).toBe(0);
    clock.advance(1);
    expect(deaths()).toBe(1);
  });

  test('is asked by keep-alive first and by OPTIONS when the server does not know that', () => {
    const { socket, clock, deaths } = watched();
    clock.advance(8000);
    expect(socket.sent).toEqual(['keep-alive']);
    clock.advance(4000);
    expect(socket.sent).toEqual(['keep-alive', 'OPTIONS']);
    socket.arrive();
    clock.advance(7999);
    expect(deaths()).toBe(0);
  });

  test('is asked at once when the network or the tab comes back', () => {
    const { socket, clock, watch, deaths } = watched();
    watch.askNow();
    expect(socket.sent).toEqual(['keep-alive']);
    clock.advance(8000);
    expect(deaths()).toBe(1);
  });
});

test('a socket that talks is never given up', () => {
  const { socket, clock, deaths } = watched();
  for (let i = 0; i < 100; i += 1) {
    clock.advance(8000);
    socket.arrive();
  }
  expect(deaths()).toBe(0);
  expect(socket.sent.every((sent) => sent === 'keep-alive')).toBe(true);
});

test('a watch that was stopped leaves no timer and no listener', () => {
  const { socket, clock, watch, deaths } = watched();
  watch.stop();
  clock.advance(60_000);
  expect([socket.listeners, clock.pending, deaths()]).toEqual([0, 0, 0]);
});
