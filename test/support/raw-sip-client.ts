/**
 * A SIP client that writes its messages by hand over a WebSocket and so can do everything that a browser's library would not: never
 * acknowledge, ignore BYE, forge sequence numbers and tags, send nonsense. Made for the edge conformance suite.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';

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

export function sampleOffer(direction = 'sendrecv', fragment = 'abcd'): string {
  const fingerprint = Array.from({ length: 32 }, () => 'AA').join(':');
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 0',
    'c=IN IP4 127.0.0.1',
    'a=rtcp-mux',
    `a=ice-ufrag:${fragment}`,
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
    'a=mid:0',
    `a=${direction}`,
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:0 PCMU/8000',
    '',
  ].join('\r\n');
}

export function sampleAnswer(): string {
  return sampleOffer()
    .replace('a=setup:actpass', 'a=setup:active')
    .replace('111 0', '0')
    .replace(/a=rtpmap:111.*\r\n/, '');
}

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
  response(callId: string, cseq: number, withinMs = 5_000): Promise<SipMessage> {
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
  async until(fits: (message: SipMessage) => boolean, withinMs = 5_000): Promise<SipMessage> {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      const found = this.received.find(fits);
      if (found) return found;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw new Error(`Nothing fitting came within ${withinMs} ms:\n${this.transcript()}`);
      await this.#wait(leftMs);
    }
  }

  async untilClosed(withinMs = 5_000): Promise<void> {
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
  async incoming(withinMs = 5_000): Promise<{ readonly invite: SipMessage; readonly dialog: RawDialog }> {
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
    const message = readMessage(text);
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

export interface RequestParts {
  readonly uri: string;
  readonly to: string;
  readonly callId: string;
  readonly tag: string;
  readonly cseq: number;
  readonly extra?: readonly string[];
  readonly body?: string;
  readonly from?: string;
  readonly contact?: string;
  readonly branch?: string;
}

/** One dialog of the raw client, with all the freedom to get it wrong. */
export class RawDialog {
  readonly callId: string;
  cseq = 1;
  readonly #client: RawSipClient;
  #localTag = token();
  #remote: string;
  #target: string;
  #routes: string[] = [];
  #inviteBranch = '';
  #inviteUri = '';

  constructor(client: RawSipClient, { callId, remoteUri }: { readonly callId: string; readonly remoteUri: string }) {
    this.#client = client;
    this.callId = callId;
    this.#target = remoteUri;
    this.#remote = `<${remoteUri}>`;
  }

  becomeCallee(invite: SipMessage, localTag: string): void {
    this.#localTag = localTag;
    this.#remote = invite.header('from') ?? '';
    this.#routes = invite.headers('record-route');
  }

  sendInvite({
    extra = [],
    body,
    from,
  }: {
    readonly extra?: readonly string[];
    readonly body: string;
    readonly from?: string;
  }): void {
    this.#inviteBranch = `z9hG4bK${token()}`;
    this.#inviteUri = this.#target;
    const parts = {
      uri: this.#target,
      to: this.#remote,
      callId: this.callId,
      tag: this.#localTag,
      cseq: this.cseq,
      extra,
      body,
    };
    this.#client.sendText(
      this.#client.request('INVITE', { ...parts, branch: this.#inviteBranch, ...(from === undefined ? {} : { from }) }),
    );
  }

  /** The final response to the first INVITE; acknowledged as the client's manners say. */
  async final(withinMs = 5_000): Promise<SipMessage> {
    const response = await this.#client.response(this.callId, 1, withinMs);
    if (response.status >= 300) this.#sendAck(response, this.#inviteUri, this.#inviteBranch);
    else this.#accepted(response);
    return response;
  }

  #accepted(response: SipMessage): void {
    this.#remote = response.header('to') ?? '';
    this.#target = /<([^>]*)>/.exec(response.header('contact') ?? '')?.[1] ?? this.#target;
    this.#routes = response.headers('record-route').reverse();
    const { ackDelayMs } = this.#client.manners;
    if (ackDelayMs === 0) this.#sendAck(response, this.#target);
    else if (ackDelayMs !== null) setTimeout(() => this.#sendAck(response, this.#target), ackDelayMs);
  }

  #sendAck(response: SipMessage, uri: string, branch = `z9hG4bK${token()}`): void {
    const extra = this.#routes.map((route) => `Route: ${route}`);
    const parts = {
      uri,
      to: response.header('to') ?? '',
      callId: this.callId,
      tag: this.#localTag,
      cseq: cseqOf(response),
      extra,
      branch,
    };
    this.#client.sendText(this.#client.request('ACK', parts));
  }

  cancel(): void {
    const parts = { uri: this.#inviteUri, to: this.#remote, callId: this.callId, tag: this.#localTag, cseq: 1 };
    this.#client.sendText(this.#client.request('CANCEL', { ...parts, branch: this.#inviteBranch }));
  }

  /** An in-dialog request; returns its CSeq. */
  send(method: string, options: InDialogOptions = {}): number {
    this.#client.sendText(this.text(method, options));
    return this.cseq;
  }

  /** The same as text, for somebody else to send. */
  text(method: string, options: InDialogOptions = {}): string {
    this.cseq = options.cseq ?? this.cseq + 1;
    const { body = '', contact, remoteTag } = options;
    const extra = [...this.#routes.map((route) => `Route: ${route}`), ...(options.extra ?? [])];
    const to = remoteTag === undefined ? this.#remote : this.#remote.replace(/tag=[^;]*/, `tag=${remoteTag}`);
    const parts = { uri: this.#target, to, callId: this.callId, tag: this.#localTag, cseq: this.cseq, extra, body };
    return this.#client.request(method, { ...parts, ...(contact === undefined ? {} : { contact }) });
  }

  /** Sends and waits for the final response; acknowledges that of an INVITE. */
  async ask(method: string, options: InDialogOptions = {}): Promise<SipMessage> {
    const response = await this.#client.response(this.callId, this.send(method, options));
    if (method === 'INVITE') this.#sendAck(response, this.#target);
    return response;
  }

  /** BYE of the other side. */
  bye(withinMs = 5_000): Promise<SipMessage> {
    return this.#client.until(
      (message) => message.method === 'BYE' && message.header('call-id') === this.callId,
      withinMs,
    );
  }

  hasBye(): boolean {
    return this.#client.received.some(
      (message) => message.method === 'BYE' && message.header('call-id') === this.callId,
    );
  }
}

export interface InDialogOptions {
  readonly cseq?: number;
  readonly remoteTag?: string;
  readonly contact?: string;
  readonly extra?: readonly string[];
  readonly body?: string;
}

function cseqOf(message: SipMessage): number {
  return Number.parseInt(message.header('cseq') ?? '0', 10);
}

function readMessage(text: string): SipMessage {
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
