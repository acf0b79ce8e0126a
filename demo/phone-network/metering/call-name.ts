/** What an edge knows a call by. Browsers make call ids, so one account could choose the id of another one's call: both parts count. */
export interface CallName {
  readonly accountId: string;
  readonly callId: string;
}

export function callKey({ accountId, callId }: CallName): string {
  return JSON.stringify([accountId, callId]);
}
