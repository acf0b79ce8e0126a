import { LitElement, type PropertyDeclarations } from 'lit';
import type { PhoneSnapshot } from '../phone/phone-snapshot.ts';
import { mayManageCredit } from '../protocol/role.ts';
import { type CreditPhoneRequests, type RequestName, requestEvent } from './events.ts';
import type { Texts } from './texts.ts';

/** What the inner elements have in common: a snapshot and texts come in as properties, wishes go out as request events. */
export abstract class PhoneElement extends LitElement {
  static override properties: PropertyDeclarations = {
    snapshot: { attribute: false },
    texts: { attribute: false },
  };

  declare snapshot: PhoneSnapshot;
  declare texts: Texts;

  /** Admins of the office see and do more: the server decides, this only chooses what is drawn (F-05, C-03). */
  protected get isAdmin(): boolean {
    return this.snapshot.me !== null && mayManageCredit(this.snapshot.me.role);
  }

  /** False when the host page has prevented it. */
  protected request<Name extends RequestName>(name: Name, detail: CreditPhoneRequests[Name]): boolean {
    return this.dispatchEvent(requestEvent(name, detail));
  }
}
