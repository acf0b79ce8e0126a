/** Metered services put together: what the host asks for, what edges report, and what is done again and again by itself. */
import type { SERVICE_ENDPOINTS } from '../../src/protocol/service-endpoints.ts';
import type { CallExtras } from '../calls/call-extras.ts';
import type { HandlersOf } from '../services.ts';
import { authorizeService, chargeService } from './authorize-service.ts';
import { createCallExtras } from './call-extras.ts';
import { expireServices } from './expire-services.ts';
import type { MeteringRoom } from './metering-room.ts';
import { releaseService, settleService, showCharge } from './settle-service.ts';

export interface MeteringService {
  readonly handlers: HandlersOf<typeof SERVICE_ENDPOINTS>;
  readonly callExtras: CallExtras;
  readonly works: readonly { readonly name: string; readonly everyMs: number; readonly work: () => Promise<void> }[];
}

const EXPIRY_MS = 1_000;

export function createMeteringService(room: MeteringRoom): MeteringService {
  return {
    handlers: {
      chargeService: (identity, input) => chargeService(room, { identity, ...input }),
      authorizeService: (identity, input) => authorizeService(room, { identity, ...input }),
      settleService: (identity, { chargeId, units }) => settleService(room, { identity, chargeId, units }),
      releaseService: (identity, { chargeId }) => releaseService(room, { identity, chargeId }),
      serviceCharge: (identity, { chargeId }) => showCharge(room, { identity, chargeId }),
    },
    callExtras: createCallExtras(room),
    works: [{ name: 'metering/expiry', everyMs: EXPIRY_MS, work: () => expireServices(room) }],
  };
}
