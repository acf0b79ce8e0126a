/**
 * Where the real provider's form may stand. Its frames need the light DOM of a document: a child of the widget, shown through its slots,
 * when the widget itself stands in the page; a window of its own when a host page has put the widget into a shadow root. Never a
 * navigation: it would end the call.
 */
export interface PaymentPlace {
  readonly container: HTMLElement;
  remove(): void;
}

/** Null when the widget stands in somebody's shadow root. */
export function placeInPage(inner: Element): PaymentPlace | null {
  const widget = inner.closest('credit-phone') ?? hostOf(inner);
  if (widget === null || widget.getRootNode() !== widget.ownerDocument) return null;
  const container = widget.ownerDocument.createElement('div');
  container.slot = 'pay';
  widget.append(container);
  return { container, remove: () => container.remove() };
}

/** Needs a click; null when the browser has blocked the window. */
export function placeInWindow(options: {
  readonly title: string;
  readonly label: string;
  readonly language: string;
  readonly onConfirm: () => void;
}): PaymentPlace | null {
  const opened = window.open('', 'credit-phone-payment', 'popup,width=440,height=640');
  if (opened === null) return null;
  const { document } = opened;
  document.documentElement.lang = options.language;
  document.title = options.title;
  const heading = document.createElement('h1');
  heading.textContent = options.title;
  const container = document.createElement('div');
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = options.label;
  button.addEventListener('click', options.onConfirm);
  document.body.replaceChildren(heading, container, button);
  return { container, remove: () => opened.close() };
}

/** The widget around an element that stands in shadow roots below it. */
function hostOf(inner: Element): Element | null {
  const root = inner.getRootNode();
  if (!(root instanceof ShadowRoot)) return null;
  return root.host.localName === 'credit-phone' ? root.host : hostOf(root.host);
}
