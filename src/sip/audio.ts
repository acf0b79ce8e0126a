/**
 * The page's loudspeaker: one <audio> element for the far side and one AudioContext for the tones, both for the life of the line.
 * New ones per call would leak contexts (browsers allow a handful) and lose the permission to play that a gesture gave to the old one.
 */
import type { Clock } from '../phone/ports.ts';
import type { LineSound, Ring } from './line-sound.ts';
import { CALL_WAITING, keyTone, RINGBACK, RINGTONE, renderTone, type Tone, WARNING } from './tones.ts';

const RING_TONES: Readonly<Record<Ring, Tone | null>> = {
  ringtone: RINGTONE,
  ringback: RINGBACK,
  call_waiting: CALL_WAITING,
  silence: null,
};

export function createAudio(clock: Clock): LineSound {
  return new PageAudio(clock);
}

class PageAudio implements LineSound {
  readonly #clock: Clock;
  readonly #element = document.createElement('audio');
  #context: AudioContext | null = null;
  #ring: Ring = 'silence';
  #ringSource: AudioBufferSourceNode | null = null;
  #areTonesBlocked = false;
  #isRemoteBlocked = false;
  #tellBlocked: (isBlocked: boolean) => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#element.autoplay = true;
    // iOS opens a full-screen player without it.
    this.#element.setAttribute('playsinline', '');
  }

  playRemote(stream: MediaStream | null): void {
    if (this.#element.srcObject === stream) return;
    this.#element.srcObject = stream;
    if (stream === null) this.#setBlocked({ isRemoteBlocked: false });
    else void this.#playElement();
  }

  playKeyTone(digit: string): void {
    const tone = keyTone(digit);
    if (tone !== null) this.#play(tone);
  }

  playWarningTone(): void {
    this.#play(WARNING);
  }

  setRing(ring: Ring): void {
    if (ring === this.#ring) return;
    this.#ring = ring;
    this.#ringSource?.stop();
    const tone = RING_TONES[ring];
    this.#ringSource = tone === null ? null : this.#play(tone);
    // What is not meant to sound cannot be blocked.
    if (tone === null) this.#setBlocked({ areTonesBlocked: false });
  }

  unblock(): void {
    if (this.#context !== null) void this.#resume(this.#context);
    if (this.#element.srcObject !== null) void this.#playElement();
  }

  onBlockedChange(listener: (isBlocked: boolean) => void): void {
    this.#tellBlocked = listener;
  }

  close(): void {
    this.setRing('silence');
    this.playRemote(null);
    const context = this.#context;
    this.#context = null;
    if (context !== null) void context.close();
  }

  #play(tone: Tone): AudioBufferSourceNode {
    const context = this.#openContext();
    const samples = renderTone(tone, context.sampleRate);
    const buffer = context.createBuffer(1, samples.length, context.sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(context, { buffer, loop: tone.isLooping });
    source.connect(context.destination);
    source.start();
    if (context.state !== 'running') void this.#resume(context);
    return source;
  }

  #openContext(): AudioContext {
    this.#context ??= new AudioContext({ latencyHint: 'interactive' });
    return this.#context;
  }

  /** resume() stays pending while the browser waits for a gesture, so the state is what tells. */
  async #resume(context: AudioContext): Promise<void> {
    const cancelDoubt = this.#clock.after(BLOCKED_AFTER_MS, () =>
      this.#setBlocked({ areTonesBlocked: context.state === 'suspended' && this.#ring !== 'silence' }),
    );
    try {
      await context.resume();
      this.#setBlocked({ areTonesBlocked: false });
    } catch {
      // The line was closed before the gesture came.
    } finally {
      cancelDoubt();
    }
  }

  async #playElement(): Promise<void> {
    try {
      await this.#element.play();
      this.#setBlocked({ isRemoteBlocked: false });
    } catch (error) {
      // AbortError: another stream took its place, which is no refusal.
      if (error instanceof DOMException && error.name === 'NotAllowedError')
        this.#setBlocked({ isRemoteBlocked: true });
    }
  }

  #setBlocked(change: { readonly areTonesBlocked?: boolean; readonly isRemoteBlocked?: boolean }): void {
    const wasBlocked = this.#areTonesBlocked || this.#isRemoteBlocked;
    this.#areTonesBlocked = change.areTonesBlocked ?? this.#areTonesBlocked;
    this.#isRemoteBlocked = change.isRemoteBlocked ?? this.#isRemoteBlocked;
    const isBlocked = this.#areTonesBlocked || this.#isRemoteBlocked;
    if (isBlocked !== wasBlocked) this.#tellBlocked(isBlocked);
  }
}

/** A context that has not started by then waits for a gesture. */
const BLOCKED_AFTER_MS = 300;
