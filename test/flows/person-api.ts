/** What one person can do with a token and nothing else: the HTTP addresses of the gate, without a widget. */
import { randomUUID } from 'node:crypto';
import { type CallAuthorization, callAuthorizationSchema } from '../../src/protocol/call.ts';

export interface Answer {
  readonly status: number;
  // Tests look into answers of many shapes.
  readonly body: Readonly<Record<string, unknown>>;
}

export interface PersonApi {
  readonly token: string;
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Asks for a call; what comes back is the server's yes or no. */
  tryToCall(number: string): Promise<Answer>;
  /** Asks for a call that must be granted. */
  authorize(number: string): Promise<CallAuthorization>;
}

/** Signed in at the demo as one of its people. */
export async function personApi(url: string, personId: string): Promise<PersonApi> {
  const answer = await fetch(`${url}/demo/token/${personId}`, { method: 'POST' });
  const token = await answer.text();
  const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // Every answer of the gate is a JSON object.
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  const tryToCall = (number: string) =>
    ask('POST', `/v1/calls/${randomUUID()}/authorize`, { to: number, callerNumber: null });
  return {
    token,
    ask,
    tryToCall,
    authorize: async (number) => callAuthorizationSchema.parse((await tryToCall(number)).body),
  };
}

/** Leaves the person's office exactly this much. */
export async function leaveCredit(
  url: string,
  office: { readonly agent: string; readonly admin: string; readonly amountMicros: number },
): Promise<void> {
  const emptied = await fetch(`${url}/demo/scenarios/empty/${office.agent}`, { method: 'POST' });
  if (!emptied.ok) throw new Error(await emptied.text());
  if (office.amountMicros > 0) await addCredit(url, office);
}

export async function addCredit(
  url: string,
  { admin, amountMicros }: { readonly admin: string; readonly amountMicros: number },
): Promise<void> {
  const api = await personApi(url, admin);
  const added = await api.ask('POST', '/v1/play-credit', { creditId: randomUUID(), amountMicros });
  if (added.status !== 200) throw new Error(JSON.stringify(added.body));
}
