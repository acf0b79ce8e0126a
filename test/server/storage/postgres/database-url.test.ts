import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../../../server/storage/postgres/database-url.ts';

describe('the address of a database', () => {
  test.each([
    ['postgres://ann:secret@db.example:6000/phone', 'PostgreSQL at db.example:6000/phone', 'secret'],
    ['postgresql://ann@db.example/phone', 'PostgreSQL at db.example:5432/phone', null],
    [
      'postgres://ann:a%40b%2Fc%23@db.example/phone?sslmode=verify-full',
      'PostgreSQL at db.example:5432/phone',
      'a@b/c#',
    ],
    ['postgres:///phone?host=/run/postgresql&user=ann', 'PostgreSQL at /run/postgresql:5432/phone', null],
    ['postgres://[::1]:5433/phone', 'PostgreSQL at [::1]:5433/phone', null],
    ['postgres://ann@db.example/phone?password=secret', 'PostgreSQL at db.example:5432/phone', 'secret'],
    ['postgres://ann:100%@db.example/phone', 'PostgreSQL at db.example:5432/phone', '100%'],
  ])('%s is %s', (url, place, password) => {
    expect(parseDatabaseUrl(url)).toEqual({ url, place, password });
  });

  test.each([
    ['mysql://walt:s3cret@db.example/phone', /^does not begin with postgres:\/\//],
    ['db.example', /^does not begin with/],
    ['', /^does not begin with/],
    ['postgres://walt:s3cret@db.example', /^names no database/],
    ['postgres://walt:s3cret@db.example/', /^names no database/],
    ['postgres://walt:12/s3cret@db.example/phone', /^cannot be read/],
    ['postgres://walt:1?s3cret@db.example/phone', /^cannot be read/],
    ['postgres://walt:1#s3cret@db.example/phone', /^cannot be read/],
    ['postgres://walt:s3cret@db.example:port/phone', /^cannot be read/],
    ['postgres://walt:s3/cret@db.example/phone', /^cannot be read/],
  ])('%s is complained about without showing anything of it', (url, words) => {
    const parsed = parseDatabaseUrl(url);
    expect(parsed).toMatchObject({ wrong: expect.stringMatching(words) });
    expect(JSON.stringify(parsed)).not.toMatch(/s3|cret|walt|db\.example/);
  });
});
