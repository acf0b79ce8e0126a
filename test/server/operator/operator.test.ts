import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Command } from 'commander';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOperatorProgram } from '../../../server/operator/operator-program.ts';

const RATES = 'prefix,destination,price\n49,Germany,0.02\n1,United States,0.01\n';
const NUMBERS = `number,country,type,region,features,currency,setup,monthly,inbound_per_minute
+12025550101,US,local,"Washington, DC",voice sms,USD,1.00,1.50,0.0085
`;
let folder = '';
let dataFile = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credit-phone-operator-'));
  dataFile = join(folder, 'data.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

function silent(command: Command): Command {
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const child of command.commands) silent(child);
  return command;
}

async function operator(...words: string[]): Promise<{ lines: string[]; exitCode: number }> {
  const lines: string[] = [];
  let exitCode = 0;
  const environment = { DATA_FILE: dataFile, TOKEN_SECRET: 's'.repeat(32), TOKEN_ISSUER: 'https://host.example' };
  const context = {
    environment,
    print: (line: string) => lines.push(line),
    setExitCode: (code: number) => (exitCode = code),
  };
  await silent(createOperatorProgram(context)).parseAsync(words, { from: 'user' });
  return { lines, exitCode };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function makeOffice(): Promise<void> {
  await operator('accounts', 'create', '--id', 'acme', '--name', 'Acme', '--currency', 'USD', '--time-zone', 'UTC');
  await operator(
    ...'offices create --account acme --id austin --name Austin --country US --time-zone America/Chicago'.split(' '),
  );
}

const credit = (amount: string, id: string) => [
  'credit',
  'add',
  '--office',
  'austin',
  '--amount',
  amount,
  '--note',
  'wire',
  '--id',
  id,
];

describe('accounts and offices', () => {
  test('are made and listed, with their credit', async () => {
    await makeOffice();
    expect((await operator('accounts', 'list')).lines).toEqual(['acme\tAcme\tUSD\tUTC\tdefault', '1 accounts']);
    expect((await operator('offices', 'list')).lines).toEqual([
      'acme\taustin\tAustin\t0.00 USD available',
      '1 offices',
    ]);
  });

  test('are not made twice, nor in an account that is not there', async () => {
    await makeOffice();
    await expect(makeOffice()).rejects.toThrow('--id: there is an account "acme" already.');
    const words = 'offices create --account nobody --id x --name X --country US --time-zone UTC'.split(' ');
    await expect(operator(...words)).rejects.toThrow('--account: there is no account "nobody"');
  });

  test.each([
    ['--currency', ['accounts', 'create', '--id', 'a', '--name', 'A', '--currency', 'dollar', '--time-zone', 'UTC']],
    ['--currency', ['accounts', 'create', '--id', 'a', '--name', 'A', '--currency', 'UDS', '--time-zone', 'UTC']],
    ['--name', ['accounts', 'create', '--id', 'a', '--name', ' ', '--currency', 'USD', '--time-zone', 'UTC']],
    [
      '--name',
      ['accounts', 'create', '--id', 'a', '--name', 'A'.repeat(101), '--currency', 'USD', '--time-zone', 'UTC'],
    ],
    [
      '--time-zone',
      ['accounts', 'create', '--id', 'a', '--name', 'A', '--currency', 'USD', '--time-zone', 'Mars/Base'],
    ],
    ['--id', ['accounts', 'create', '--id', 'a b', '--name', 'A', '--currency', 'USD', '--time-zone', 'UTC']],
    [
      '--country',
      ['offices', 'create', '--account', 'a', '--id', 'x', '--name', 'X', '--country', 'usa', '--time-zone', 'UTC'],
    ],
    [
      '--country',
      ['offices', 'create', '--account', 'a', '--id', 'x', '--name', 'X', '--country', 'ZZ', '--time-zone', 'UTC'],
    ],
    ['--amount', credit('-5', 'c-1')],
    ['--amount', credit('0', 'c-1')],
    ['--amount', credit('1,50', 'c-1')],
    ['--office', credit('5', 'c-1')],
  ])('an error names %s', async (option, words) => {
    await expect(operator(...words)).rejects.toThrow(new RegExp(`^${option}( |:)`));
  });
});

describe('credit', () => {
  test('is added once however often it is said, and another amount under the same id is refused', async () => {
    await makeOffice();
    expect((await operator(...credit('12.50', 'invoice-7'))).lines[0]).toBe('12.50 added; balance 12.50.');
    const again = await operator(...credit('12.50', 'invoice-7'));
    expect(again.lines).toEqual(['12.50 had been added before, nothing was added now; balance 12.50.']);
    await expect(operator(...credit('13', 'invoice-7'))).rejects.toThrow(
      '--id: "invoice-7" was used for another credit before.',
    );
    const { lines } = await operator('balance', 'show', '--office', 'austin');
    expect(lines).toEqual(['balance   12.50 USD', 'held      0.00 USD', 'available 12.50 USD']);
  });

  test('ledger show lists the entries with the balance after each, the newest last, and refuses a count that is none', async () => {
    await makeOffice();
    await operator(...credit('25', 'first'));
    await operator(...credit('12.50', 'second'));
    const { lines } = await operator('ledger', 'show', '--office', 'austin');
    const cells = lines.map((line) => line.slice(19).trim().split(/ {2,}/).slice(0, 3));
    expect(cells.slice(0, 3)).toEqual([
      ['amount', 'balance', 'what and for what'],
      ['25.00', '25.00', 'operator_credit'],
      ['12.50', '37.50', 'operator_credit'],
    ]);
    expect(lines.at(-1)).toBe('held now 0.00 USD');
    expect((await operator('ledger', 'show', '--office', 'austin', '--rows', '1')).lines[1]).toContain('37.50');
    await expect(operator('ledger', 'show', '--office', 'austin', '--rows', '0')).rejects.toThrow('--rows is "0"');
  });

  test('ledger check agrees, and says so with exit code 1 when a balance was tampered with', async () => {
    await makeOffice();
    await operator(...credit('12.50', 'invoice-7'));
    const good = await operator('ledger', 'check');
    expect(good).toEqual({ lines: ['1 wallets, 2 entries, 0 holds: 0 differences'], exitCode: 0 });
    const database = new DatabaseSync(dataFile);
    database.exec('UPDATE wallet SET balance_micros = balance_micros + 1');
    database.close();
    const bad = await operator('ledger', 'check');
    expect(bad.lines[0]).toContain('sum to 12500000, its balance is 12500001');
    expect(bad.exitCode).toBe(1);
  });
});

describe('imports', () => {
  test('a good deck comes into force, a bad one does not, unless bad rows are skipped', async () => {
    const bad = file('bad.csv', `${RATES}x9,Nowhere,0.02\n`);
    expect((await operator('rates', 'check', bad)).exitCode).toBe(1);
    const refused = await operator('rates', 'import', bad);
    expect([refused.exitCode, refused.lines.at(-1)]).toEqual([1, 'Nothing was imported.']);
    expect(refused.lines[0]).toContain('line 4');
    const skipped = await operator('rates', 'import', bad, '--skip-bad');
    expect([skipped.exitCode, skipped.lines.at(-1)]).toEqual([0, expect.stringMatching(/is in force: 2 rates\.$/)]);
    await expect(operator('rates', 'import', join(folder, 'none.csv'))).rejects.toThrow(
      /none\.csv cannot be read: there is no such file or folder\.$/,
    );
    await expect(operator('rates', 'import', folder)).rejects.toThrow(/cannot be read: it is a folder\.$/);
  });

  test('numbers go into the shop, or are refused line by line', async () => {
    const nowhere = operator('numbers', 'import', file('numbers.csv', NUMBERS), '--account', 'acme');
    await expect(nowhere).rejects.toThrow('--account: there is no account "acme". See "accounts list".');
    await makeOffice();
    const good = await operator('numbers', 'import', file('numbers.csv', NUMBERS), '--account', 'acme');
    expect(good.lines).toEqual(['1 numbers imported.']);
    const bad = await operator(
      'numbers',
      'import',
      file('bad.csv', NUMBERS.replace('1.50', 'cheap')),
      '--account',
      'acme',
    );
    expect([bad.exitCode, bad.lines[0]]).toEqual([1, expect.stringContaining('line 2, column monthly: "cheap"')]);
  });
});

describe('token mint', () => {
  const words = ['token', 'mint', '--account', 'acme', '--office', 'austin', '--person', 'sam', '--name', 'Sam'];

  test('signs what the server expects', async () => {
    const [token = ''] = (await operator(...words, '--role', 'billing', '--seconds', '60')).lines;
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      iss: 'https://host.example',
      aud: 'credit-phone',
      sub: 'sam',
      role: 'billing',
      office: 'austin',
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60);
  });

  test('refuses roles that do not exist', async () => {
    await expect(operator(...words, '--role', 'root')).rejects.toThrow('--role is "root"');
  });
});

describe('token revoke', () => {
  test('is for an account that there is, and names whose tokens are refused', async () => {
    await makeOffice();
    const before = Date.now();
    const { lines } = await operator('token', 'revoke', '--account', 'acme', '--person', 'sam');
    expect(lines).toEqual([expect.stringMatching(/^Tokens of sam in account acme issued before \S+ are refused\.$/)]);
    await operator('token', 'revoke', '--account', 'acme');
    await expect(operator('token', 'revoke', '--account', 'acne')).rejects.toThrow('there is no account "acne"');
    const rows = new DatabaseSync(dataFile).prepare('SELECT * FROM token_revocation ORDER BY issued_before_ms').all();
    expect(rows.map(({ account_id, person_id }) => [account_id, person_id])).toEqual([
      ['acme', 'sam'],
      ['acme', ''],
    ]);
    expect(Number(rows[0]?.issued_before_ms)).toBeGreaterThanOrEqual(before);
  });
});

describe('profiles', () => {
  test('an account goes by the default until the operator says otherwise', async () => {
    await makeOffice();
    expect((await operator('accounts', 'profile', '--account', 'acme', '--profile', 'skara')).lines).toEqual([
      'Account acme goes by the profile skara.',
    ]);
    expect((await operator('accounts', 'list')).lines[0]).toMatch(/\tskara$/);
  });

  test('a profile or an account that is not there is refused, and nothing is changed', async () => {
    await makeOffice();
    const change = (account: string, profile: string) =>
      operator('accounts', 'profile', '--account', account, '--profile', profile);
    await expect(change('acme', 'ringcentral')).rejects.toThrow(
      /^--profile is "ringcentral"; expected one of default, freshcaller, cloudtalk, skara, diallink, dialpad\.$/,
    );
    await expect(change('acme', '__proto__')).rejects.toThrow(/--profile is/);
    await expect(change('nobody', 'skara')).rejects.toThrow(/there is no account "nobody"/);
    expect((await operator('accounts', 'list')).lines).toEqual(['acme\tAcme\tUSD\tUTC\tdefault', '1 accounts']);
  });

  test('the policy shows what holds for each of them, and what it shows can be set', async () => {
    const [, shown = ''] = (await operator('policy', 'show')).lines;
    expect(JSON.parse(shown).profiles.freshcaller.credit).toMatchObject({ callFloorMicros: 2_000_000 });
    await operator('policy', 'set', file('shown.json', shown));
    const [, again = ''] = (await operator('policy', 'show')).lines;
    expect(JSON.parse(again)).toEqual(JSON.parse(shown));
    const [, skara = ''] = (await operator('policy', 'show', '--profile', 'skara')).lines;
    expect(JSON.parse(skara)).toMatchObject({
      ...JSON.parse(shown).profiles.skara,
      calls: JSON.parse(shown).calls,
    });
    await expect(operator('policy', 'show', '--profile', 'none')).rejects.toThrow(/--profile is "none"/);
  });
});

describe('policy', () => {
  test('is the default until one is set; show fills in what it leaves out', async () => {
    expect((await operator('policy', 'show')).lines[0]).toBe('the default policy; none was set');
    expect((await operator('policy', 'set', file('policy.json', '{"calls":{"leaseSeconds":45}}'))).lines).toEqual([
      'Policy 1 is in force.',
    ]);
    await operator('policy', 'set', file('policy.json', '{"calls":{"leaseSeconds":50}}'));
    const [head = '', json = ''] = (await operator('policy', 'show')).lines;
    expect(head).toMatch(/^policy 2, set \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    expect(JSON.parse(json).calls).toMatchObject({ leaseSeconds: 50, renewBeforeSeconds: 20 });
  });

  test('that is wrong is refused with line and field, and nothing is changed', async () => {
    await operator('policy', 'set', file('good.json', '{"calls":{"leaseSeconds":45}}'));
    const bad = file('bad.json', '{\n  "calls": {\n    "leaseSecond": 30\n  }\n}');
    await expect(operator('policy', 'set', bad)).rejects.toThrow(
      /line 3: calls\.leaseSecond is not known.*Nothing was/,
    );
    await expect(operator('policy', 'set', file('none.json', 'hello'))).rejects.toThrow(/not JSON/);
    await expect(operator('policy', 'set', join(folder, 'nowhere.json'))).rejects.toThrow(/cannot be read/);
    expect((await operator('policy', 'show')).lines[0]).toMatch(/^policy 1,/);
  });
});

test('every command has a help text', () => {
  const program = silent(
    createOperatorProgram({ environment: {}, print: () => undefined, setExitCode: () => undefined }),
  );
  const all = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)];
  expect(all.filter((command) => command.description().length < 10).map((command) => command.name())).toEqual([]);
  expect(all.length).toBeGreaterThan(30);
});
