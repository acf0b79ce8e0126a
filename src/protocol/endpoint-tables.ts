/** Every table of addresses there is, for the OpenAPI document and for tests that go through all of them. */
import { ENDPOINTS } from './endpoints.ts';
import type { OfficeEndpoint } from './office-endpoint.ts';
import { PAYMENT_ENDPOINTS } from './payment-endpoints.ts';
import { SERVICE_ENDPOINTS } from './service-endpoints.ts';

export const ENDPOINT_TABLES: readonly Readonly<Record<string, OfficeEndpoint>>[] = [ENDPOINTS, PAYMENT_ENDPOINTS, SERVICE_ENDPOINTS];
