/**
 * Registers a tag once: a page that loads the script twice keeps the first class, and where there is no DOM (Node, server rendering)
 * nothing happens at all.
 */
export function defineElement(tag: string, elementClass: CustomElementConstructor): void {
  if (typeof customElements === 'undefined' || customElements.get(tag)) return;
  customElements.define(tag, elementClass);
}
