/** An edge asks whether an extra of a running call may begin, or go on (edge-contract.ts says what it gets). */
import { refusal } from '../../src/protocol/problem.ts';
import type { ExtraAnswer, ExtraRequest } from '../edge/edge-contract.ts';
import { isRunning } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { readCallAtEdge } from './call-rows.ts';

export async function askExtra(
  room: CallRoom,
  request: ExtraRequest & { readonly callId: string },
): Promise<ExtraAnswer> {
  const row = await readCallAtEdge(room.store, request);
  if (row === null) return { decision: 'refuse', refusal: refusal('call_unknown') };
  // With an end, nobody knows whether it still runs; then nothing more begins.
  if (!isRunning(row) || row.endedAtMs !== null) return { decision: 'refuse', refusal: refusal('call_ended') };
  const asked = await room.extras.ask(row, request.extra);
  return asked.ok ? { decision: 'allow', ...asked.value } : { decision: 'refuse', refusal: asked.refusal };
}
