import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Phone, PhoneSnapshot } from '../phone/phone-snapshot.ts';

/** Follows one phone while its host is in the page, and lets the host draw each new snapshot. */
export class PhoneController implements ReactiveController {
  #phone: Phone | null = null;
  #unsubscribe: (() => void) | null = null;
  readonly #host: ReactiveControllerHost;
  readonly #onSnapshot: (snapshot: PhoneSnapshot) => void;

  constructor(host: ReactiveControllerHost, onSnapshot: (snapshot: PhoneSnapshot) => void) {
    this.#host = host;
    this.#onSnapshot = onSnapshot;
    host.addController(this);
  }

  get phone(): Phone | null {
    return this.#phone;
  }

  /** Follows another phone, or none. The former one is left as it is: who made it ends it. */
  follow(phone: Phone | null): void {
    if (phone === this.#phone) return;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#phone = phone;
    if (phone) this.#subscribe(phone);
    this.#host.requestUpdate();
  }

  hostConnected(): void {
    if (this.#phone) this.#subscribe(this.#phone);
  }

  #subscribe(phone: Phone): void {
    this.#unsubscribe ??= phone.subscribe((snapshot) => {
      this.#onSnapshot(snapshot);
      this.#host.requestUpdate();
    });
    this.#onSnapshot(phone.snapshot);
  }
}
