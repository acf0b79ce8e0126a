import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { ENDPOINT_TABLES } from '../../../src/protocol/endpoint-tables.ts';
import { EVENTS_PATH } from '../../../src/protocol/endpoints.ts';
import { gateFixture } from '../../support/gate-fixture.ts';

async function servedDocument() {
  const response = await gateFixture().send('GET', '/openapi.json', { token: null });
  expect(response.headers.get('content-type')).toBe('application/json');
  return response.json();
}

test('the served OpenAPI document has no error and no warning by the recommended rules', async () => {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const problems = await lintFromString({ source: JSON.stringify(await servedDocument()), config });
  expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`)).toEqual(
    [],
  );
});

test('it has every address of the contract and the event stream', async () => {
  const { openapi, paths } = await servedDocument();
  expect(openapi).toBe('3.1.0');
  const addresses = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const expected = ENDPOINT_TABLES.flatMap((table) => Object.values(table)).map(
    ({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
  );
  expect(addresses.sort()).toEqual(
    [...expected, `GET ${EVENTS_PATH}`, 'GET /v1/invoices/{file}', 'GET /v1/statement.csv'].sort(),
  );
});

test('amounts are described as integers with their limits, and optional parameters as optional', async () => {
  const { paths, components } = await servedDocument();
  expect(components.schemas.Problem.properties.neededMicros).toMatchObject({ type: 'integer', maximum: 1e15 });
  const credit = paths['/v1/play-credit'].post.requestBody.content['application/json'].schema;
  expect(credit.properties.amountMicros).toMatchObject({ type: 'integer', minimum: 10_000 });
  const [country, ...others] = paths['/v1/numbers'].get.parameters;
  expect([country.name, country.required, others.at(-1).name]).toEqual(['country', false, 'X-Office']);
});
