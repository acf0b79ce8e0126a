/** A dialog of the raw SIP client, with all the freedom to get it wrong. */
import { randomBytes } from 'node:crypto';
import { cseqOf, PATIENCE_MS, type SipMessage } from './sip-message.ts';

/** What a dialog needs of the client that it belongs to. */
export interface DialogClient {
  readonly received: readonly SipMessage[];
  /** Sends ACK for 200 OK after so many milliseconds; null never does. */
  readonly manners: { readonly ackDelayMs: number | null };
  sendText(text: string): void;
  request(method: string, parts: RequestParts): string;
  response(callId: string, cseq: number, withinMs?: number): Promise<SipMessage>;
  until(fits: (message: SipMessage) => boolean, withinMs?: number): Promise<SipMessage>;
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

export interface InDialogOptions {
  readonly cseq?: number;
  readonly remoteTag?: string;
  readonly contact?: string;
  readonly extra?: readonly string[];
  readonly body?: string;
}

const token = () => randomBytes(6).toString('hex');

export class RawDialog {
  readonly callId: string;
  cseq = 1;
  readonly #client: DialogClient;
  #localTag = token();
  #remote: string;
  #target: string;
  #routes: string[] = [];
  #inviteBranch = '';
  #inviteUri = '';

  constructor(client: DialogClient, { callId, remoteUri }: { readonly callId: string; readonly remoteUri: string }) {
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
  async final(withinMs = PATIENCE_MS): Promise<SipMessage> {
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
  bye(withinMs = PATIENCE_MS): Promise<SipMessage> {
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
