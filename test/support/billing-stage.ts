/** Billing scenes on a page, and hands for them. */
import type { CreditPhone } from '../../src/index.ts';
import type { BillingWish } from '../../src/phone/billing-snapshot.ts';
import { BILLING_SCENES } from './billing-scenes.ts';
import { button, find, type ShownScene, settled, showScene } from './element-stage.ts';

export async function scene(name: string): Promise<ShownScene> {
  const found = BILLING_SCENES.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`There is no scene "${name}".`);
  return await showScene(found);
}

/** What the billing room was asked for, but for settings and payments, which every opened tab asks for. */
export function wishes({ phone }: ShownScene): BillingWish[] {
  return asked(phone).filter(({ type: wish }) => wish !== 'open' && wish !== 'list_payments');
}

export function asked(phone: ShownScene['phone']): BillingWish[] {
  return phone.asked.filter(([wish]) => wish === 'askBilling').map(([, wish]) => wish as BillingWish);
}

/** What has the focus, through shadow roots. */
export function focused(): Element | null {
  let inner = document.activeElement;
  while (inner?.shadowRoot?.activeElement) inner = inner.shadowRoot.activeElement;
  return inner;
}

export async function press(element: CreditPhone, name: string): Promise<void> {
  const pressed = button(element, name);
  pressed.focus();
  pressed.click();
  await settled(element);
}

export async function type(element: CreditPhone, selector: string, text: string): Promise<void> {
  const field = find<HTMLInputElement>(element, selector);
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await settled(element);
}
