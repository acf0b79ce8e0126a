/** The moment at which a server is killed: seen by those outside whom it talks to, who are told nothing before it is dead. */
import type { Outside } from './killed-home.ts';

export type Moment =
  /** Whatever it is doing. */
  'any' | 'order heard' | 'order done' | 'order asked about' | 'release done' | 'webhook heard' | 'mail taken';

export interface KillingMoment {
  readonly moment: Moment;
  /** Of those, the so-manieth. */
  readonly count: number;
  /** The moment may not come at all. */
  readonly atLatestMs: number;
}

/** `kill` is called in that very moment, before anybody is answered. Resolves when it is done. */
export function atMoment(outside: Outside, wish: KillingMoment, kill: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = wish.count;
    const strike = () => {
      clearTimeout(timer);
      watch(outside, null);
      kill().then(resolve, reject);
    };
    const timer = setTimeout(strike, wish.atLatestMs);
    watch(outside, (moment) => {
      if (moment === wish.moment) left -= 1;
      if (left === 0) strike();
    });
  });
}

function watch({ telnyx, host, smtp }: Outside, see: ((moment: Moment) => void) | null): void {
  host.witness = see && (() => see('webhook heard'));
  smtp.witness = see && (() => see('mail taken'));
  telnyx.witness =
    see &&
    ((request, when) => {
      if (request === 'POST /number_orders') see(when === 'before' ? 'order heard' : 'order done');
      else if (request.startsWith('GET /number_orders') && when === 'after') see('order asked about');
      else if (request.startsWith('DELETE') && when === 'after') see('release done');
    });
}
