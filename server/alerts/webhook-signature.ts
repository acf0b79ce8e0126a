/**
 * How the host knows that a webhook is ours: Standard Webhooks 1.0 (standardwebhooks.com), symmetric signatures. What is signed is
 * "id.timestamp.body"; while a secret is changed, each of two signs.
 */
import { createHash, createHmac } from 'node:crypto';

/** "whsec_" and 24 to 64 bytes in base64, as the standard asks. */
const SECRET = /^whsec_([A-Za-z0-9+/]{32,86}={0,2})$/;
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

/** Null when it is no such secret. */
export function webhookKey(secret: string): Buffer | null {
  const key = Buffer.from(SECRET.exec(secret)?.[1] ?? '', 'base64');
  return key.length >= LEAST_BYTES && key.length <= MOST_BYTES ? key : null;
}

export interface SignedMessage {
  readonly id: string;
  readonly atSeconds: number;
  readonly body: string;
}

export function webhookHeaders(message: SignedMessage, keys: readonly Buffer[]): Record<string, string> {
  const { id, atSeconds, body } = message;
  const signed = `${id}.${atSeconds}.${body}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(atSeconds),
    'webhook-signature': keys.map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`).join(' '),
  };
}

const ID_LENGTH = 32;

/** The same in every attempt, and without what an alert's own id tells. */
export function webhookId({ accountId, alertId }: { readonly accountId: string; readonly alertId: string }): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([accountId, alertId]))
    .digest('hex');
  return `msg_${digest.slice(0, ID_LENGTH)}`;
}
