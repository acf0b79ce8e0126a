/** What the rooms bring along: their tables of addresses with what answers there, and the work that is done again and again by itself. */
import { ALERT_ENDPOINTS } from '../src/protocol/alert-endpoints.ts';
import { OWNED_NUMBER_ENDPOINTS } from '../src/protocol/owned-number-endpoints.ts';
import { PAYMENT_ENDPOINTS } from '../src/protocol/payment-endpoints.ts';
import { SERVICE_ENDPOINTS } from '../src/protocol/service-endpoints.ts';
import { STATEMENT_ENDPOINTS } from '../src/protocol/statement-endpoints.ts';
import type { PeriodicWork } from './claims/claims.ts';
import { type EndpointRoom, endpointRoom } from './http/room-routes.ts';
import type { Services } from './services-of.ts';

export function roomsOf(services: Services): readonly EndpointRoom[] {
  return [
    endpointRoom(PAYMENT_ENDPOINTS, services.payments.handlers),
    endpointRoom(ALERT_ENDPOINTS, services.alerts.handlers),
    endpointRoom(SERVICE_ENDPOINTS, services.metering.handlers),
    endpointRoom(OWNED_NUMBER_ENDPOINTS, services.rent.handlers),
    endpointRoom(STATEMENT_ENDPOINTS, services.statements.handlers),
  ];
}

export function worksOf(services: Services): readonly (PeriodicWork & { readonly name: string })[] {
  return [
    ...services.payments.works,
    ...services.alerts.works,
    ...services.metering.works,
    ...services.numbers.works,
    ...services.rent.works,
    ...services.statements.works,
  ];
}
