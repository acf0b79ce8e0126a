/**
 * The columns of a rate deck and the names that they go by in files of other systems (rate sheets of carriers, Kazoo,
 * MagnusBilling, Freeside, Yeastar, DIDWW ...). Order and case do not matter; blanks, dots and slashes count as "_".
 */
export const RATE_COLUMNS = [
  'service_kind',
  'prefix',
  'destination',
  'kind',
  'direction',
  'price',
  'interval_seconds',
  'increments',
  'initial_increment',
  'next_increment',
  'connection_fee',
  'free_seconds',
  'windows',
  'time_zone',
  'rounding',
  'decimals',
  'licence',
  'currency',
  'effective_from',
  'effective_to',
  'unsupported',
] as const;
export type RateColumn = (typeof RATE_COLUMNS)[number];

const SYNONYMS: Readonly<Record<RateColumn, readonly string[]>> = {
  // No synonyms: other systems write "service" into sheets of calls.
  service_kind: [],
  prefix: [
    'code',
    'prefixes',
    'codes',
    'match_prefix',
    'dial_code',
    'dial_prefix',
    'dialing_code',
    'destination_code',
    'destinationprefixes',
  ],
  destination: [
    'description',
    'name',
    'destination_name',
    'friendlyname',
    'friendly_name',
    'country',
    'region',
    'zone',
  ],
  kind: ['type', 'number_type', 'destination_type'],
  direction: ['call_direction'],
  price: [
    'rate',
    'rate_cost',
    'price_per_minute',
    'rate_per_minute',
    'per_minute',
    'currentprice',
    'current_price',
    'price_min',
    'rate_min',
    'cost',
    'sell_rate',
    'call_rate',
  ],
  interval_seconds: ['per_seconds', 'price_interval'],
  increments: [
    'billing_increments',
    'billing_increment',
    'increment',
    'billing',
    'rate_increment',
    'billable_unit_s',
    'billing_interval',
    'interval',
  ],
  initial_increment: [
    'initial_interval',
    'initial_time_s',
    'first_increment',
    'min',
    'minimum',
    'rate_minimum',
    'init_increment',
    'first_interval',
    'duration',
    'initial',
  ],
  next_increment: ['next_interval', 'int', 'subsequent_increment', 'second_increment', 'next'],
  connection_fee: [
    'connect_fee',
    'connectionfee',
    'connect_cost',
    'connection_charge',
    'setup_fee',
    'surcharge',
    'rate_surcharge',
    'connect_charge',
  ],
  free_seconds: ['free_s', 'included_seconds'],
  windows: ['time_windows', 'time_of_day'],
  time_zone: ['timezone', 'tz'],
  rounding: ['rounding_mode', 'round'],
  decimals: ['rounding_decimals', 'round_decimals'],
  licence: ['license', 'plan'],
  currency: ['currency_code'],
  effective_from: ['effective_date', 'effective', 'valid_from', 'start_date', 'activation_date'],
  effective_to: ['end_date', 'valid_to', 'expiry_date', 'expires', 'effective_until'],
  // Rules of other systems that change what a call costs; a value in them must not be passed over in silence.
  unsupported: ['rate_nocharge_time', 'grace_volume', 'initial_cost', 'routes', 'reject_calls', 'min_cost', 'max_cost'],
};

const COLUMN_BY_NAME: ReadonlyMap<string, RateColumn> = new Map(
  RATE_COLUMNS.flatMap((column) => [column, ...SYNONYMS[column]].map((name): [string, RateColumn] => [name, column])),
);

/** One column of the file that means something. */
export interface ColumnPlace {
  readonly column: RateColumn;
  /** Position in a record. */
  readonly at: number;
  /** As the file calls it. */
  readonly header: string;
}

export interface ColumnPlan {
  readonly places: readonly ColumnPlace[];
  /** Headers that mean nothing to us, for the operator to look at. */
  readonly ignored: readonly string[];
  readonly problems: readonly { readonly header: string; readonly reason: string }[];
}

/**
 * Finds the columns in a header line. `named` says which header a column has when neither its own name nor a synonym fits, for
 * instance { price: 'interrate' }.
 */
export function planColumns(
  headers: readonly string[],
  named: Readonly<Partial<Record<RateColumn, string>>> = {},
): ColumnPlan {
  const columnOf = new Map<string, RateColumn>(COLUMN_BY_NAME);
  for (const column of RATE_COLUMNS) {
    const header = named[column];
    if (header !== undefined) columnOf.set(normalized(header), column);
  }
  const known = headers.map((header, at) => ({ header, at, column: columnOf.get(normalized(header)) }));
  const places: ColumnPlace[] = [];
  const problems: { header: string; reason: string }[] = [];
  const ignored: string[] = [];
  for (const { header, at, column } of known) {
    if (column === undefined) {
      ignored.push(header);
      continue;
    }
    const twin = places.find((place) => place.column === column && column !== 'unsupported');
    // Two names for a destination (Kazoo has a description and a name) cost nobody anything: the first one is shown.
    if (twin && column === 'destination') ignored.push(header);
    else if (twin) problems.push({ header, reason: `means ${column}, as the column "${twin.header}" does` });
    else places.push({ header, at, column });
  }
  for (const column of ['prefix', 'price'] as const) {
    if (!places.some((place) => place.column === column)) {
      const names = [column, ...SYNONYMS[column]].slice(0, 6).join(', ');
      problems.push({ header: column, reason: `is missing; it may be called ${names}` });
    }
  }
  return { places, problems, ignored };
}

function normalized(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}
