/** Requests to Telnyx' API version 2 over fetch: the key in the header and nowhere else, a time limit, and answers that are parsed. */
import type * as z from 'zod/mini';
import { CarrierError } from './number-carrier.ts';
import { telnyxErrorSchema } from './telnyx-objects.ts';

export const TELNYX_URL = 'https://api.telnyx.com/v2';
/** Shorter than the ten seconds after which the gate gives up on a request. */
const TIMEOUT_MS = 6_000;
/** An answer that does not say how long to wait. */
const RETRY_MS = 5_000;
const MAX_REASON_LENGTH = 200;

export interface TelnyxOptions {
  readonly apiKey: string;
  /** Another address than Telnyx' own: a proxy, a test. */
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
}

export interface TelnyxRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export type TelnyxAnswer =
  /** 2xx. */
  | { readonly kind: 'done'; readonly body: unknown }
  /** 4xx: it did not do it. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  /** 429: it did not do it now. */
  | { readonly kind: 'busy'; readonly retryInMs: number }
  /** 5xx, no answer, or an answer that ends too early: it may have done it. */
  | { readonly kind: 'unknown'; readonly reason: string };

export class TelnyxClient {
  readonly #options: TelnyxOptions;

  constructor(options: TelnyxOptions) {
    this.#options = options;
  }

  async send(request: TelnyxRequest): Promise<TelnyxAnswer> {
    try {
      return await this.#fetch(request);
    } catch (cause) {
      // fetch says "fetch failed", and why one level below.
      const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
      return { kind: 'unknown', reason: reason.slice(0, MAX_REASON_LENGTH) };
    }
  }

  /** For questions, which can simply be asked again. Throws CarrierError. */
  async ask<Schema extends z.ZodMiniType>(request: TelnyxRequest, schema: Schema): Promise<z.output<Schema>> {
    const answer = await this.send(request);
    if (answer.kind === 'done') return parsed(answer.body, schema);
    throw new CarrierError(`Telnyx: ${request.method} ${request.path}: ${reasonOf(answer)}`);
  }

  async #fetch({ method, path, query = {}, body }: TelnyxRequest): Promise<TelnyxAnswer> {
    const url = new URL((this.#options.baseUrl ?? TELNYX_URL) + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.#options.apiKey}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // The key must not follow to wherever a proxy points.
      redirect: 'error',
      signal: AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return { kind: 'done', body: JSON.parse(text) };
    if (response.status === 429) return { kind: 'busy', retryInMs: retryIn(response) };
    const reason = `${response.status} ${reasonIn(text)}`.trim();
    // 408: it gave up waiting for us, or for itself. Whether it did it, it does not say.
    if (response.status >= 500 || response.status === 408) return { kind: 'unknown', reason };
    return { kind: 'refused', status: response.status, reason };
  }
}

/** Throws CarrierError: an answer of another shape than the published one is no answer. */
export function parsed<Schema extends z.ZodMiniType>(body: unknown, schema: Schema): z.output<Schema> {
  const answer = schema.safeParse(body);
  if (answer.success) return answer.data;
  const [issue] = answer.error.issues;
  throw new CarrierError(`Telnyx: an answer that is not understood: ${issue?.path.join('.')} ${issue?.message}`);
}

export function reasonOf(answer: Exclude<TelnyxAnswer, { kind: 'done' }>): string {
  return answer.kind === 'busy' ? 'too many requests' : answer.reason;
}

/** In words of theirs, for logs and the operator; never the request, which has the key. */
function reasonIn(text: string): string {
  try {
    const { errors } = telnyxErrorSchema.parse(JSON.parse(text));
    const words = errors.map(({ code, title, detail }) => [code, detail ?? title].filter(Boolean).join(' '));
    return words.join('; ').slice(0, MAX_REASON_LENGTH);
  } catch {
    // A proxy's page; its status says enough.
    return '';
  }
}

function retryIn(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 60) * 1_000 : RETRY_MS;
}
