/** How the far side sounds, about once a second, from the browser's own measurements (W3C WebRTC statistics). */
import type { Clock, MediaQuality, Unsubscribe } from '../phone/ports.ts';

const SAMPLE_INTERVAL_MS = 1000;

/** What one look at the statistics tells; counters run from the start of the call. */
export interface MediaSample {
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly jitterSeconds: number;
  /** Null until the other side has sent a report. */
  readonly roundTripSeconds: number | null;
  /** Sum of level squared times seconds, and those seconds: between two samples they give the mean power, however short a sound was. */
  readonly audioEnergy: number;
  readonly audioSeconds: number;
}

/** Thresholds: packet loss as a share, times in seconds. Those of Twilio's call warnings are 'fair'; at 'poor' people start to complain. */
const FAIR = { loss: 0.03, jitterSeconds: 0.03, roundTripSeconds: 0.4 } as const;
const POOR = { loss: 0.08, jitterSeconds: 0.06, roundTripSeconds: 0.8 } as const;

/** Judges the time between two samples; nothing at all received in it is 'poor'. */
export function qualityBetween(before: MediaSample, now: MediaSample): MediaQuality {
  const received = now.packetsReceived - before.packetsReceived;
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  if (received <= 0) return 'poor';
  const measured = { loss: lost / (lost + received), jitter: now.jitterSeconds, roundTrip: now.roundTripSeconds ?? 0 };
  if (exceeds(measured, POOR)) return 'poor';
  return exceeds(measured, FAIR) ? 'fair' : 'good';
}

function exceeds(
  measured: { readonly loss: number; readonly jitter: number; readonly roundTrip: number },
  limit: typeof FAIR | typeof POOR,
): boolean {
  return (
    measured.loss > limit.loss || measured.jitter > limit.jitterSeconds || measured.roundTrip > limit.roundTripSeconds
  );
}

/**
 * How loud it was between two samples, 0 to 1: the square root of the root mean square, so that speech (about 0.1) fills a third of a
 * meter. A level read at one moment would miss whatever sounds between the moments.
 */
export function loudnessBetween(before: MediaSample, now: MediaSample): number {
  const seconds = now.audioSeconds - before.audioSeconds;
  if (seconds <= 0) return 0;
  const meanSquare = Math.max(0, now.audioEnergy - before.audioEnergy) / seconds;
  return Math.min(1, meanSquare ** 0.25);
}

/** Null before the first packet. */
export function readSample(report: RTCStatsReport): MediaSample | null {
  let inbound: RTCInboundRtpStreamStats | null = null;
  let roundTripSeconds: number | null = null;
  // RTCStatsReport is untyped in TypeScript's DOM library; `type` says which dictionary an entry is.
  report.forEach((entry: RTCStats) => {
    if (entry.type === 'inbound-rtp') inbound = entry as RTCInboundRtpStreamStats;
    if (entry.type === 'remote-inbound-rtp') {
      roundTripSeconds = (entry as RTCStats & { roundTripTime?: number }).roundTripTime ?? roundTripSeconds;
    }
  });
  return inbound === null ? null : sampleOf(inbound, roundTripSeconds);
}

function sampleOf(inbound: RTCInboundRtpStreamStats, roundTripSeconds: number | null): MediaSample {
  return {
    packetsReceived: inbound.packetsReceived ?? 0,
    packetsLost: inbound.packetsLost ?? 0,
    jitterSeconds: inbound.jitter ?? 0,
    roundTripSeconds,
    audioEnergy: inbound.totalAudioEnergy ?? 0,
    audioSeconds: inbound.totalSamplesDuration ?? 0,
  };
}

/** Reports until unsubscribed. The first report comes with the second sample. */
export function watchQuality(
  source: { readonly getStats: () => Promise<RTCStatsReport>; readonly clock: Clock },
  report: (quality: MediaQuality, level: number) => void,
): Unsubscribe {
  let before: MediaSample | null = null;
  let isWatching = true;
  let cancelTimer: Unsubscribe = () => undefined;
  const look = async (): Promise<void> => {
    const now = readSample(await source.getStats());
    if (!isWatching) return;
    if (before !== null && now !== null) report(qualityBetween(before, now), loudnessBetween(before, now));
    before = now ?? before;
    wait();
  };
  const wait = (): void => {
    cancelTimer = source.clock.after(SAMPLE_INTERVAL_MS, () => void look());
  };
  wait();
  return () => {
    isWatching = false;
    cancelTimer();
  };
}
