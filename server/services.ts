/**
 * What the server can do, apart from HTTP. server/http binds these to addresses; the folders calls, numbers, credit and edge implement
 * them; gate.ts puts them together.
 */
import type * as z from 'zod/mini';
import type { HOST_ROLE, Role } from '../src/protocol/account.ts';
import type { AlertEvent } from '../src/protocol/alert.ts';
import type { ENDPOINTS, EndpointName } from '../src/protocol/endpoints.ts';
import type { ServerEvent } from '../src/protocol/events.ts';
import type { OfficeEndpoint } from '../src/protocol/office-endpoint.ts';
import type { OfficeOutcome } from '../src/protocol/office-problem.ts';
import type { PaymentEvent } from '../src/protocol/payment.ts';
import type { PAYMENT_ENDPOINTS } from '../src/protocol/payment-endpoints.ts';
import type { Outcome } from '../src/protocol/problem.ts';
import type {
  Admission,
  AdmissionRequest,
  CallProgressReport,
  EndedReport,
  ExtraAnswer,
  ExtraRequest,
  ReportAnswer,
} from './edge/edge-contract.ts';

/** Who asks, from a verified access token. */
export interface Identity {
  readonly accountId: string;
  readonly officeId: string;
  readonly personId: string;
  readonly name: string;
  readonly role: Role;
  readonly licence: string | null;
  /** For mail about money, when the host tells it. */
  readonly email?: string;
}

/** The host's backend, by a token of its own. It is nobody in the office: only addresses of role "host" know it. */
export interface HostIdentity extends Pick<Identity, 'accountId' | 'officeId' | 'personId' | 'name'> {
  readonly role: typeof HOST_ROLE;
}

type Fields<Endpoint, Part extends 'query' | 'body'> = Endpoint extends {
  readonly [Key in Part]: infer Schema extends z.ZodMiniType;
}
  ? z.output<Schema>
  : Record<never, never>;

/** Path parameters, query and body in one object: their names never collide. */
type InputOf<Endpoint extends { readonly path: string }> = Fields<Endpoint, 'query'> &
  Fields<Endpoint, 'body'> & {
    readonly [Key in ParameterNames<Endpoint['path']>]: string;
  };

export type EndpointInput<Name extends EndpointName> = InputOf<(typeof ENDPOINTS)[Name]>;

type ParameterNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterNames<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

export type EndpointOutput<Name extends EndpointName> = z.output<(typeof ENDPOINTS)[Name]['response']>;

export type EndpointHandlers = {
  readonly [Name in EndpointName]: (
    identity: Identity,
    input: EndpointInput<Name>,
  ) => Promise<Outcome<EndpointOutput<Name>>>;
};

/** What answers at a table of addresses: one function an address. */
export type HandlersOf<Table extends Readonly<Record<string, OfficeEndpoint>>> = {
  readonly [Name in keyof Table]: (
    identity: Table[Name]['role'] extends typeof HOST_ROLE ? HostIdentity : Identity,
    input: InputOf<Table[Name]>,
  ) => Promise<OfficeOutcome<z.output<Table[Name]['response']>>>;
};

export type PaymentHandlers = HandlersOf<typeof PAYMENT_ENDPOINTS>;

/** What widgets of an office can hear: what every widget knows, and what the billing panel knows. */
export type OfficeEvent = ServerEvent | PaymentEvent | AlertEvent;

export interface EdgeService {
  admit(request: AdmissionRequest): Promise<Admission>;
  ringing(callId: string, report: CallProgressReport): Promise<ReportAnswer>;
  answered(callId: string, report: CallProgressReport): Promise<ReportAnswer>;
  extra(callId: string, request: ExtraRequest): Promise<ExtraAnswer>;
  ended(callId: string, report: EndedReport): Promise<ReportAnswer>;
}

/** Who may see an event. `personId` narrows it to one person and the office's admins; null is everybody in the office. */
export interface Audience {
  readonly accountId: string;
  readonly officeId: string;
  readonly personId: string | null;
}

/** Tells every open widget. Never throws, never waits: the money is already moved. */
export interface EventPublisher {
  publish(audience: Audience, event: OfficeEvent): void;
  /** False when no widget of the office is open now: an event that is costly to make need not be. Left out: it is not known. */
  isHeard?(office: Pick<Audience, 'accountId' | 'officeId'>): boolean;
  /** Tells other servers to look at the office's balance for their own widgets. */
  balanceChanged?(office: Pick<Audience, 'accountId' | 'officeId'>): void;
  /** Tells other servers to forget what they keep of the account and its offices. */
  officesChanged?(account: Pick<Audience, 'accountId'>): void;
}

/** Server time in ms since 1970; the only clock that money knows. */
export interface ServerClock {
  nowMs(): number;
}

/** Calls back once after the delay; the returned function cancels it. */
export type After = (delayMs: number, callback: () => void) => () => void;
