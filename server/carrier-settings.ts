/** Settings of carriers that sell numbers. */
import { TELNYX_URL } from './carriers/telnyx-client.ts';
import { row, text } from './setting.ts';

export interface CarrierSettings {
  /** Numbers of Telnyx are sold when it is set. */
  readonly telnyxApiKey: string | null;
  /** The connection at Telnyx where calls arrive to numbers that are bought there. */
  readonly telnyxConnectionId: string | null;
  readonly telnyxUrl: string;
}

export const CARRIER_ROWS = {
  telnyxApiKey: row(
    {
      name: 'TELNYX_API_KEY',
      isOptional: true,
      isSecret: true,
      what: 'API key (version 2) of the Telnyx account that sells numbers beside the own inventory, at the prices of "numbers prices".',
    },
    (value) => (/^[\x21-\x7e]{16,200}$/.test(value) ? { value } : { expected: 'a key of 16 to 200 characters' }),
  ),
  telnyxConnectionId: row(
    {
      name: 'TELNYX_CONNECTION_ID',
      isOptional: true,
      what: 'The connection at Telnyx where calls arrive to numbers that are bought there.',
    },
    text,
  ),
  telnyxUrl: row(
    { name: 'TELNYX_URL', byDefault: TELNYX_URL, what: 'Where the API of Telnyx is; another address for a proxy.' },
    (value) =>
      /^https?:\/\/[^?#]+[^/?#]$/.test(value) && URL.canParse(value)
        ? { value }
        : { expected: 'an address without a slash at its end' },
  ),
};
