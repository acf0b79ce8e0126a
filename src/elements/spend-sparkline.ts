import { type SVGTemplateResult, svg } from 'lit';

/** The drawing's own units; it is stretched to the room there is. */
const WIDTH = 70;
const HEIGHT = 24;
const GAP = 3;
/** A day without spend is a line, not a gap. */
const LEAST = 1;

/** One bar for each amount, the highest as high as the drawing. Without words: whoever draws it says the numbers beside it. */
export function sparkline(amounts: readonly number[]): SVGTemplateResult {
  const most = Math.max(1, ...amounts);
  const step = WIDTH / Math.max(1, amounts.length);
  return svg`<svg class="sparkline" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${amounts.map(
    (amount, index) => {
      const height = Math.max(LEAST, (HEIGHT * Math.max(0, amount)) / most);
      return svg`<rect x=${index * step} y=${HEIGHT - height} width=${step - GAP} height=${height}></rect>`;
    },
  )}</svg>`;
}
