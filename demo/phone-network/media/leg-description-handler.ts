/** sip.js SessionDescriptionHandler for calls whose audio ends in the network. */
import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';
import type { MediaLeg } from './media-leg.ts';

export const SDP_TYPE = 'application/sdp';

export class LegDescriptionHandler implements SessionDescriptionHandler {
  readonly #leg: MediaLeg;
  #isOffering = false;
  #remoteOffer: string | null = null;

  constructor(leg: MediaLeg) {
    this.#leg = leg;
  }

  hasDescription(contentType: string): boolean {
    return contentType === SDP_TYPE;
  }

  async setDescription(description: string): Promise<void> {
    if (this.#isOffering) {
      this.#isOffering = false;
      this.#leg.accept(description);
    } else {
      this.#remoteOffer = description;
    }
  }

  async getDescription(): Promise<BodyAndContentType> {
    const offer = this.#remoteOffer;
    if (offer === null) {
      this.#isOffering = true;
      return { body: await this.#leg.offer(), contentType: SDP_TYPE };
    }
    this.#remoteOffer = null;
    return { body: await this.#leg.answer(offer), contentType: SDP_TYPE };
  }

  async rollbackDescription(): Promise<void> {
    this.#isOffering = false;
    this.#remoteOffer = null;
  }

  sendDtmf(): boolean {
    return false;
  }

  close(): void {
    this.#leg.close();
  }
}
