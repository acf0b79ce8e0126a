/** Puts a scene on a page, as a host page would: the element, a phone, a box of some width. */
import { CreditPhone } from '../../src/index.ts';
import { FakePhone } from './element-fake-phone.ts';
import type { Scene } from './element-scene.ts';

export interface ShownScene {
  readonly element: CreditPhone;
  readonly phone: FakePhone;
  readonly box: HTMLElement;
}

export interface SceneOptions {
  readonly theme?: 'light' | 'dark';
  readonly widthPx?: number;
}

export async function showScene(scene: Scene, options: SceneOptions = {}): Promise<ShownScene> {
  document.documentElement.lang = 'en-US';
  const box = document.createElement('main');
  box.dir = scene.isRightToLeft ? 'rtl' : 'ltr';
  const phone = new FakePhone(scene.snapshot);
  const element = new CreditPhone();
  element.phone = phone;
  element.theme = options.theme ?? 'light';
  element.panel = scene.panel ?? 'phone';
  element.layout = scene.layout ?? 'card';
  element.showBalance = scene.showBalance ?? 'money';
  if (scene.view) element.view = scene.view;
  if (options.widthPx !== undefined) box.style.inlineSize = `${options.widthPx}px`;
  if (scene.layout !== 'bar') box.style.blockSize = '560px';
  box.append(element);
  document.body.append(box);
  await settled(element);
  for (const name of scene.press ?? []) {
    button(element, name).click();
    await settled(element);
  }
  if (scene.open) find<HTMLDetailsElement>(element, scene.open).open = true;
  for (const [selector, value] of Object.entries(scene.choose ?? {})) {
    const list = find<HTMLSelectElement>(element, selector);
    list.value = value;
    list.dispatchEvent(new Event('change', { bubbles: true }));
    await settled(element);
  }
  if (scene.lookAt) find(element, scene.lookAt).scrollIntoView({ block: 'end' });
  return { element, phone, box };
}

/** Waits until the parts of the widget are loaded and drawn. */
export async function settled(element: CreditPhone): Promise<void> {
  await element.updateComplete;
  for (let round = 0; round < 2_000; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (elementsIn(element.renderRoot).every(isDrawn) && round >= 2) return finishMotion(element);
  }
  throw new Error('Some part of the widget was never loaded.');
}

/** What moves once is moved to its end; what moves for ever (the ringing) goes on. */
function finishMotion(element: CreditPhone): void {
  for (const animation of elementsIn(element.renderRoot).flatMap((inner) => inner.getAnimations())) {
    if (animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY) animation.finish();
  }
}

function isDrawn(element: Element): boolean {
  return !element.localName.startsWith('credit-phone') || (element.shadowRoot?.childElementCount ?? -1) >= 0;
}

/** All elements below a root, through shadow roots. */
export function elementsIn(root: ParentNode): Element[] {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    element,
    ...(element.shadowRoot ? elementsIn(element.shadowRoot) : []),
  ]);
}

/** The first match, through shadow roots. Throws when there is none: a test that finds nothing must not pass. */
export function find<Tag extends Element = HTMLElement>(root: CreditPhone, selector: string): Tag {
  const found = findAll<Tag>(root, selector)[0];
  if (!found) throw new Error(`The widget has no ${selector}.`);
  return found;
}

export function findAll<Tag extends Element = HTMLElement>(root: CreditPhone, selector: string): Tag[] {
  // The caller names what it expects; a wrong guess fails in its next line.
  return elementsIn(root.renderRoot).filter((element) => element.matches(selector)) as Tag[];
}

/** All words that are on the screen. */
export function wordsOf(element: CreditPhone): string {
  return elementsIn(element.renderRoot)
    .flatMap((inner) => [...inner.childNodes])
    .filter(
      (node) => node.nodeType === Node.TEXT_NODE && !['STYLE', 'OPTION'].includes(node.parentElement?.tagName ?? ''),
    )
    .map((node) => node.textContent?.trim() ?? '')
    .filter((text) => text !== '')
    .join(' ')
    .replace(/\s+/g, ' ');
}

export function button(element: CreditPhone, name: string): HTMLButtonElement {
  const found = findAll<HTMLButtonElement>(element, 'button').find(
    (candidate) =>
      (candidate.getAttribute('aria-label') ?? candidate.textContent ?? '').replace(/\s+/g, ' ').trim() === name,
  );
  if (!found) throw new Error(`The widget has no button "${name}".`);
  return found;
}
