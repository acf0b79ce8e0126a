/** Where the widget asks for alerts and their mails: the addresses and what they answer. alert-endpoints.ts adds what the server checks. */
import { alertListSchema, alertSchema, alertSettingsSchema } from './alert.ts';
import type { Route } from './routes.ts';

export const ALERT_ROUTES = {
  alerts: { method: 'GET', path: '/v1/alerts', response: alertListSchema },
  putAlertAway: { method: 'POST', path: '/v1/alerts/:alertId/put-away', response: alertSchema },
  alertSettings: { method: 'GET', path: '/v1/alert-settings', response: alertSettingsSchema },
  setAlertMail: { method: 'PUT', path: '/v1/alert-settings', response: alertSettingsSchema },
} as const satisfies Record<string, Route>;

export type AlertEndpointName = keyof typeof ALERT_ROUTES;
