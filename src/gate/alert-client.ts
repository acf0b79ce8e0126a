/** The addresses of alerts behind the AlertGate port; loaded for those who manage credit, never for a call. */
import type { AlertGate } from '../phone/alert-ports.ts';
import { alertEventSchema } from '../protocol/alert.ts';
import { ALERT_ROUTES } from '../protocol/alert-routes.ts';
import { OFFICE_HEADER } from '../protocol/office.ts';
import { type OfficeOutcome, type OfficeRefusal, officeRefusalSchema } from '../protocol/office-problem.ts';
import type { Refusal } from '../protocol/problem.ts';
import type { Route } from '../protocol/routes.ts';
import type { GateClientOptions } from './gate-client.ts';
import { refusalOfProblem } from './gate-error.ts';
import { askRoute, type GateInput, type RouteOutput } from './gate-request.ts';

export function createAlertClient(options: GateClientOptions, officeId: string | null = null): AlertGate {
  const headers = officeId === null ? {} : { [OFFICE_HEADER]: officeId };
  const ask = <R extends Route>(route: R, input: GateInput = {}): Promise<OfficeOutcome<RouteOutput<R>>> =>
    askRoute({ headers, ...input, route, options, readRefusal });
  return {
    ofOffice: (other) => createAlertClient(options, other),
    alerts: () => ask(ALERT_ROUTES.alerts),
    putAway: (alertId) => ask(ALERT_ROUTES.putAlertAway, { params: { alertId } }),
    settings: () => ask(ALERT_ROUTES.alertSettings),
    setMail: (kind, isOn) => ask(ALERT_ROUTES.setAlertMail, { body: { kind, isOn } }),
    readAlertEvent(content) {
      const read = alertEventSchema.safeParse(content);
      return read.success ? read.data.alert : null;
    },
  };
}

function readRefusal(body: unknown): Refusal | OfficeRefusal {
  const read = officeRefusalSchema.safeParse(body);
  return read.success ? read.data : refusalOfProblem(body);
}
