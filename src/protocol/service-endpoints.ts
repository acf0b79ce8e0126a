/** The addresses of metered services. No widget asks here: they are for the host's backend and its own token (role "host"). */
import type { OfficeEndpoint } from './office-endpoint.ts';
import { authorizeServiceSchema, chargeServiceSchema, serviceChargeSchema, settleServiceSchema } from './service.ts';

const refusals = [
  'no_credit',
  'insufficient_credit',
  'credit_held',
  'low_credit',
  'no_rate',
  'prefix_blocked',
  'agent_spend_limit',
  'office_spend_limit',
  'calling_paused',
  'phone_disabled',
  'number_invalid',
  'call_unknown',
  'id_reused',
  'service_off',
  'service_not_metered',
] as const;

export const SERVICE_ENDPOINTS = {
  chargeService: {
    method: 'POST',
    path: '/v1/service-charges',
    response: serviceChargeSchema,
    role: 'host',
    summary: 'Charges units that are used at once, as a message. Repeatable by chargeId.',
    body: chargeServiceSchema,
    problems: [...refusals, 'service_closed', 'service_expired'],
  },
  authorizeService: {
    method: 'POST',
    path: '/v1/service-authorizations',
    response: serviceChargeSchema,
    role: 'host',
    summary:
      'Holds the price of so many units until they are settled, released, or the time is over. Repeatable by chargeId.',
    body: authorizeServiceSchema,
    problems: [...refusals, 'service_closed', 'service_expired'],
  },
  settleService: {
    method: 'POST',
    path: '/v1/service-charges/:chargeId/settle',
    response: serviceChargeSchema,
    role: 'host',
    summary:
      'Captures what was used and gives the rest back. Units beyond those authorized are taken as far as the credit goes.',
    body: settleServiceSchema,
    problems: ['service_unknown', 'service_closed', 'service_expired', 'id_reused'],
  },
  releaseService: {
    method: 'POST',
    path: '/v1/service-charges/:chargeId/release',
    response: serviceChargeSchema,
    role: 'host',
    summary: 'Gives back what is held for something that did not happen. Repeatable.',
    problems: ['service_unknown', 'service_closed'],
  },
  serviceCharge: {
    method: 'GET',
    path: '/v1/service-charges/:chargeId',
    response: serviceChargeSchema,
    role: 'host',
    summary: 'One charge as it stands, with the rate that its price was made of.',
    problems: ['service_unknown'],
  },
} as const satisfies Record<string, OfficeEndpoint>;
