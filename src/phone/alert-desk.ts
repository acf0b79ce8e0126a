/**
 * The room of alerts: what the admins of the office were told and still holds, and which mails this person gets. Whoever looks at another
 * office sees what that one's admins were told (D-13); the mails are this person's wherever they look.
 */
import type { Alert, AlertSettings } from '../protocol/alert.ts';
import type { OfficeOutcome } from '../protocol/office-problem.ts';
import type { AlertGate } from './alert-ports.ts';
import type { AlertsSnapshot, AlertWish } from './alert-snapshot.ts';
import { assertNever } from './assert-never.ts';
import type { PhoneContext } from './phone-context.ts';
import type { PhoneSnapshot } from './phone-snapshot.ts';
import type { Unsubscribe } from './ports.ts';

/** Another office's alerts have no events here: they are asked for when its credit was, which several things may be reasons for at once. */
const OTHER_OFFICE_PAUSE_MS = 1_000;

export class AlertDesk {
  readonly #context: PhoneContext;
  readonly #gate: AlertGate;
  /** The newest version that was seen of each: answers and events overtake each other. */
  readonly #seen = new Map<string, number>();
  #other: PhoneSnapshot['offices']['other'];
  #cancelLook: Unsubscribe = () => undefined;

  constructor(context: PhoneContext, gate: AlertGate) {
    this.#context = context;
    this.#gate = gate;
    this.#other = context.store.snapshot.offices.other;
    context.store.subscribe(({ offices }) => this.#lookAt(offices.other));
  }

  wish(wish: AlertWish): void {
    switch (wish.type) {
      case 'put_away':
        void this.#putAway(wish.alertId);
        break;
      case 'show_mails':
        void this.#takeMails(this.#gate.settings());
        break;
      case 'set_mail':
        void this.#takeMails(this.#gate.setMail(wish.kind, wish.isOn));
        break;
      default:
        assertNever(wish);
    }
  }

  /** All that hold now. A server that is older than alerts has none. */
  async load(): Promise<void> {
    const officeId = this.#otherId;
    const outcome = await this.#shownGate.alerts();
    // An answer for an office that is not shown any more is not shown either.
    if (officeId !== this.#otherId) return;
    if (!outcome.ok) this.#context.log('The alerts are not known.', { code: outcome.refusal.code });
    else {
      const listed = new Set(outcome.value.alerts.map(({ alertId }) => alertId));
      this.#change({ open: this.#now.open.filter(({ alertId }) => listed.has(alertId)) });
      for (const alert of outcome.value.alerts.toReversed()) this.#take(alert);
    }
  }

  /** An `alert` event of the stream. */
  hear(content: unknown): void {
    const alert = this.#gate.readAlertEvent(content);
    if (alert === null) this.#context.log('The event stream has an alert that this widget does not know.');
    // The stream is that of the phone's own office, whichever is shown.
    else if (this.#other === null) this.#take(alert);
  }

  #lookAt(other: PhoneSnapshot['offices']['other']): void {
    if (other === this.#other) return;
    const isMove = other?.officeId !== this.#otherId;
    this.#other = other;
    this.#cancelLook();
    if (isMove) {
      this.#change({ open: [] });
      void this.load();
    } else {
      this.#cancelLook = this.#context.clock.after(OTHER_OFFICE_PAUSE_MS, () => void this.load());
    }
  }

  get #otherId(): string | undefined {
    return this.#other?.officeId;
  }

  get #shownGate(): AlertGate {
    return this.#other === null ? this.#gate : this.#gate.ofOffice(this.#other.officeId);
  }

  get #now(): AlertsSnapshot {
    return this.#context.store.snapshot.alerts;
  }

  #take(alert: Alert): void {
    const { alertId, version, isOver } = alert;
    if (version < (this.#seen.get(alertId) ?? 0)) return;
    this.#seen.set(alertId, version);
    const others = this.#now.open.filter((other) => other.alertId !== alertId);
    const open = isOver ? others : [alert, ...others].sort((one, other) => other.atMs - one.atMs);
    this.#change({ open });
  }

  /** Gone from this screen at once; it comes back with the next look when the server did not hear of it. */
  async #putAway(alertId: string): Promise<void> {
    this.#change({ open: this.#now.open.filter((alert) => alert.alertId !== alertId) });
    const officeId = this.#otherId;
    const outcome = await this.#shownGate.putAway(alertId);
    if (!outcome.ok) await this.load();
    else if (officeId === this.#otherId) this.#take(outcome.value);
  }

  async #takeMails(asked: Promise<OfficeOutcome<AlertSettings>>): Promise<void> {
    const outcome = await asked;
    this.#change(outcome.ok ? { mails: outcome.value, hasFailed: false } : { hasFailed: true });
  }

  #change(change: Partial<AlertsSnapshot>): void {
    this.#context.store.update({ alerts: { ...this.#now, ...change } });
  }
}
