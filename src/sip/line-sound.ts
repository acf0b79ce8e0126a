export type Ring = 'ringtone' | 'ringback' | 'call_waiting' | 'silence';

/** What the person hears: the far side, and the tones of the phone itself. */
export interface LineSound {
  /** Plays the far side's stream through the one persistent audio element; null stops it. */
  playRemote(stream: MediaStream | null): void;
  playKeyTone(digit: string): void;
  playWarningTone(): void;
  /** Loops until another ring (or silence) is asked for. */
  setRing(ring: Ring): void;
  /** After a gesture: resumes whatever the browser's autoplay policy had stopped. */
  unblock(): void;
  /** Called with every change; sound counts as free until the browser has refused some. */
  onBlockedChange(listener: (isBlocked: boolean) => void): void;
  close(): void;
}
