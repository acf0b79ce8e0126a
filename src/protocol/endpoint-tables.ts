/** Every table of addresses there is, for the OpenAPI document and for tests that go through all of them. */
import { ALERT_ENDPOINTS } from './alert-endpoints.ts';
import { ENDPOINTS } from './endpoints.ts';
import type { OfficeEndpoint } from './office-endpoint.ts';
import { OWNED_NUMBER_ENDPOINTS } from './owned-number-endpoints.ts';
import { PAYMENT_ENDPOINTS } from './payment-endpoints.ts';
import { SERVICE_ENDPOINTS } from './service-endpoints.ts';
import { STATEMENT_ENDPOINTS } from './statement-endpoints.ts';

export const ENDPOINT_TABLES: readonly Readonly<Record<string, OfficeEndpoint>>[] = [
  ENDPOINTS,
  OWNED_NUMBER_ENDPOINTS,
  PAYMENT_ENDPOINTS,
  SERVICE_ENDPOINTS,
  STATEMENT_ENDPOINTS,
  ALERT_ENDPOINTS,
];
