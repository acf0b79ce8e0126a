/**
 * Which endpoint has which dialog, and which endpoints belong to a browser tab: how a call is found again from another WebSocket. Keys
 * carry the user, so nobody reaches another one's call by guessing its Call-ID.
 */
import type { SipEndpoint } from './sip-endpoint.ts';

export class FlowTable {
  readonly #byDialog = new Map<string, SipEndpoint>();
  readonly #byTab = new Map<string, Set<SipEndpoint>>();

  own(user: string, callId: string, endpoint: SipEndpoint): void {
    this.#byDialog.set(dialogKey(user, callId), endpoint);
  }

  findOwner(user: string, callId: string): SipEndpoint | null {
    return this.#byDialog.get(dialogKey(user, callId)) ?? null;
  }

  disown(user: string, callId: string): void {
    this.#byDialog.delete(dialogKey(user, callId));
  }

  belongsTo(user: string, tabKey: string, endpoint: SipEndpoint): void {
    const key = dialogKey(user, tabKey);
    this.#byTab.set(key, (this.#byTab.get(key) ?? new Set()).add(endpoint));
  }

  /** Endpoints with which this tab registered before and that are still there. */
  endpointsOf(user: string, tabKey: string): SipEndpoint[] {
    return [...(this.#byTab.get(dialogKey(user, tabKey)) ?? [])];
  }

  forget(endpoint: SipEndpoint): void {
    for (const [key, owner] of this.#byDialog) if (owner === endpoint) this.#byDialog.delete(key);
    for (const [key, endpoints] of this.#byTab) {
      endpoints.delete(endpoint);
      if (endpoints.size === 0) this.#byTab.delete(key);
    }
  }
}

function dialogKey(user: string, id: string): string {
  return `${user}\n${id}`;
}
