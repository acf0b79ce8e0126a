/**
 * In a real host page its own backend signs this token for the person who is signed in. The demo's server signs one for
 * whoever is chosen in the page header: that is what makes it a demo.
 */
export interface DemoPerson {
  readonly personId: string;
  readonly name: string;
  readonly title: string;
}

export async function demoPeople(): Promise<readonly DemoPerson[]> {
  const answer = await fetch('/demo/people');
  if (!answer.ok) throw new Error(`The demo server answered ${answer.status} when asked who can sign in.`);
  // The demo's own server made this a moment ago from the same list.
  return (await answer.json()) as readonly DemoPerson[];
}

export function tokenSource(personId: string): () => Promise<string> {
  return async () => {
    const answer = await fetch(`/demo/token/${encodeURIComponent(personId)}`, { method: 'POST' });
    if (!answer.ok) throw new Error(`The demo server answered ${answer.status} when asked for a token.`);
    return answer.text();
  };
}
