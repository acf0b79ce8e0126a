/** The room of alerts: what the admins of the office were told and still holds, and which mails this person gets. */
import type { Alert, AlertSettings } from '../protocol/alert.ts';
import type { OfficeOutcome } from '../protocol/office-problem.ts';
import type { AlertGate } from './alert-ports.ts';
import type { AlertsSnapshot, AlertWish } from './alert-snapshot.ts';
import { assertNever } from './assert-never.ts';
import type { PhoneContext } from './phone-context.ts';

export class AlertDesk {
  readonly #context: PhoneContext;
  readonly #gate: AlertGate;
  /** The newest version that was seen of each: answers and events overtake each other. */
  readonly #seen = new Map<string, number>();

  constructor(context: PhoneContext, gate: AlertGate) {
    this.#context = context;
    this.#gate = gate;
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
    const outcome = await this.#gate.alerts();
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
    else this.#take(alert);
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
    const outcome = await this.#gate.putAway(alertId);
    if (outcome.ok) this.#take(outcome.value);
    else await this.load();
  }

  async #takeMails(asked: Promise<OfficeOutcome<AlertSettings>>): Promise<void> {
    const outcome = await asked;
    this.#change(outcome.ok ? { mails: outcome.value, hasFailed: false } : { hasFailed: true });
  }

  #change(change: Partial<AlertsSnapshot>): void {
    this.#context.store.update({ alerts: { ...this.#now, ...change } });
  }
}
