/** Ends a sip.js session in whatever way its state asks for, and ties sessions to metered calls. */
import { type Info, Invitation, Inviter, type Session, SessionState } from 'sip.js';
import { endingHeaders, endingStatus, lineText } from '../metering/ending-on-the-line.ts';
import type { CallEnding, MeteredCall } from '../metering/metered-call.ts';
import type { Problem } from './switchboard.ts';

export type OnProblem = (problem: Problem) => void;

const CANCELLED: CallEnding = { reason: 'cancelled', text: 'cancelled' };
const HUNG_UP: CallEnding = { reason: 'hung_up', text: 'hung up' };
const SIGNALLING_ENDED: CallEnding = { reason: 'failed', text: 'the signalling ended' };

/** BYE, CANCEL or a final response. The meter has stopped already; what the peer makes of it changes nothing. */
export function endSession(session: Session, ending: CallEnding, onProblem: OnProblem): void {
  farewell(session, ending).catch((error: unknown) => {
    onProblem({ what: `a ${ending.reason} could not be said`, cause: String(error) });
  });
}

async function farewell(session: Session, ending: CallEnding): Promise<void> {
  const extraHeaders = endingHeaders(ending);
  const isBeginning = session.state === SessionState.Initial || session.state === SessionState.Establishing;
  if (session.state === SessionState.Established) {
    await session.bye({ requestOptions: { extraHeaders } });
  } else if (isBeginning && session instanceof Invitation) {
    const reasonPhrase = lineText(ending.text);
    await session.reject({ statusCode: endingStatus(ending), reasonPhrase, extraHeaders });
  } else if (isBeginning && session instanceof Inviter) {
    await session.cancel({ extraHeaders });
  }
}

export interface SessionTie {
  readonly call: MeteredCall;
  readonly onKey: (key: string) => void;
  readonly onProblem: OnProblem;
  /** Takes INFO of this side; the default reads DTMF from it. */
  readonly onInfo?: (info: Info) => void;
}

/** The widget's side of a call: its BYE and CANCEL end the call, the end of the call ends it. */
export function tieSession(session: Session, { call, onKey, onProblem, onInfo }: SessionTie): void {
  let heard: CallEnding = SIGNALLING_ENDED;
  session.delegate = {
    // sip.js ends the session right after this, and the listener below the call. Ending it here would say BYE to a BYE.
    onBye: (bye) => {
      heard = HUNG_UP;
      bye.accept().catch(() => undefined);
    },
    // sip.js answers the CANCEL and its INVITE itself, right after this, and ends the session.
    onCancel: () => {
      heard = CANCELLED;
    },
    onInfo: onInfo ?? ((info) => takeKey(info, onKey)),
    // Nobody is called because a peer says so: a REFER without a delegate would be followed by sip.js.
    onRefer: (referral) => {
      referral.reject().catch(() => undefined);
    },
  };
  session.stateChange.addListener((state) => {
    if (state === SessionState.Terminated) call.end(heard);
  });
  call.onEnded((ending) => endSession(session, ending, onProblem));
}

function takeKey(info: Info, onKey: (key: string) => void): void {
  const key = /^\s*Signal\s*=\s*([0-9*#A-D])/im.exec(info.request.body)?.[1];
  if (key !== undefined) onKey(key);
  info.accept().catch(() => undefined);
}
