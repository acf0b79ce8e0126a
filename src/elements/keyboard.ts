import type { PhoneFrame } from './request-handlers.ts';

interface KeyTarget extends Element {
  handleKey(event: KeyboardEvent): boolean;
}

interface KeyContext {
  readonly root: ParentNode;
  readonly frame: PhoneFrame;
  readonly isPhonePanel: boolean;
}

/**
 * The keyboard map: what is not typed into a field goes to the element that owns the stage; "?" shows the keys, T says what the call costs.
 * On another tab a running call still hears M, H and Escape, but digits belong to the tab.
 */
export function handleKeydown(event: KeyboardEvent, context: KeyContext): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isForNativeControl(event)) return;
  if (isHandled(event, context)) event.preventDefault();
}

function isHandled(event: KeyboardEvent, { root, frame, isPhonePanel }: KeyContext): boolean {
  const stage = root.querySelector('.stage > *');
  if (
    isPhonePanel ||
    stage?.localName === 'credit-phone-ask-for-credit' ||
    stage?.localName === 'credit-phone-keys-help'
  ) {
    if (isKeyTarget(stage) && stage.handleKey(event)) return true;
  } else if (isStripKey(event, frame, root)) return true;
  if (event.key.toLowerCase() === 't') return frame.sayCost();
  if (event.key !== '?') return false;
  frame.openView('keys');
  return true;
}

function isStripKey(event: KeyboardEvent, frame: PhoneFrame, root: ParentNode): boolean {
  const strip = root.querySelector('credit-phone-call-panel');
  if (!isKeyTarget(strip) || !/^(m|h|escape)$/i.test(event.key)) return false;
  if (event.key === 'Escape') frame.showPhone();
  else strip.handleKey(event);
  return true;
}

function isKeyTarget(element: Element | null): element is KeyTarget {
  return element !== null && 'handleKey' in element;
}

/** Text goes into fields, Enter and Space press the focused button: those keys are not ours. */
function isForNativeControl(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return event.key !== 'Escape';
  if (target instanceof HTMLInputElement) return event.key !== 'Escape';
  const isPress = event.key === 'Enter' || event.key === ' ';
  return isPress && (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement);
}
