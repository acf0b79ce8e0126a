/**
 * Composition root and headless entry: a phone without any element. Importing it does nothing and works in Node; SIP.js and Dexie
 * are loaded when they are first needed.
 *
 *   const phone = connectPhone({ gateUrl: 'https://phone.example.org', token: () => fetchToken() });
 *   phone.subscribe((snapshot) => console.log(snapshot.call?.phase));
 *   phone.dial('600');
 */
import { createGateClient } from './gate/gate-client.ts';
import { createCallerChoice } from './history/caller-choice.ts';
import { createCallHistory } from './history/dexie-history.ts';
import { createPhone, type PhoneLog } from './phone/phone.ts';
import type { Phone } from './phone/phone-snapshot.ts';
import { systemClock } from './phone/system-clock.ts';

export interface ConnectPhoneOptions {
  /** Base address of the gate server. */
  readonly gateUrl: string;
  /** The host page's access token; called again whenever one is needed, so a short-lived one may be returned. */
  readonly token: () => string | Promise<string>;
  /** Registers the line at the start, so that calls come in; otherwise on the first call. Default true. */
  readonly isReachable?: boolean;
  /** For the host page's developers. Default: console.warn. Never gets secrets. */
  readonly log?: PhoneLog;
}

export function connectPhone(options: ConnectPhoneOptions): Phone {
  const log = options.log ?? warnInConsole;
  const clock = systemClock;
  const random = Math.random;
  const server = { gateUrl: options.gateUrl, token: options.token, clock, random, log };
  const gate = createGateClient(server);
  return createPhone(
    {
      gate,
      loadLine: async () => {
        const { createSipLine } = await import('./sip/sip-line.ts');
        return createSipLine({ mintCredentials: () => gate.mintLineCredentials(), clock, random, log });
      },
      history: createCallHistory({ log }),
      loadOwnNumbers: async () => {
        const { createOwnNumbersClient } = await import('./gate/own-numbers-client.ts');
        return createOwnNumbersClient(server);
      },
      callerChoice: createCallerChoice(),
      loadPayments: async () => {
        const [{ createPaymentClient }, { createSessionIntents }] = await Promise.all([
          import('./gate/payment-client.ts'),
          import('./history/session-intents.ts'),
        ]);
        return { gate: createPaymentClient(server), intents: createSessionIntents() };
      },
      loadAlerts: async () => {
        const { createAlertClient } = await import('./gate/alert-client.ts');
        return createAlertClient(server);
      },
      loadStatements: async () => {
        const { createStatementClient } = await import('./gate/statement-client.ts');
        return createStatementClient(server);
      },
      clock,
      random,
      randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      log,
    },
    { isReachable: options.isReachable ?? true },
  );
}

const warnInConsole: PhoneLog = (message, detail) => {
  console.warn(`credit-phone: ${message}`, ...(detail ? [detail] : []));
};
