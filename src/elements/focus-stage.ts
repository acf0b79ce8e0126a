import { LitElement } from 'lit';

/** The focus goes to what the stage wants to be read or used first. */
export async function focusStage(root: ParentNode): Promise<void> {
  const element = root.querySelector('.stage > *');
  if (!(element instanceof LitElement)) return;
  await element.updateComplete;
  element.shadowRoot?.querySelector<HTMLElement>('[data-focus]')?.focus();
}
