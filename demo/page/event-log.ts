/** Shows what a host page gets to hear: every notice of the widget, newest first. */

const NOTICES = [
  'credit-phone-ready',
  'credit-phone-call-change',
  'credit-phone-call-ended',
  'credit-phone-call-refused',
  'credit-phone-call-ending-soon',
  'credit-phone-balance-change',
  'credit-phone-credit-low',
  'credit-phone-credit-empty',
  'credit-phone-topup-done',
  'credit-phone-ask-for-credit',
  'credit-phone-error',
] as const;

/** The log keeps this many lines. */
const MAX_LINES = 60;

export function showEvents(phone: HTMLElement, log: HTMLElement, empty: HTMLElement): void {
  for (const name of NOTICES) {
    phone.addEventListener(name, (event) => {
      empty.hidden = true;
      log.prepend(line(name, event instanceof CustomEvent ? event.detail : null));
      while (log.childElementCount > MAX_LINES) log.lastElementChild?.remove();
    });
  }
}

function line(name: string, detail: unknown): HTMLLIElement {
  const item = document.createElement('li');
  const time = document.createElement('time');
  time.textContent = new Date().toLocaleTimeString([], { hour12: false });
  const title = document.createElement('span');
  title.textContent = name.replace('credit-phone-', '');
  const code = document.createElement('code');
  code.textContent = JSON.stringify(detail) ?? '';
  code.title = code.textContent;
  item.append(time, title, code);
  return item;
}
