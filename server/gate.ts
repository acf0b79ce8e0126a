/** The gate as a plain (Request) => Promise<Response>, mountable in any application. */

/** What the transport knows and a Request does not tell. */
export interface Peer {
  /** IP address of the other side, for limits by address; null when unknown. */
  readonly address: string | null;
}

export interface Gate {
  fetch(request: Request, peer?: Peer): Promise<Response>;
  /** Ends every event stream; requests after that are answered `unavailable`. */
  close(): Promise<void>;
}
