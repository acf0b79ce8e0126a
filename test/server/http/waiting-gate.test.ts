import { describe, expect, test } from 'vitest';
import { createWaitingGate } from '../../../server/http/waiting-gate.ts';

const PAGE = 'https://app.example.com';
const answer = createWaitingGate({ corsOrigins: [PAGE], reason: () => 'PostgreSQL at db:5432/phone: refused.' });

function ask(path: string, init: RequestInit = {}): Response {
  return answer(new Request(`http://gate.example${path}`, init));
}

describe('a server that waits for its data', () => {
  test('is alive', () => expect(ask('/healthz').status).toBe(200));

  test('is not ready, and tells operators the place and the cause', async () => {
    const response = ask('/readyz');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await response.json()).toMatchObject({
      code: 'unavailable',
      detail: 'PostgreSQL at db:5432/phone: refused.',
    });
  });

  test.each([
    '/v1/calls/call-0001/authorize',
    '/edge/v1/admissions',
    '/v1/events',
    '/metrics',
    '/',
  ])('refuses %s as unavailable without telling where the data lies', async (path) => {
    const response = ask(path, { method: path.startsWith('/v1/c') ? 'POST' : 'GET' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    const problem = await response.json();
    expect(problem).toMatchObject({ code: 'unavailable', instance: response.headers.get('x-request-id') });
    expect(problem.detail).toContain('cannot reach its data');
    expect(problem.detail).not.toContain('db:5432');
  });

  test('lets the pages on the list read the refusal, and no others', () => {
    const allowed = (origin: string) =>
      ask('/v1/me', { headers: { origin } }).headers.get('access-control-allow-origin');
    expect([allowed(PAGE), allowed('https://elsewhere.example')]).toEqual([PAGE, null]);
    const preflight = { origin: PAGE, 'access-control-request-method': 'POST' };
    expect(ask('/v1/me', { method: 'OPTIONS', headers: preflight }).status).toBe(204);
    expect(ask('/v1/me').headers.get('x-content-type-options')).toBe('nosniff');
  });
});
