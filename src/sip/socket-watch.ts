/**
 * Notices a half-dead socket: one that takes what we send and brings nothing back (a switched network, a sleeping laptop). A keep-alive
 * asks every 8 s (RFC 5626 section 3.5.1: CRLF CRLF, answered by CRLF); where the server does not know it, an OPTIONS asks again. No
 * word within 16 s at the worst, and the socket is given up; the browser itself would notice after minutes.
 */
import type { Clock, Unsubscribe } from '../phone/ports.ts';

const ASK_EVERY_MS = 8000;
const ANSWER_WITHIN_MS = 4000;

export interface WatchedSocket {
  sendKeepAlive(): void;
  /** Any request that must be answered, even if by a refusal. */
  sendOptions(): void;
  /** Calls back for everything that arrives. */
  onArrival(listener: () => void): Unsubscribe;
}

export interface SocketWatch {
  /** Asks at once: after `online`, after the tab became visible. */
  askNow(): void;
  stop(): void;
}

export function watchSocket(socket: WatchedSocket, clock: Clock, onDead: () => void): SocketWatch {
  let cancelTimer: Unsubscribe = () => undefined;
  const next = (delayMs: number, step: () => void): void => {
    cancelTimer();
    cancelTimer = clock.after(delayMs, step);
  };
  const ask = (): void => {
    next(ANSWER_WITHIN_MS, askLouder);
    socket.sendKeepAlive();
  };
  const askLouder = (): void => {
    next(ANSWER_WITHIN_MS, onDead);
    socket.sendOptions();
  };
  const stopListening = socket.onArrival(() => next(ASK_EVERY_MS, ask));
  next(ASK_EVERY_MS, ask);
  return {
    askNow: ask,
    stop: () => {
      cancelTimer();
      stopListening();
    },
  };
}
