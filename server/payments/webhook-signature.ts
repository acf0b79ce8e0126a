/** Signs and checks reports of the simulated provider in Stripe's own scheme: "t=<seconds>,v1=<HMAC-SHA256 of 't.body'>". */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import { WEBHOOK_TOLERANCE_SECONDS, type WebhookDelivery } from './payment-provider.ts';

export function signWebhook(body: string, signing: { readonly secret: string; readonly nowMs: number }): string {
  const seconds = Math.floor(signing.nowMs / MILLISECONDS_PER_SECOND);
  return `t=${seconds},v1=${digestOf(body, { seconds, secret: signing.secret }).toString('hex')}`;
}

/** False for a wrong or missing signature, and for one dated more than the tolerance before or after now. */
export function isSigned({ body, signature, nowMs }: WebhookDelivery, secret: string): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature ?? '');
  if (!match) return false;
  const seconds = Number(match[1]);
  if (Math.abs(nowMs / MILLISECONDS_PER_SECOND - seconds) > WEBHOOK_TOLERANCE_SECONDS) return false;
  return timingSafeEqual(Buffer.from(match[2] ?? '', 'hex'), digestOf(body, { seconds, secret }));
}

function digestOf(body: string, { seconds, secret }: { readonly seconds: number; readonly secret: string }): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest();
}
