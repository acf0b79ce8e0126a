/** A SIP message as a test reads it: what it says, and when it came. */

/** How long a test waits for a message that must come: as long as a busy machine may need. */
export const PATIENCE_MS = 15_000;

export interface SipMessage {
  /** "INVITE" for a request, "" for a response. */
  readonly method: string;
  /** 0 for a request. */
  readonly status: number;
  readonly phrase: string;
  readonly text: string;
  /** When it arrived, on performance.now(). */
  readonly atMs: number;
  header(name: string): string | undefined;
  headers(name: string): string[];
  readonly body: string;
}

export function cseqOf(message: SipMessage): number {
  return Number.parseInt(message.header('cseq') ?? '0', 10);
}

export function readSipMessage(text: string): SipMessage {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const [, status, phrase = ''] = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(first) ?? [];
  const headers = (name: string) =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      .map((line) => line.slice(name.length + 1).trim());
  return {
    method: status === undefined ? (first.split(' ')[0] ?? '') : '',
    status: status === undefined ? 0 : Number(status),
    phrase,
    text,
    atMs: performance.now(),
    headers,
    header: (name) => headers(name)[0],
    body: rest.join('\r\n\r\n'),
  };
}
