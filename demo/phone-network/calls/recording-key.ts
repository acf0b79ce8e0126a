/**
 * Star and one begin a recording and end it, as on a desk phone. The demo keeps nothing: what is real is that the recording is asked for,
 * paid by the minute and refused without credit (F-07), and that a tone says so.
 */

import type { MeteredCall } from '../metering/metered-call.ts';
import { type ExtraChange, MeteredExtra } from '../metering/metered-extra.ts';
import type { Switchboard } from './switchboard.ts';

export interface RecordingOptions {
  readonly switchboard: Switchboard;
  readonly call: MeteredCall;
  readonly onChange: (change: ExtraChange) => void;
}

/** Takes the call's keys, one after the other. */
export function recordingKey({ switchboard, call, onChange }: RecordingOptions): (key: string) => void {
  const { clock, gate } = switchboard;
  const recording = new MeteredExtra({ call, kind: 'recording', clock, gate, onChange });
  let keyBefore = '';
  return (key) => {
    const isAsked = keyBefore === '*' && key === '1';
    keyBefore = key;
    if (isAsked) void recording.toggle();
  };
}
