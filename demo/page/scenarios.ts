/** Buttons that bring about what is hard to wait for. Each asks the demo server, which does it in the real ledger. */

interface Scenario {
  readonly id: string;
  readonly label: string;
}

const SCENARIOS: readonly Scenario[] = [
  { id: 'drain', label: 'Leave 40 cents' },
  { id: 'empty', label: 'Leave nothing' },
  { id: 'refill', label: 'Add 5 dollars' },
  { id: 'call-me', label: 'Somebody calls you' },
  { id: 'webhooks-late', label: 'Late webhook' },
  { id: 'webhooks-twice', label: 'Webhook twice' },
  { id: 'webhooks-reversed', label: 'Webhooks reversed' },
  { id: 'webhooks-never', label: 'Webhook never' },
  { id: 'webhooks-at-once', label: 'Webhook at once' },
];

export function showScenarios(
  buttons: HTMLElement,
  options: { readonly answer: HTMLElement; readonly personId: () => string },
): void {
  for (const scenario of SCENARIOS) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = scenario.label;
    button.addEventListener('click', () => play(scenario, options));
    buttons.append(button);
  }
}

async function play(
  scenario: Scenario,
  options: { readonly answer: HTMLElement; readonly personId: () => string },
): Promise<void> {
  options.answer.textContent = `${scenario.label}…`;
  try {
    const answer = await fetch(`/demo/scenarios/${scenario.id}/${encodeURIComponent(options.personId())}`, {
      method: 'POST',
    });
    options.answer.textContent = await answer.text();
  } catch (error) {
    options.answer.textContent = `The demo server can't be reached (${String(error)}). Nothing was changed.`;
  }
}
