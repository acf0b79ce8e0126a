/** The office whose credit the Credit tab shows: the phone's own, or another one that was chosen (D-13). */
import type { PhoneSnapshot } from '../phone/phone-snapshot.ts';
import type { Balance } from '../protocol/account.ts';

export function shownBalance({ balance, offices }: PhoneSnapshot): Balance | null {
  return offices.other === null ? balance : offices.other.balance;
}

export function shownOfficeName({ me, offices }: PhoneSnapshot): string {
  return offices.other?.name ?? me?.office.name ?? '';
}
