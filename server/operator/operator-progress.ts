/** How far a long command is: a bar where somebody watches, a plain line every few seconds where a log is written. On stderr. */
import { SingleBar } from 'cli-progress';

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface ProgressOptions {
  /** "checking". */
  readonly what: string;
  /** "rows". */
  readonly unit: string;
  /** Left out: whether stderr is a terminal. */
  readonly isTerminal?: boolean;
  readonly write?: (line: string) => void;
  readonly nowMs?: () => number;
}

export interface OperatorProgress {
  update(progress: Progress): void;
  /** Takes the bar away. Once only. */
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

export function createProgress({
  what,
  unit,
  isTerminal = process.stderr.isTTY,
  write = (line) => process.stderr.write(`${line}\n`),
  nowMs = () => performance.now(),
}: ProgressOptions): OperatorProgress {
  const startedAtMs = nowMs();
  const pace = (progress: Progress) => paceWords(progress, { unit, elapsedMs: nowMs() - startedAtMs });
  return isTerminal ? barProgress(what, pace) : lineProgress({ what, pace, write, nowMs });
}

function barProgress(what: string, pace: (progress: Progress) => string): OperatorProgress {
  const bar = new SingleBar({
    format: `${what} {bar} {percentage} % | {pace}`,
    clearOnComplete: true,
    hideCursor: true,
  });
  let isStarted = false;
  return {
    update(progress) {
      const words = { pace: pace(progress) };
      if (!isStarted) bar.start(progress.total, progress.done, words);
      isStarted = true;
      bar.update(progress.done, words);
    },
    stop() {
      if (isStarted) bar.stop();
    },
  };
}

function lineProgress({
  what,
  pace,
  write,
  nowMs,
}: Required<Pick<ProgressOptions, 'what' | 'write' | 'nowMs'>> & {
  readonly pace: (progress: Progress) => string;
}): OperatorProgress {
  let nextAtMs = nowMs() + LINE_EVERY_MS;
  return {
    update(progress) {
      if (nowMs() < nextAtMs) return;
      nextAtMs = nowMs() + LINE_EVERY_MS;
      write(`${what}: ${pace(progress)}`);
    },
    stop: () => undefined,
  };
}

function paceWords(
  { done, total }: Progress,
  { unit, elapsedMs }: { readonly unit: string; readonly elapsedMs: number },
): string {
  const perSecond = elapsedMs > 0 ? (done * 1_000) / elapsedMs : 0;
  const left = perSecond > 0 ? `, ${durationWords((total - done) / perSecond)} left` : '';
  return `${grouped(done)} of ${grouped(total)} ${unit}, ${grouped(Math.round(perSecond))} a second${left}`;
}

function durationWords(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
