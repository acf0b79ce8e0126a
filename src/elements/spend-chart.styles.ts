import { css, unsafeCSS } from 'lit';
import { SERIES_COLOURS } from './spend-colours.ts';

const series = SERIES_COLOURS.map(
  ({ light, dark }, index) => `.series-${index} { color: light-dark(${light}, ${dark}); }`,
).join('\n');

/**
 * What uPlot's own style sheet (MIT) says of the parts that are drawn here, word for word: a style sheet of the page does not reach into a
 * shadow root, and an element of its own would break a strict policy. A test compares them with the package.
 */
export const PLOT_RULES = `
.uplot, .uplot *, .uplot *::before, .uplot *::after {box-sizing: border-box;}
.u-wrap {position: relative;user-select: none;}
.u-over, .u-under {position: absolute;}
.u-under {overflow: hidden;}
.uplot canvas {display: block;position: relative;width: 100%;height: 100%;}
.u-axis {position: absolute;}
.u-select {background: rgba(0,0,0,0.07);position: absolute;pointer-events: none;}
.u-cursor-x, .u-cursor-y {position: absolute;left: 0;top: 0;pointer-events: none;will-change: transform;}
.u-hz .u-cursor-x, .u-vt .u-cursor-y {height: 100%;border-right: 1px dashed #607D8B;}
.u-axis.u-off, .u-select.u-off, .u-cursor-x.u-off, .u-cursor-y.u-off, .u-cursor-pt.u-off {display: none;}
`;

export const spendChartStyles = css`
  ${unsafeCSS(PLOT_RULES)}
  ${unsafeCSS(series)}
  :host {
    display: block;
  }
  figure {
    margin: 0;
  }
  /* Its colours are read by the drawing. Should they change (theme, system, host page), the transition tells, however short it is. */
  .plot {
    position: relative;
    block-size: 168px;
    border-radius: 4px;
    border-block-end: 0 solid var(--_line);
    background-color: var(--_surface);
    color: var(--_quiet);
    font-size: 11px;
    transition: color 1ms, background-color 1ms;
    touch-action: pan-y;
  }
  .plot .u-cursor-x.u-cursor-x {
    border-right-color: var(--_quiet);
  }
  .plot .u-cursor-pt {
    display: none;
  }
  .at {
    display: flex;
    justify-content: space-between;
    gap: 12px;
    min-block-size: 20px;
    font-weight: 600;
  }
  .legend li {
    display: grid;
    grid-template-columns: 14px minmax(0, 1fr) max-content;
    align-items: center;
    gap: 8px;
    padding-block: 2px;
    font-size: 12px;
    line-height: 16px;
  }
  .legend li > span {
    overflow-wrap: anywhere;
  }
  .swatch {
    inline-size: 14px;
    block-size: 14px;
    border: 1px solid currentColor;
    border-radius: 3px;
  }
  .swatch.line {
    block-size: 0;
    border: 0;
    border-block-start: 2px solid currentColor;
    border-radius: 0;
  }
  .swatch.forecast {
    border-block-start-style: dashed;
  }
`;
