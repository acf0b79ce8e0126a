/** Who is signed in, what credit the office has, and what works with it. */
import * as z from 'zod/mini';
import { CREDIT_LEVELS } from './credit-level.ts';
import { amountMicrosSchema, microsSchema } from './rate.ts';
import { ROLES } from './role.ts';

export { HOST_ROLE, mayManageCredit, ROLES, type Role } from './role.ts';

export const meSchema = z.object({
  personId: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  /** Short number under which this widget can be called by the account's other widgets. */
  extension: z.string(),
  account: z.object({ accountId: z.string(), name: z.string() }),
  office: z.object({
    officeId: z.string(),
    name: z.string(),
    country: z.string(),
    timeZone: z.string(),
  }),
  currency: z.string(),
  /** Whether the phone may show money, time or nothing to this person (policy). */
  showBalance: z.enum(['money', 'time', 'none']),
  supportEmail: z.string(),
  /** Names of those who can add credit, for "Asked Dana and Luis". */
  creditAdmins: z.array(z.string()),
  /** True in the demo: play credit may be added, nothing is real money. */
  isDemo: z.boolean(),
  callerNumbers: z.array(z.string()),
});
export type Me = z.output<typeof meSchema>;

/** Short-lived SIP credentials (HMAC of "expiry:person", the TURN REST scheme), minted for one widget. */
export const lineCredentialsSchema = z.object({
  sipUri: z.string(),
  webSocketUrl: z.string(),
  username: z.string(),
  password: z.string(),
  expiresInSeconds: z.int(),
  iceServers: z.array(
    z.object({
      urls: z.array(z.string()),
      username: z.optional(z.string()),
      credential: z.optional(z.string()),
    }),
  ),
});
export type LineCredentials = z.output<typeof lineCredentialsSchema>;

export const balanceSchema = z.object({
  officeId: z.string(),
  walletId: z.string(),
  currency: z.string(),
  /** What the entries add up to; available = balance - held. */
  balanceMicros: microsSchema,
  heldMicros: amountMicrosSchema,
  availableMicros: amountMicrosSchema,
  level: z.enum(CREDIT_LEVELS),
  /** What the available credit gives at the office's usual price; null when unknown. */
  talkSeconds: z.nullable(z.int()),
  heldBy: z.array(
    z.object({
      callId: z.string(),
      agentName: z.string(),
      destination: z.string(),
      heldMicros: amountMicrosSchema,
    }),
  ),
  works: z.object({
    callingOut: z.boolean(),
    receiving: z.boolean(),
    buyingNumbers: z.boolean(),
  }),
  pause: z.nullable(z.object({ sinceMs: z.int(), byName: z.string() })),
  /** Counts up with each change of this wallet; an older one than the one on screen is dropped. */
  version: z.int(),
});
export type Balance = z.output<typeof balanceSchema>;

export const creditRequestIdSchema = z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/));
export const CREDIT_REQUEST_STATES = ['asked', 'seen', 'granted', 'declined'] as const;

/** "Ask for credit": the agent asks, every admin widget of the office shows it, the answer comes back. */
export const creditRequestSchema = z.object({
  requestId: creditRequestIdSchema,
  officeId: z.string(),
  agentId: z.string(),
  agentName: z.string(),
  reason: z.string(),
  askedAtMs: z.int(),
  state: z.enum(CREDIT_REQUEST_STATES),
  answeredByName: z.nullable(z.string()),
  words: z.nullable(z.string()),
  addedMicros: z.nullable(amountMicrosSchema),
});
export type CreditRequest = z.output<typeof creditRequestSchema>;

/** The longest reason or answer, in characters. */
export const MAX_WORDS_LENGTH = 280;
const wordsSchema = z.string().check(z.maxLength(MAX_WORDS_LENGTH));
export const askForCreditSchema = z.object({
  requestId: creditRequestIdSchema,
  reason: wordsSchema,
});
/** addedMicros says how much the admin added by an operation of its own; granting by itself moves no money. */
export const answerCreditRequestSchema = z.object({
  state: z.enum(['seen', 'granted', 'declined']),
  words: z.nullable(wordsSchema),
  addedMicros: z.nullable(amountMicrosSchema),
});

/** Demo only: play credit. The ledger entry is as real as any. */
export const addPlayCreditSchema = z.object({
  creditId: creditRequestIdSchema,
  amountMicros: z.pipe(z.int().check(z.gte(10_000), z.lte(1_000_000_000)), amountMicrosSchema),
});
export const setPauseSchema = z.object({ isPaused: z.boolean() });
