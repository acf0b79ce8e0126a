/** Which carrier sells numbers to this server beside its own inventory: Telnyx when its key is set, otherwise none. */
import type { CarrierSettings } from './carrier-settings.ts';
import type { NumberCarrier } from './carriers/number-carrier.ts';
import { rememberingSearches } from './carriers/remembered-search.ts';
import { createTelnyxCarrier } from './carriers/telnyx-carrier.ts';

export function numberCarrierOf(config: CarrierSettings): NumberCarrier | null {
  const { telnyxApiKey: apiKey, telnyxUrl: baseUrl, telnyxConnectionId: connectionId } = config;
  if (apiKey === null) return null;
  const carrier = createTelnyxCarrier({ apiKey, baseUrl, connectionId });
  return rememberingSearches(carrier, { monotonicMs: () => performance.now() });
}
