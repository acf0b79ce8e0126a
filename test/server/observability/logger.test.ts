import { expect, test } from 'vitest';
import { createLogger, withoutSecrets } from '../../../server/observability/logger.ts';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzYW0ifQ.c2lnbmF0dXJl';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('trace', { write: (line) => lines.push(line) }));
  return lines.join('');
}

test.each([
  'authorization',
  'grant',
  'password',
  'token',
  'secret',
  'credential',
  'edgeSecret',
])('a field called %s is not written, at any depth', (name) => {
  const text = logged((logger) =>
    logger.info({ [name]: 'hunter2', one: { [name]: 'hunter2', two: { [name]: 'hunter2' } } }, 'said'),
  );
  expect(text).toContain('[redacted]');
  expect(text).not.toContain('hunter2');
});

test('a token inside a text or an error is not written either', () => {
  const text = logged((logger) => {
    logger.info(`heard ${TOKEN}`);
    logger.error({ error: new Error(`cannot use "Bearer ${TOKEN}"`) }, 'failed');
    logger.warn({ headers: ['Bearer opaque-token-123'] }, 'odd');
  });
  expect(text).not.toContain(TOKEN);
  expect(text).not.toContain('opaque-token-123');
  expect(text).toContain('cannot use');
});

test.each([
  [
    'postgres://phone:hunter2@db.example:5432/phone refused',
    'postgres://phone:[redacted]@db.example:5432/phone refused',
  ],
  ['postgresql://:hun@ter2@db/phone', 'postgresql://:[redacted]@db/phone'],
  ['http://db.example:5432/a and mail@example.com', 'http://db.example:5432/a and mail@example.com'],
])('a password inside an address is not written: %s', (text, written) => {
  expect(withoutSecrets(text)).toBe(written);
  expect(logged((logger) => logger.info(text))).toContain(written);
});

test('lines are JSON with a level by name and a readable time', () => {
  const line = JSON.parse(logged((logger) => logger.info({ callId: 'call-0001' }, 'held')));
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    callId: 'call-0001',
    msg: 'held',
  });
});
