/**
 * What every SIP edge must do (server/edge/edge-contract.ts), said as tests that any edge can run: a scripted gate server on one
 * side, hostile SIP clients on the other. Timing is checked within the edge's own tolerance, since a real daemon keeps the time.
 */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { describeAdmission, describeRegistration } from './edge-conformance/describe-admission.ts';
import { describeCommands, describeLists } from './edge-conformance/describe-commands.ts';
import { describeEndings } from './edge-conformance/describe-endings.ts';
import { describeHostileClients } from './edge-conformance/describe-hostile-clients.ts';
import { describeInbound } from './edge-conformance/describe-inbound.ts';
import { describeMeter } from './edge-conformance/describe-meter.ts';
import { describeOutage } from './edge-conformance/describe-outage.ts';
import { EdgeStage, type StartEdge } from './edge-conformance/edge-stage.ts';

export function describeEdge(name: string, start: StartEdge): void {
  describe(`${name} keeps the edge contract`, () => {
    const stage = new EdgeStage(start);
    beforeAll(() => stage.open());
    afterAll(async () => {
      expect(stage.gate.faults).toEqual([]);
      await stage.close();
    });
    describeRegistration(stage);
    describeAdmission(stage);
    describeMeter(stage);
    describeCommands(stage);
    describeLists(stage);
    describeEndings(stage);
    describeHostileClients(stage);
    describeInbound(stage);
  });
  describeOutage(name, start);
}
