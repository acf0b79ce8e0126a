/**
 * sip.js SessionDescriptionHandler for calls between two widgets: descriptions pass through untouched, the audio goes from browser to
 * browser. A later offer of one side (hold, resume, ICE restart) becomes a re-INVITE to the other.
 */
import type { BodyAndContentType, Session, SessionDescriptionHandler } from 'sip.js';
import { SDP_TYPE } from './leg-description-handler.ts';

/** How long a re-INVITE waits for the other side to be ready for one, and for its answer. */
const QUIET_WAIT_MS = 2_000;
const QUIET_STEP_MS = 20;

export class BridgeDescriptionHandler implements SessionDescriptionHandler {
  #peer: { readonly session: Session; readonly handler: BridgeDescriptionHandler } | null = null;
  #received: string | null = null;
  #toSend: string | null = null;

  /** Both sides must know each other before the first later offer. */
  connect(peer: { readonly session: Session; readonly handler: BridgeDescriptionHandler }): void {
    this.#peer = peer;
  }

  /** What this side hands out next: the other side's offer or answer. */
  handOut(description: string): void {
    this.#toSend = description;
  }

  hasDescription(contentType: string): boolean {
    return contentType === SDP_TYPE;
  }

  async setDescription(description: string): Promise<void> {
    this.#received = description;
  }

  async getDescription(): Promise<BodyAndContentType> {
    const waiting = this.#toSend;
    this.#toSend = null;
    return { body: waiting ?? (await this.#askPeer()), contentType: SDP_TYPE };
  }

  async #askPeer(): Promise<string> {
    const peer = this.#peer;
    const offer = this.#received;
    if (!peer || offer === null) throw new Error('There is no other side to ask.');
    await untilQuiet(peer.session);
    peer.handler.handOut(offer);
    return new Promise((resolve, reject) => {
      const refuse = (reason: string) => reject(new Error(`The other side did not take the offer: ${reason}`));
      peer.session
        .invite({
          requestDelegate: {
            onAccept: (response) => resolve(response.message.body),
            onReject: (response) => refuse(String(response.message.statusCode)),
          },
        })
        .catch((error: unknown) => refuse(String(error)));
    });
  }

  async rollbackDescription(): Promise<void> {
    this.#received = null;
    this.#toSend = null;
  }

  sendDtmf(): boolean {
    return false;
  }

  close(): void {
    this.#peer = null;
  }
}

/** The other side's last offer may not have been acknowledged yet; an INVITE now would be refused with 488 or 491. */
async function untilQuiet(session: Session): Promise<void> {
  // Private in the typings, but the only place where sip.js says that a re-INVITE is under way.
  const busy = session as unknown as { readonly pendingReinvite: boolean; readonly pendingReinviteAck: boolean };
  for (let waitedMs = 0; waitedMs < QUIET_WAIT_MS; waitedMs += QUIET_STEP_MS) {
    if (!busy.pendingReinvite && !busy.pendingReinviteAck && String(session.dialog?.signalingState) === 'Stable')
      return;
    await new Promise((resolve) => setTimeout(resolve, QUIET_STEP_MS));
  }
}
