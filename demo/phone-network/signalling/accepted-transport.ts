/**
 * The server side of RFC 7118: a sip.js Transport over a WebSocket that somebody else accepted. sip.js sees one transport that is
 * always connected; the socket below it can be lost and replaced (`attach`), which is how a call outlives its WebSocket.
 */
import { type Transport, TransportState } from 'sip.js';
import { EmitterImpl } from 'sip.js/lib/api/emitter.js';
import type { WebSocket } from 'ws';

export class AcceptedTransport implements Transport {
  /** Via sent-protocol; browsers do not care, RFC 7118 section 5.2 asks for WS or WSS. */
  readonly protocol = 'WSS';
  readonly stateChange = new EmitterImpl<TransportState>();
  state: TransportState = TransportState.Disconnected;
  onConnect: (() => void) | undefined;
  onDisconnect: ((error?: Error) => void) | undefined;
  onMessage: ((message: string) => void) | undefined;
  #socket: WebSocket | null = null;

  attach(socket: WebSocket): void {
    this.#socket = socket;
  }

  /** Forgets the socket, unless another one has taken its place already. */
  detach(socket: WebSocket): void {
    if (this.#socket === socket) this.#socket = null;
  }

  isAttached(): boolean {
    return this.#socket !== null && this.#socket.readyState === this.#socket.OPEN;
  }

  isConnected(): boolean {
    return this.state === TransportState.Connected;
  }

  async connect(): Promise<void> {
    this.#become(TransportState.Connecting);
    this.#become(TransportState.Connected);
    this.onConnect?.();
  }

  async disconnect(): Promise<void> {
    this.#become(TransportState.Disconnected);
  }

  async dispose(): Promise<void> {
    this.#socket = null;
    await this.disconnect();
  }

  /** Rejects when the browser is away: sip.js takes that as a transport error of this one message. */
  async send(message: string): Promise<void> {
    const socket = this.#socket;
    if (!socket || socket.readyState !== socket.OPEN) throw new Error('The WebSocket of this flow is lost.');
    socket.send(message);
  }

  #become(state: TransportState): void {
    if (this.state === state) return;
    this.state = state;
    this.stateChange.emit(state);
  }
}
