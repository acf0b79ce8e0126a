/** What a SIP edge asks and reports (edge-contract.ts). Everything is idempotent: an edge repeats until it is answered. */
import type { EdgeService } from '../services.ts';
import { admitInbound } from './admit-inbound.ts';
import { admitOutbound } from './admit-outbound.ts';
import { askExtra } from './ask-extra.ts';
import type { CallRoom } from './call-room.ts';
import { reportAnswered, reportEnded, reportRinging } from './report-call.ts';

export function createEdgeService(room: CallRoom): EdgeService {
  return {
    admit: (request) => (request.direction === 'outbound' ? admitOutbound(room, request) : admitInbound(room, request)),
    ringing: (callId, report) => reportRinging(room, { callId, ...report }),
    answered: (callId, report) => reportAnswered(room, { callId, ...report }),
    extra: (callId, request) => askExtra(room, { callId, ...request }),
    ended: (callId, report) => reportEnded(room, { callId, ...report }),
  };
}
