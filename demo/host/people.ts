/** Who can sign in at the demo, and the offices they belong to. */
import type { Role } from '../../src/protocol/account.ts';

export interface Person {
  readonly personId: string;
  readonly name: string;
  readonly title: string;
  readonly officeId: string;
  readonly role: Role;
}

export const ACCOUNT_ID = 'harbour';

export const PEOPLE: readonly Person[] = [
  { personId: 'sam', name: 'Sam Carter', title: 'agent in Hamburg', officeId: 'hamburg', role: 'agent' },
  { personId: 'dana', name: 'Dana Whitfield', title: 'admin in Hamburg', officeId: 'hamburg', role: 'billing' },
  { personId: 'mia', name: 'Mia Torres', title: 'agent in Oakland', officeId: 'oakland', role: 'agent' },
  { personId: 'luis', name: 'Luis Ortega', title: 'admin of all offices', officeId: 'oakland', role: 'company' },
];

export function personById(personId: string): Person | undefined {
  return PEOPLE.find((person) => person.personId === personId);
}
