/** What the SIP line is able to do, from its own reports. */
import type { PhoneSnapshot } from './phone-snapshot.ts';
import type { LineEvent } from './ports.ts';

export type LineState = Pick<PhoneSnapshot, 'lineStatus' | 'lineFault' | 'isSoundBlocked'>;

/** The facts of the line that an event changes; those about one call are the call machine's. */
export function lineChanges(event: LineEvent): Partial<LineState> {
  switch (event.type) {
    case 'line_status':
      return { lineStatus: event.status, lineFault: event.fault };
    case 'sound':
      return { isSoundBlocked: event.isBlocked };
    default:
      return {};
  }
}
