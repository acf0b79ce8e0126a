/** Who may import whom: the table of README's design section. Change it in a commit of its own, with the reason. */

export interface Room {
  readonly mayImport: readonly string[];
  readonly thirdParty: readonly string[];
}

/** The longest matching path wins. A path in `mayImport` allows that file or folder. */
export const ROOMS: Readonly<Record<string, Room>> = {
  'src/protocol': { mayImport: ['src/protocol'], thirdParty: ['zod/mini'] },
  'src/phone': { mayImport: ['src/phone', 'src/protocol'], thirdParty: [] },
  'src/sip': {
    mayImport: ['src/sip', 'src/phone/ports.ts', 'src/phone/reconnect-policy.ts', 'src/protocol'],
    thirdParty: ['sip.js'],
  },
  'src/gate': {
    mayImport: [
      'src/gate',
      'src/phone/alert-ports.ts',
      'src/phone/ports.ts',
      'src/phone/own-numbers-ports.ts',
      'src/phone/payment-ports.ts',
      'src/phone/statement-ports.ts',
      'src/phone/reconnect-policy.ts',
      'src/protocol',
    ],
    thirdParty: ['eventsource-parser'],
  },
  'src/history': {
    mayImport: [
      'src/history',
      'src/phone/own-numbers-ports.ts',
      'src/phone/payment-ports.ts',
      'src/phone/ports.ts',
      'src/protocol',
    ],
    thirdParty: ['dexie'],
  },
  'src/elements': {
    mayImport: [
      'src/elements',
      'src/phone/alert-snapshot.ts',
      'src/phone/billing-snapshot.ts',
      'src/phone/first-snapshot.ts',
      'src/phone/own-numbers-snapshot.ts',
      'src/phone/phone-snapshot.ts',
      'src/phone/ports.ts',
      'src/phone/statement-snapshot.ts',
      'src/protocol',
    ],
    thirdParty: ['lit', 'libphonenumber-js'],
  },
  // The drawing of charts on a canvas; what is drawn, and its table, is decided beside it.
  'src/elements/spend-plot.ts': { mayImport: ['src/elements', 'src/protocol'], thirdParty: ['uplot'] },
  'src/elements/credit-phone.ts': {
    mayImport: [
      'src/elements',
      'src/phone/phone-snapshot.ts',
      'src/phone/ports.ts',
      'src/protocol',
      'src/connect-phone.ts',
    ],
    thirdParty: ['lit'],
  },
  'src/elements/stripe-card-form.ts': {
    mayImport: ['src/elements', 'src/cards', 'src/phone/billing-snapshot.ts', 'src/protocol'],
    thirdParty: ['lit'],
  },
  // The real provider's own form; what is typed there never comes near the rest.
  'src/cards': { mayImport: ['src/cards'], thirdParty: ['@stripe/stripe-js'] },
  'src/connect-phone.ts': {
    mayImport: ['src/phone', 'src/gate', 'src/sip', 'src/history', 'src/protocol'],
    thirdParty: [],
  },
  // Plugins of the browser build; nothing of it runs in the browser.
  'src/bundle': { mayImport: ['src/bundle'], thirdParty: ['vite'] },
  'src/index.ts': {
    mayImport: ['src/elements', 'src/connect-phone.ts'],
    thirdParty: [],
  },
  'server/ledger': {
    mayImport: [
      'server/ledger',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'server/storage/ledger-rows.ts',
      'src/protocol/money.ts',
      // What may never be an entry.
      'src/protocol/subscription.ts',
    ],
    // Words of SQL that every store understands; and statements, which are verified without one.
    thirdParty: ['kysely', 'csv-parse'],
  },
  'server/storage': {
    mayImport: [
      'server/storage',
      // What a batch decides is decided in server/ledger, once for every store.
      'server/ledger/operation.ts',
      'server/ledger/operation-fingerprint.ts',
      'server/ledger/decide.ts',
      // A wallet's links are made where its entries are written.
      'server/ledger/entry-link.ts',
      'src/protocol',
    ],
    thirdParty: ['kysely', 'node:sqlite', 'pg'],
  },
  'server/rates': {
    mayImport: ['server/rates', 'server/storage/store.ts', 'server/storage/rows.ts', 'src/protocol'],
    thirdParty: ['csv-parse', 'libphonenumber-js', 'commander', 'cli-progress', 'zod/mini'],
  },
  'server/policy': {
    mayImport: ['server/policy', 'server/storage/store.ts', 'server/storage/rows.ts', 'src/protocol'],
    thirdParty: ['zod/mini'],
  },
  'server/edge': {
    mayImport: [
      'server/services.ts',
      'server/edge',
      'server/ledger',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'server/policy',
      'src/protocol',
    ],
    thirdParty: ['jose', 'zod/mini'],
  },
  'server/calls': {
    mayImport: [
      'server/services.ts',
      'server/accounts',
      'server/calls',
      'server/ledger',
      'server/rates',
      'server/edge',
      'server/policy',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'src/protocol',
    ],
    thirdParty: [],
  },
  // Units of whatever costs besides calls and numbers; priced, held and limited as calls are.
  'server/metering': {
    mayImport: [
      'server/services.ts',
      'server/accounts',
      'server/metering',
      'server/calls/agreed-rate.ts',
      'server/calls/call-extras.ts',
      'server/calls/call-limits.ts',
      'server/calls/call-record.ts',
      'server/calls/call-rows.ts',
      'server/calls/rate-finder.ts',
      // What is paid by invoice becomes a line of the next one, and is open until that is paid.
      'server/invoices/invoice-task.ts',
      'server/payments/billing-terms.ts',
      'server/payments/invoice-date.ts',
      'server/ledger',
      'server/policy',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'src/protocol',
    ],
    thirdParty: [],
  },
  // Who does periodic work; what the work is, nobody in here knows.
  'server/claims': {
    mayImport: ['server/claims', 'server/services.ts', 'server/storage/store.ts'],
    thirdParty: [],
  },
  // Who sells us numbers, each behind the same port; what they cost our customers, nobody in here knows.
  'server/carriers': {
    mayImport: ['server/carriers', 'src/protocol'],
    thirdParty: ['zod/mini'],
  },
  'server/numbers': {
    mayImport: [
      'server/alerts',
      'server/services.ts',
      'server/accounts',
      'server/carriers',
      'server/numbers',
      // Who sells a number says what rent begins with.
      'server/rent/own-number.ts',
      'server/rent/rent-calendar.ts',
      'server/ledger',
      'server/policy',
      'server/rates',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'src/protocol',
    ],
    // The calendar of rents in the accounts' time zones; offers come back from browsers and are parsed.
    thirdParty: ['csv-parse', 'temporal-polyfill', 'zod/mini'],
  },
  'server/rent': {
    mayImport: [
      'server/services.ts',
      'server/accounts',
      // Steps are written together with what people are told of them.
      'server/alerts/write-alert.ts',
      'server/rent',
      'server/ledger',
      'server/mail',
      'server/policy',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'src/protocol',
    ],
    // Calendar arithmetic in time zones; a condition that SQLite must see to use its index.
    thirdParty: ['temporal-polyfill', 'kysely'],
  },
  // Reads what every room has written down, by rows alone; nobody but the server's assembly and the operator asks it.
  'server/statements': {
    mayImport: [
      'server/services.ts',
      'server/accounts',
      'server/statements',
      // What is known to fall due is part of how long the credit lasts.
      'server/rent/coming-rents.ts',
      'server/read-number.ts',
      'server/ledger',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'src/protocol',
    ],
    // Calendar days in time zones, and the few words of SQL that Kysely has no methods for.
    thirdParty: ['temporal-polyfill', 'kysely', 'zod/mini'],
  },
  // Mails are rows before they are mails; who writes them along with what they tell of imports the outbox.
  'server/mail': {
    mayImport: [
      'server/mail',
      'server/services.ts',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'src/protocol',
    ],
    thirdParty: ['nodemailer', 'zod/mini'],
  },
  // What admins are told without asking; who writes an alert along with what it tells of imports write-alert.ts.
  'server/alerts': {
    mayImport: [
      'server/alerts',
      'server/mail',
      'server/accounts',
      'server/services.ts',
      'server/policy',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'src/protocol',
    ],
    thirdParty: ['zod/mini'],
  },
  // Papers are made of tasks that whoever moves money leaves here; what moved it, nobody in here knows.
  'server/invoices': {
    mayImport: [
      'server/invoices',
      'server/mail',
      'server/services.ts',
      'server/policy',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'src/protocol',
    ],
    thirdParty: ['pdfkit', 'zod/mini'],
  },
  'server/payments': {
    mayImport: [
      'server/alerts',
      'server/services.ts',
      'server/accounts',
      'server/invoices',
      'server/mail',
      'server/payments',
      // How much of the next credit rent takes.
      'server/rent/rent-ahead.ts',
      'server/ledger',
      'server/policy',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'src/protocol',
    ],
    // Kysely for one literal in a query, which its index needs.
    thirdParty: ['stripe', 'zod/mini', 'kysely'],
  },
  'server/accounts': {
    mayImport: [
      'server/services.ts',
      'server/accounts',
      'server/mail',
      'server/ledger',
      'server/edge',
      'server/policy',
      'server/storage/store.ts',
      'server/storage/rows.ts',
      'src/protocol',
    ],
    thirdParty: [],
  },
  'server/events': {
    mayImport: [
      'server/events',
      'server/services.ts',
      'server/storage/store.ts',
      'server/storage/store-news.ts',
      'src/protocol',
    ],
    // Words of other servers are parsed at the border.
    thirdParty: ['zod/mini'],
  },
  'server/observability': {
    mayImport: ['server/observability', 'server/config.ts', 'server/storage/store.ts'],
    thirdParty: ['pino', 'prom-client'],
  },
  'server/operator': {
    mayImport: ['server', 'src/protocol'],
    // What is held is compared with rows of four rooms, in one statement.
    thirdParty: ['commander', 'cli-progress', 'jose', 'kysely'],
  },
  'server/http': {
    mayImport: ['server', 'src/protocol'],
    thirdParty: ['hono', '@hono/node-server', 'jose', 'zod', 'zod/mini', 'prom-client', 'pino'],
  },
  server: { mayImport: ['server', 'src/protocol'], thirdParty: ['*'] },
  demo: { mayImport: ['demo', 'server', 'src'], thirdParty: ['*'] },
};
