/** What every kind of call needs; made once by createPhoneNetwork. */
import type { Clock } from '../../../src/phone/ports.ts';
import type { MediaBackend } from '../media/media-leg.ts';
import type { CallRegister } from '../metering/call-register.ts';
import type { EdgeGate } from '../metering/edge-gate.ts';
import type { MeteredCall } from '../metering/metered-call.ts';
import type { FlowTable } from '../signalling/flow-table.ts';
import type { Registrar } from '../signalling/registrar.ts';
import type { SipEndpoint } from '../signalling/sip-endpoint.ts';

export type Problem = { readonly what: string; readonly cause: string };

export interface Switchboard {
  readonly domain: string;
  readonly edgeId: string;
  readonly clock: Clock;
  readonly gate: EdgeGate;
  readonly media: MediaBackend;
  readonly calls: CallRegister;
  readonly registrar: Registrar;
  readonly flows: FlowTable;
  readonly onKey: (callId: string, key: string) => void;
  readonly onProblem: (problem: Problem) => void;
}

/** Ties a dialog of a user to the endpoint that has it, for as long as the call lives. */
export function carryDialog(
  switchboard: Switchboard,
  { endpoint, call, user, sipCallId }: { endpoint: SipEndpoint; call: MeteredCall; user: string; sipCallId: string },
): void {
  endpoint.carry(call);
  switchboard.flows.own(user, sipCallId, endpoint);
  call.onEnded(() => switchboard.flows.disown(user, sipCallId));
}
