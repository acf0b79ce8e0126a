/**
 * The contract between the gate server and a SIP edge (DESIGN.md section 7). An edge is whatever routes the INVITE: the embedded
 * phone network of the demo, later Kamailio. Both directions are HTTP with JSON, authenticated by a shared secret
 * (Authorization: Bearer), and idempotent: an edge repeats a report until it is acknowledged.
 *
 *   edge -> server   POST /edge/v1/admissions              may this INVITE pass (outbound grant, or inbound call)?
 *                    POST /edge/v1/calls/:callId/ringing
 *                    POST /edge/v1/calls/:callId/answered  the lease runs from here
 *                    POST /edge/v1/calls/:callId/extras    may this extra begin, or go on (recording, transfer, conference leg, barge)?
 *                    POST /edge/v1/calls/:callId/ended     the duration that is charged, and what of the extras was used
 *   server -> edge   PUT  {edge}/calls/:callId/lease       another number of seconds, counted from the answer
 *                    PUT  {edge}/leases                    the same for several calls at once
 *                    POST {edge}/calls/:callId/end         BYE to both legs
 *
 * The edge owns the clock of the call: it cuts both legs when the lease ends, whatever server and widget do. A command's answer tells
 * that the call lives; 404 tells that it does not. An edge need not know the list of leases: where it answers 404 or 405 to it, or with
 * anything that is no answer to it, it is told one lease at a time.
 */
import * as z from 'zod/mini';
import { callIdSchema, END_REASONS } from '../../src/protocol/call.ts';
import { MAX_CALL_SECONDS } from '../../src/protocol/duration.ts';
import { officeRefusalSchema } from '../../src/protocol/office-problem.ts';
import { refusalSchema } from '../../src/protocol/problem.ts';
import { MAX_SERVICE_UNITS, serviceKindSchema } from '../../src/protocol/service.ts';

/** Says where the server has the call: its data is spread by account, so nothing is looked for by call id alone. */
const accountIdSchema = z.string().check(z.minLength(1), z.maxLength(128));
const edgeIdSchema = z.string().check(z.regex(/^[a-z0-9-]{1,32}$/));
const sipCallIdSchema = z.string().check(z.minLength(1), z.maxLength(256));
const sipUserSchema = z.string().check(z.minLength(1), z.maxLength(128));

export const admissionRequestSchema = z.discriminatedUnion('direction', [
  z.object({
    direction: z.literal('outbound'),
    edgeId: edgeIdSchema,
    /** SIP Call-ID of the INVITE: the same one again gets the same answer, another one with the same grant is refused. */
    sipCallId: sipCallIdSchema,
    /** The authenticated SIP user (personId of the caller). */
    callerUser: sipUserSchema,
    /** User part of the Request-URI. */
    calledNumber: z.string().check(z.maxLength(64)),
    /** X-Call-Grant, null when the INVITE has none. */
    grant: z.nullable(z.string().check(z.maxLength(4096))),
  }),
  z.object({
    direction: z.literal('inbound'),
    edgeId: edgeIdSchema,
    sipCallId: sipCallIdSchema,
    callerNumber: z.string().check(z.maxLength(64)),
    /** The SIP user (personId) that is to ring, and the number that was called (null for a call to the extension). */
    calledUser: sipUserSchema,
    calledNumber: z.nullable(z.string().check(z.maxLength(64))),
  }),
]);
export type AdmissionRequest = z.output<typeof admissionRequestSchema>;

export const admissionSchema = z.discriminatedUnion('decision', [
  z.object({
    decision: z.literal('allow'),
    /** Comes back with every report of this call, and with every command about it. Call ids are unique within an account only. */
    accountId: accountIdSchema,
    callId: callIdSchema,
    /** Seconds of talk from the answer on; the edge ends the call then unless the lease was lengthened. */
    leaseSeconds: z.int(),
    /** The edge gives up ringing after so long. */
    ringSeconds: z.int(),
    /** What to show to the called side. */
    callerNumber: z.nullable(z.string()),
    callerName: z.nullable(z.string()),
    /** SIP user (personId) when the destination is a widget of the same account; null for the network's own numbers. */
    routeToUser: z.nullable(z.string()),
  }),
  z.object({
    decision: z.literal('refuse'),
    refusal: refusalSchema,
    /** SIP status: 402 for everything about credit and grants, 403 paused or blocked, 503 when the server cannot decide. */
    sipStatus: z.int(),
    /** Reason phrase: readable, without line breaks or quotes. */
    reasonPhrase: z.string(),
  }),
]);
export type Admission = z.output<typeof admissionSchema>;

/** How long ago it happened, by the edge's own clock: a report that is repeated later grows older, so clocks need not agree. */
const happenedAgoMsSchema = z.int().check(z.gte(0), z.lte(7 * 24 * 3600 * 1000));

/** A report that names another account than the call's is answered as one about a call that is over. */
export const ringingReportSchema = z.object({
  accountId: accountIdSchema,
  edgeId: edgeIdSchema,
  happenedAgoMs: happenedAgoMsSchema,
});
export const answeredReportSchema = z.object({
  accountId: accountIdSchema,
  edgeId: edgeIdSchema,
  happenedAgoMs: happenedAgoMsSchema,
});
/** Kinds are those of the policy; one that it does not know is written into the log and costs nothing. */
export const callExtraSchema = z.union([
  z.strictObject({ kind: serviceKindSchema, units: z.int().check(z.gte(1), z.lte(MAX_SERVICE_UNITS)) }),
  z.strictObject({ kind: serviceKindSchema, durationSeconds: z.int().check(z.gte(0), z.lte(MAX_CALL_SECONDS)) }),
]);
export type CallExtra = z.output<typeof callExtraSchema>;
const MAX_CALL_EXTRAS = 32;

/**
 * Asked before an extra begins, and again before it goes on beyond what was allowed: how much of this kind the call will have had in all,
 * from its answer on. That is paid for in full or refused, so an extra that was asked for is never short, and the call's leases are cut
 * from what it leaves. The same question again has the same answer. An extra that is refused does not begin, or ends where it is.
 *
 * "ended" then says what was used: less is given back; a kind that it leaves out was not used; an end without any `extras`, or none at all,
 * and all that was allowed counts as used. What it says beyond what was allowed, or without having asked, is charged as far as there is
 * credit, the rest is written down as short (and nobody pays it): who wants to be paid asks first.
 */
export const extraRequestSchema = z.object({
  accountId: accountIdSchema,
  edgeId: edgeIdSchema,
  extra: callExtraSchema,
});
export type ExtraRequest = z.output<typeof extraRequestSchema>;
export const extraAnswerSchema = z.discriminatedUnion('decision', [
  /** `units` of the kind's own unit ("minute", "event") are paid for, in all. */
  z.object({ decision: z.literal('allow'), units: z.int(), unit: z.string() }),
  z.object({ decision: z.literal('refuse'), refusal: z.union([refusalSchema, officeRefusalSchema]) }),
]);
export type ExtraAnswer = z.output<typeof extraAnswerSchema>;

export const endedReportSchema = z.object({
  accountId: accountIdSchema,
  edgeId: edgeIdSchema,
  happenedAgoMs: happenedAgoMsSchema,
  /** Measured from answer to end; null when the call was never answered. */
  durationMs: z.nullable(z.int().check(z.gte(0))),
  reason: z.enum(END_REASONS),
  /** What the call had besides the talk (F-07); charged once, however often it is reported. */
  extras: z.optional(z.array(callExtraSchema).check(z.maxLength(MAX_CALL_EXTRAS))),
});
/** `leaseSeconds` repeats what the server believes now, so that an edge that missed a command catches up. */
export const reportAnswerSchema = z.object({
  leaseSeconds: z.nullable(z.int()),
  isOver: z.boolean(),
});
/** Every report's own words; "ended" has more. */
export type CallProgressReport = z.output<typeof answeredReportSchema>;
export type ReportAnswer = z.output<typeof reportAnswerSchema>;
export type EndedReport = z.output<typeof endedReportSchema>;

/** The edge does not know a call of this id in another account: 404. */
export const leaseCommandSchema = z.object({
  accountId: accountIdSchema,
  leaseSeconds: z.int(),
  isFinal: z.boolean(),
});
export type LeaseCommand = Omit<z.output<typeof leaseCommandSchema>, 'accountId'>;

/** Leases in one list at most; an edge takes a body of 64 KiB. */
export const MAX_LEASES_TOGETHER = 100;
/** Each of them means what it would mean by itself; carried out in this order. */
export const leaseListSchema = z.object({
  leases: z
    .array(z.object({ ...leaseCommandSchema.shape, callId: callIdSchema }))
    .check(z.minLength(1), z.maxLength(MAX_LEASES_TOGETHER)),
});
export type LeaseList = z.output<typeof leaseListSchema>;

export const endCommandSchema = z.object({
  accountId: accountIdSchema,
  reason: z.enum(END_REASONS),
  text: z.string(),
});
export type EndCommand = Omit<z.output<typeof endCommandSchema>, 'accountId'>;
/** Answer to a command: the call as the edge has it. */
export const edgeCallSchema = z.object({
  callId: callIdSchema,
  state: z.enum(['ringing', 'answered']),
  elapsedMs: z.nullable(z.int()),
  leaseSeconds: z.int(),
});
export type EdgeCall = z.output<typeof edgeCallSchema>;
/** As many as there were leases, in their order; null where the edge does not know the call. */
export const leaseListAnswerSchema = z.object({ calls: z.array(z.nullable(edgeCallSchema)) });
export type LeaseListAnswer = z.output<typeof leaseListAnswerSchema>;

export const EDGE_PATHS = {
  admissions: '/edge/v1/admissions',
  ringing: '/edge/v1/calls/:callId/ringing',
  answered: '/edge/v1/calls/:callId/answered',
  ended: '/edge/v1/calls/:callId/ended',
  extras: '/edge/v1/calls/:callId/extras',
} as const;
/** Below the base address that the operator configured for an edge. */
export const EDGE_COMMAND_PATHS = {
  lease: '/calls/:callId/lease',
  leases: '/leases',
  end: '/calls/:callId/end',
} as const;

/** Commands as the server sees them; http-edge-commands.ts carries them out. */
export interface EdgeCommands {
  /** 'gone': the edge does not know the call (any more). 'unreachable': nobody answered; the lease runs out by itself. */
  setLease(target: CallAtEdge, command: LeaseCommand): Promise<EdgeCommandOutcome>;
  end(target: CallAtEdge, command: EndCommand): Promise<EdgeCommandOutcome>;
}
export interface CallAtEdge {
  readonly edgeId: string;
  readonly accountId: string;
  readonly callId: string;
}
export type EdgeCommandOutcome =
  | { readonly outcome: 'done'; readonly call: EdgeCall }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'unreachable'; readonly cause: string };
