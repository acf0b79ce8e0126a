// A script of the old kind: it puts itself on the window.
import 'axe-core';
import type Axe from 'axe-core';
import { expect } from 'chai';
import type { CreditPhone } from '../../../src/index.ts';
import { SCENES } from '../../support/element-scenes.ts';
import { elementsIn, showScene } from '../../support/element-stage.ts';

declare global {
  interface Window {
    axe: typeof Axe;
  }
}

const WIDTHS_PX = [280, 340, 360] as const;
/** Names of people and places may be shortened with an ellipsis; amounts, reasons and buttons may not. */
const MAY_BE_SHORTENED = 'h2, .strip-name, .who *';

afterEach(() => document.body.replaceChildren());

async function findings(): Promise<string[]> {
  const result = await window.axe.run(document.body, {
    rules: { 'page-has-heading-one': { enabled: false }, 'landmark-one-main': { enabled: false } },
  });
  return result.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.html} ${node.failureSummary ?? ''}`),
  );
}

function cutOff(element: CreditPhone): string[] {
  return elementsIn(element.renderRoot)
    .filter((inner): inner is HTMLElement => inner instanceof HTMLElement)
    .filter((inner) => inner.clientWidth > 0 && !inner.matches(MAY_BE_SHORTENED) && !inner.closest('.visually-hidden'))
    .filter((inner) => inner.scrollWidth > inner.clientWidth)
    .map((inner) => `${inner.localName}.${inner.className}: ${inner.scrollWidth} > ${inner.clientWidth}`);
}

describe('the gallery: every screen in every state', () => {
  for (const scene of SCENES) {
    for (const theme of ['light', 'dark'] as const) {
      it(`axe finds nothing in "${scene.name}", ${theme}`, async () => {
        document.documentElement.style.background = theme === 'dark' ? '#0d0f12' : '#fff';
        await showScene(scene, { theme, widthPx: scene.layout === undefined ? 340 : 480 });
        expect(await findings()).to.deep.equal([]);
      });
    }

    it(`nothing is cut off in "${scene.name}" from 280 px on`, async () => {
      for (const widthPx of WIDTHS_PX) {
        const { element, box } = await showScene(scene, {
          widthPx: scene.layout === 'bar' ? Math.max(widthPx, 360) : widthPx,
        });
        expect(cutOff(element), `${widthPx} px`).to.deep.equal([]);
        box.remove();
      }
    });
  }

  it('has a scene for the empty, loading, failed and full state of each list', () => {
    const names = SCENES.map((scene) => scene.name);
    expect(names).to.include.members(['history', 'history-empty', 'history-loading']);
    expect(names).to.include.members(['numbers', 'numbers-none', 'numbers-loading', 'numbers-failed']);
    expect(names).to.include.members(['credit', 'credit-empty', 'credit-loading', 'credit-error']);
    expect(names).to.include.members(['payments', 'payments-empty', 'payments-loading', 'payments-failed']);
    expect(names).to.include.members(['billing', 'billing-empty', 'billing-loading', 'billing-failed']);
    expect(names).to.include.members(['usage', 'usage-empty', 'usage-loading', 'usage-failed']);
    expect(names).to.include.members(['usage-lines', 'usage-lines-none', 'usage-lines-loading', 'usage-lines-failed']);
  });
});
