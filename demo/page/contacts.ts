/** People to call. Every number is from a range that its country keeps free for films and examples. */

export interface Contact {
  readonly name: string;
  readonly role: string;
  readonly company: string;
  readonly number: string;
  readonly shown: string;
  readonly city: string;
  readonly lastContact: string;
}

export const CONTACTS: readonly Contact[] = [
  {
    name: 'Ada Meyer',
    role: 'Head of purchasing',
    company: 'Nordlicht Werkzeuge',
    number: '+491713920031',
    shown: '+49 171 3920031',
    city: 'Hamburg',
    lastContact: 'Asked for a new quote on Tuesday',
  },
  {
    name: 'Tom Okafor',
    role: 'Store manager',
    company: 'Bramley & Sons',
    number: '+442079460958',
    shown: '+44 20 7946 0958',
    city: 'London',
    lastContact: 'Delivery was two days late',
  },
  {
    name: 'Grace Lindqvist',
    role: 'Operations',
    company: 'Pier 14 Coffee',
    number: '+14155550142',
    shown: '+1 415 555 0142',
    city: 'San Francisco',
    lastContact: 'Wants a call back after lunch',
  },
  {
    name: 'Camille Roux',
    role: 'Architect',
    company: 'Atelier Roux',
    number: '+33639980142',
    shown: '+33 6 39 98 01 42',
    city: 'Lyon',
    lastContact: 'New lead from the trade fair',
  },
];

export interface NumberToTry {
  readonly number: string;
  readonly what: string;
}

export const NUMBERS_TO_TRY: readonly NumberToTry[] = [
  { number: '600', what: 'Echo: you hear yourself' },
  { number: '601', what: 'A melody; *1 records it' },
  { number: '602', what: 'Busy' },
  { number: '603', what: 'Nobody answers' },
  { number: '604', what: 'Declines' },
  { number: '605', what: 'Rings, then answers' },
  { number: '606', what: 'Hangs up after 20 s' },
  { number: '607', what: 'Calls you back' },
];

/** The first two who sign in get these; whoever is one of them calls the other. */
const EXTENSIONS = ['201', '202'] as const;

export function otherWidget(ownExtension: string | null): NumberToTry {
  const number = EXTENSIONS.find((extension) => extension !== ownExtension) ?? EXTENSIONS[0];
  return { number, what: 'Another person, in another window' };
}
