/** What `npm run demo:many` prints: what to open, whom to kill, and what to watch meanwhile. */
import { ANSWERED_BY } from './load-balancer.ts';
import type { FleetServer } from './server-fleet.ts';

export interface FleetFacts {
  /** Of the load balancer. */
  readonly url: string;
  readonly servers: readonly Pick<FleetServer, 'number' | 'processId'>[];
  readonly database: {
    readonly place: string;
    /** With its password, so only for one of our own; null: somebody else's, not ours to show or to kill. */
    readonly own: { readonly processId: number; readonly url: string } | null;
  };
  readonly logFolder: string;
  /** Of a server, and of the database. */
  readonly restartAfterSeconds: { readonly server: number; readonly database: number };
}

export function fleetGreeting({ url, servers, database, logFolder, restartAfterSeconds }: FleetFacts): string {
  const victims = [
    ...servers.map(({ number, processId }) => `server ${number}      kill -9 ${processId}`),
    ...(database.own === null ? [] : [`PostgreSQL    kill -9 ${database.own.processId}`]),
  ];
  const data = database.own === null ? 'it stays' : 'made for this demo and removed with it';
  const audit = `${database.own === null ? '' : `DATABASE_URL=${database.own.url} `}npm run -s operator -- ledger check`;
  return `
  credit-phone demo    ${url}    ${servers.length} servers behind a load balancer, one PostgreSQL

  Open     ${url}/?as=sam and in a second window ${url}/?as=dana, the admin
  Call     600 in Sam's window, then kill whom you like, from another terminal:

             ${victims.join('\n             ')}

  Watch    the call go on, cost and credit run in both windows, Dana add credit; hang up: charged once.
           A server that died is started again after ${restartAfterSeconds.server} s, PostgreSQL after ${restartAfterSeconds.database} s.
  Audit    ${audit}
  Who      for i in 1 2 3; do curl -si ${url}/healthz | grep ${ANSWERED_BY}; done

  One process keeps the load balancer, the phone network and the page: don't kill ${process.pid}.
  Data in ${database.place}, ${data}. Logs in ${logFolder}. Stop with Ctrl+C.
`;
}
