/** A progress bar for long imports; silent where nobody watches. */
import { SingleBar } from 'cli-progress';

export interface RateProgress {
  update(progress: { readonly rowCount: number; readonly share: number }): void;
  stop(): void;
}

export function createRateProgress(): RateProgress {
  const bar = new SingleBar({
    format: '{bar} {percentage} % | {rowCount} rows',
    noTTYOutput: false,
    clearOnComplete: true,
  });
  let isStarted = false;
  return {
    update({ rowCount, share }) {
      if (!isStarted) bar.start(100, 0, { rowCount: 0 });
      isStarted = true;
      bar.update(Math.floor(share * 100), { rowCount });
    },
    stop() {
      if (isStarted) bar.stop();
    },
  };
}
