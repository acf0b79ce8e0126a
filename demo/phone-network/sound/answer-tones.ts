/** What the network says to a key: rising for "it begins", falling for "it ended", low twice for "refused". */
import type { ExtraChange } from '../metering/metered-extra.ts';
import { renderMuLaw } from './mu-law.ts';

const NOTE_SECONDS = 0.16;
const LOUDNESS = 0.3;
const [LOW_HZ, MIDDLE_HZ, HIGH_HZ] = [220, 660, 880];

/** Each note swells and fades, so that nothing clicks between them. */
function tone(notesHz: readonly number[]): Buffer {
  return renderMuLaw(notesHz.length * NOTE_SECONDS, (time) => {
    const note = Math.floor(time / NOTE_SECONDS);
    const swell = Math.sin((Math.PI * (time - note * NOTE_SECONDS)) / NOTE_SECONDS);
    return LOUDNESS * swell * Math.sin(2 * Math.PI * (notesHz[note] ?? 0) * time);
  });
}

export const ANSWER_TONES: Readonly<Record<ExtraChange, Buffer>> = {
  started: tone([MIDDLE_HZ, HIGH_HZ]),
  stopped: tone([HIGH_HZ, MIDDLE_HZ]),
  refused: tone([LOW_HZ, LOW_HZ]),
};
