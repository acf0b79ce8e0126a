/**
 * A SIP client that writes its messages by hand over a WebSocket and so can do everything that a browser's library would not: never
 * acknowledge, ignore BYE, forge sequence numbers and tags, send nonsense. Made for the edge conformance suite.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { RawDialog, type RequestParts } from './raw-sip-dialog.ts';
import { sampleAnswer, sampleOffer } from './sample-session-description.ts';
import { cseqOf, PATIENCE_MS, readSipMessage, type SipMessage } from './sip-message.ts';

export interface RawSipClientOptions {
  readonly url: string;
  readonly domain: string;
  readonly user: string;
  /** Shared secret of the ephemeral credentials; the password is made here. */
  readonly secret: string;
  readonly validSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Manners {
  /** Answers requests of the edge with 200; false leaves them without any answer. */
  answersRequests: boolean;
  /** Sends ACK for 200 OK after so many milliseconds; null never does. */
  ackDelayMs: number | null;
  /** How INVITEs of the edge are answered: not at all, or with a status. */
  inviteAnswer: number | null;
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const token = () => randomBytes(6).toString('hex');

export class RawSipClient {
  readonly received: SipMessage[] = [];
  readonly manners: Manners = { answersRequests: true, ackDelayMs: 0, inviteAnswer: 200 };
  readonly user: string;
  readonly domain: string;
  /** Host part of Via and Contact: stays the same when the socket is replaced, as in a browser tab. */
  readonly host = `${token()}.invalid`;
  contact: string;
  readonly #options: RawSipClientOptions;
  #socket: WebSocket | null = null;
  readonly #waiters = new Set<() => void>();
  #isClosed = false;

  constructor(options: RawSipClientOptions) {
    this.#options = options;
    this.user = options.user;
    this.domain = options.domain;
    this.contact = `<sip:${token()}@${this.host};transport=ws>`;
  }

  /** Opens a socket, also again after it was lost. */
  async open(): Promise<this> {
    const socket = new WebSocket(this.#options.url, 'sip', { headers: this.#options.headers ?? {} });
    this.#isClosed = false;
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(data.toString()));
    socket.on('close', () => {
      if (this.#socket === socket) this.#isClosed = true;
      this.#wake();
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return this;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** As when the network is gone: no close frame. */
  kill(): void {
    this.#socket?.terminate();
  }

  close(): void {
    this.#socket?.close();
  }

  sendText(text: string | Buffer): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  /** REGISTER with digest; resolves with the final response. */
  async register(
    options: { readonly secret?: string; readonly asUser?: string; readonly expires?: number } = {},
  ): Promise<SipMessage> {
    const { validSeconds = 3600 } = this.#options;
    const username = `${Math.floor(Date.now() / 1000) + validSeconds}:${options.asUser ?? this.user}`;
    const password = createHmac('sha256', options.secret ?? this.#options.secret)
      .update(username)
      .digest('base64');
    const uri = `sip:${this.domain}`;
    const callId = token();
    const tag = token();
    const send = (cseq: number, extra: string[]) => {
      const expires = `Expires: ${options.expires ?? 600}`;
      const to = `<sip:${this.user}@${this.domain}>`;
      this.sendText(this.request('REGISTER', { uri, to, callId, tag, cseq, extra: [expires, ...extra] }));
      return this.response(callId, cseq);
    };
    const challenge = await send(1, []);
    if (challenge.status !== 401) return challenge;
    const field = (name: string) =>
      new RegExp(`${name}="([^"]*)"`).exec(challenge.header('www-authenticate') ?? '')?.[1] ?? '';
    const [realm, nonce, cnonce, nc] = [field('realm'), field('nonce'), token(), '00000001'];
    const secret = md5(`${username}:${realm}:${password}`);
    const response = md5(`${secret}:${nonce}:${nc}:${cnonce}:auth:${md5(`REGISTER:${uri}`)}`);
    return send(2, [
      `Authorization: Digest algorithm=MD5, username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
        `response="${response}", qop=auth, cnonce="${cnonce}", nc=${nc}`,
    ]);
  }

  /** Sends INVITE; the dialog tells what came of it. */
  invite(
    number: string,
    options: { grant?: string | null; body?: string; extra?: string[]; callId?: string; from?: string } = {},
  ): RawDialog {
    const { grant = 'grant', body = sampleOffer(), extra = [] } = options;
    const dialog = new RawDialog(this, {
      callId: options.callId ?? token(),
      remoteUri: `sip:${number}@${this.domain}`,
    });
    const headers = grant === null ? extra : [`X-Call-Grant: ${grant}`, ...extra];
    dialog.sendInvite({ extra: headers, body, ...(options.from === undefined ? {} : { from: options.from }) });
    return dialog;
  }

  /** Text of a request, for whatever should be sent or broken. */
  request(method: string, parts: RequestParts): string {
    const { uri, to, callId, tag, cseq, extra = [], body = '', branch = `z9hG4bK${token()}` } = parts;
    const from = parts.from ?? this.user;
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/WS ${this.host};branch=${branch}`,
      'Max-Forwards: 70',
      `From: <sip:${from}@${this.domain}>;tag=${tag}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: ${parts.contact ?? this.contact}`,
      ...extra,
      ...(body ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  }

  /** The final response to a request of ours; a CANCEL has the CSeq of its INVITE and is not meant. */
  response(callId: string, cseq: number, withinMs = PATIENCE_MS): Promise<SipMessage> {
    return this.until(
      (message) =>
        message.status >= 200 &&
        message.header('call-id') === callId &&
        cseqOf(message) === cseq &&
        !message.header('cseq')?.endsWith(' CANCEL'),
      withinMs,
    );
  }

  /** The first message, also one that has arrived already, that fits. Rejects after the time. */
  async until(fits: (message: SipMessage) => boolean, withinMs = PATIENCE_MS): Promise<SipMessage> {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      const found = this.received.find(fits);
      if (found) return found;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw new Error(`Nothing fitting came within ${withinMs} ms:\n${this.transcript()}`);
      await this.#wait(leftMs);
    }
  }

  async untilClosed(withinMs = PATIENCE_MS): Promise<void> {
    const deadlineMs = performance.now() + withinMs;
    while (!this.#isClosed) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw new Error('The socket stayed open.');
      await this.#wait(leftMs);
    }
  }

  transcript(): string {
    return this.received.map((message) => `  ${message.text.split('\r\n')[0]}`).join('\n');
  }

  /** The INVITE that rings this client, as a dialog of which it is the called side. */
  async incoming(withinMs = PATIENCE_MS): Promise<{ readonly invite: SipMessage; readonly dialog: RawDialog }> {
    const invite = await this.until((message) => message.method === 'INVITE', withinMs);
    const remoteUri = /<([^>]*)>/.exec(invite.header('contact') ?? '')?.[1] ?? '';
    const dialog = new RawDialog(this, { callId: invite.header('call-id') ?? '', remoteUri });
    dialog.becomeCallee(invite, this.#tagFor(invite));
    return { invite, dialog };
  }

  answer(request: SipMessage, status: number, options: { readonly body?: string } = {}): void {
    const { body = '' } = options;
    const to = request.header('to') ?? '';
    this.sendText(
      [
        `SIP/2.0 ${status} ${status === 200 ? 'OK' : 'Answer'}`,
        ...request.headers('via').map((via) => `Via: ${via}`),
        `From: ${request.header('from')}`,
        `To: ${/;tag=/.test(to) || status === 100 ? to : `${to};tag=${this.#tagFor(request)}`}`,
        `Call-ID: ${request.header('call-id')}`,
        `CSeq: ${request.header('cseq')}`,
        `Contact: ${this.contact}`,
        ...(body ? ['Content-Type: application/sdp'] : []),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  #tagFor(request: SipMessage): string {
    return `callee${md5(request.header('call-id') ?? '').slice(0, 8)}`;
  }

  #receive(text: string): void {
    const message = readSipMessage(text);
    this.received.push(message);
    if (message.method) this.#behave(message);
    this.#wake();
  }

  #behave(request: SipMessage): void {
    if (!this.manners.answersRequests || request.method === 'ACK') return;
    if (request.method !== 'INVITE') this.answer(request, 200);
    else if (this.manners.inviteAnswer !== null) {
      this.answer(request, 180);
      const isAccepted = this.manners.inviteAnswer < 300;
      this.answer(request, this.manners.inviteAnswer, isAccepted ? { body: sampleAnswer() } : {});
    }
  }

  #wait(forMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiters.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, forMs);
      this.#waiters.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiters]) wake();
  }
}
