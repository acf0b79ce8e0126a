/** The second half of endpoints.ts: what the server checks and documents about the addresses of alerts. */
import * as z from 'zod/mini';
import { setAlertMailSchema } from './alert.ts';
import { ALERT_ROUTES, type AlertEndpointName } from './alert-routes.ts';
import type { OfficeEndpoint } from './office-endpoint.ts';

export const ALERT_ENDPOINTS = {
  alerts: {
    ...ALERT_ROUTES.alerts,
    role: 'billing',
    summary:
      'What the admins of the office were told and what still holds, newest first: at most 20, of the last 14 days.',
    problems: [],
  },
  putAlertAway: {
    ...ALERT_ROUTES.putAlertAway,
    role: 'billing',
    summary: "Takes an alert off the screens of all the office's admins. Changes nothing else. Repeatable.",
    problems: ['alert_unknown'],
  },
  alertSettings: {
    ...ALERT_ROUTES.alertSettings,
    role: 'billing',
    summary: 'Which mails this person gets, and where they go.',
    problems: [],
  },
  setAlertMail: {
    ...ALERT_ROUTES.setAlertMail,
    role: 'billing',
    summary: 'Switches the mails of one kind off or on, for this person. Repeatable.',
    body: z.strictObject(setAlertMailSchema.shape),
    problems: [],
  },
} as const satisfies Record<AlertEndpointName, OfficeEndpoint>;
