/** What the room of alerts needs from the world; ports.ts has what every phone needs. */
import type { Alert, AlertList, AlertMailKind, AlertSettings } from '../protocol/alert.ts';
import type { OfficeOutcome } from '../protocol/office-problem.ts';

export interface AlertGate {
  /** The same addresses for another office of the account; null is the phone's own. For role company. */
  ofOffice(officeId: string | null): AlertGate;
  alerts(): Promise<OfficeOutcome<AlertList>>;
  putAway(alertId: string): Promise<OfficeOutcome<Alert>>;
  settings(): Promise<OfficeOutcome<AlertSettings>>;
  setMail(kind: AlertMailKind, isOn: boolean): Promise<OfficeOutcome<AlertSettings>>;
  /** An `alert` event of the stream; null when it is none that this widget knows. */
  readAlertEvent(content: unknown): Alert | null;
}
