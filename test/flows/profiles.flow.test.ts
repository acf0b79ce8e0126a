/** The same widget by the rules of different products: what its panel offers and refuses, as the account's profile changes. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openDemo, widgetText } from './browser.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { type PersonApi, personApi } from './person-api.ts';
import { dial, press, reachable, snapshot } from './phone-page.ts';

let server: DemoServer;
let browser: Browser;
let dana: PersonApi;
let complaints: readonly string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startDemoServer(), openBrowser()]);
  dana = await personApi(server.url, 'dana');
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function goBy(profile: string): Promise<void> {
  const answer = await fetch(`${server.url}/demo/profiles/${profile}/dana`, { method: 'POST' });
  expect(await answer.text()).toBe(`The account goes by the profile "${profile}" now.`);
}

/** The admin's panel, freshly opened. */
async function billing(profile: string, width = 1280): Promise<Page> {
  await goBy(profile);
  const demo = await openDemo(browser, { url: server.url, as: 'dana', width });
  complaints = demo.complaints;
  await reachable(demo.page);
  await demo.page.getByRole('tab', { name: 'Credit' }).click();
  await says(demo.page, 'Payment method');
  return demo.page;
}

async function close(page: Page): Promise<void> {
  expect(complaints).toEqual([]);
  await page.context().close();
}

async function says(page: Page, words: string): Promise<void> {
  await expect.poll(() => widgetText(page), { timeout: 15_000 }).toContain(words);
}

const widget = (page: Page) => page.locator('credit-phone');
const amounts = (page: Page) =>
  widget(page)
    .getByRole('radio')
    .evaluateAll((radios) => radios.map((radio) => radio.closest('label')?.textContent?.trim()));
const otherAmount = (page: Page) => widget(page).getByRole('textbox');

async function top(page: Page, role: 'heading' | 'button', name: string): Promise<number> {
  const box = await widget(page).getByRole(role, { name, exact: true }).first().boundingBox();
  if (!box) throw new Error(`"${name}" is not shown`);
  return box.y;
}

test('freshcaller, F-08, F-13 to F-16, F-18, F-19, F-21, F-25, C-07, L-15: the panel of an account that pays 5, 10 or 25', async () => {
  const page = await billing('freshcaller');
  const { body } = await dana.ask('GET', '/v1/balance');
  await says(page, `$${(Number(body.availableMicros) / 1_000_000).toFixed(2)}`);
  // Auto-recharge stands beside paying by hand, is off, and has no fields before Edit.
  expect(await top(page, 'heading', 'Auto-recharge')).toBeGreaterThan(await top(page, 'button', 'Add credit'));
  await says(page, 'Off. Calls stop when the credit is used up.');
  const onOff = widget(page).getByRole('switch', { name: 'Add credit by itself' });
  expect(await onOff.count()).toBe(0);
  await press(page, 'Edit');
  expect(await onOff.isChecked()).toBe(false);
  await says(page, 'Add a card first.');
  await press(page, 'Cancel');
  // F-08: the rates are one click away from what calls have cost.
  await press(page, 'Call rates');
  await widget(page).getByRole('searchbox', { name: 'Country or number' }).fill('germany');
  const rates = widget(page).getByRole('list', { name: 'Call rates' }).getByRole('listitem');
  await expect
    .poll(async () => new Set((await rates.allTextContents()).map((rate) => /Germany/.test(rate))))
    .toEqual(new Set([true]));
  expect(await rates.first().textContent()).toMatch(/\$0\.\d+ a minute/);
  await press(page, 'Back to balance usage');
  await says(page, 'Balance usage');
  // F-25: other ways to pay are arranged by mail.
  const otherWays = widget(page).getByText('Other ways to pay:').getByRole('link');
  expect(await otherWays.getAttribute('href')).toMatch(/^mailto:.+@/);
  await press(page, 'Add credit');
  expect(await amounts(page)).toEqual(['$5', '$10', '$25']);
  expect(await otherAmount(page).count()).toBe(0);
  expect(await widget(page).getByRole('link', { name: /@/ }).first().getAttribute('href')).toMatch(/^mailto:.+@/);
  expect((await dana.ask('GET', '/v1/payments')).body.payments).toEqual([]);
  await close(page);
});

test('skara, S-07, S-08, S-09, S-10, S-14: a Credit tab with the balance, a list of 10 to 1,000, auto-recharge that asks for a card', async () => {
  const page = await billing('skara');
  expect(await widget(page).getByRole('tab', { name: 'Credit' }).getAttribute('aria-selected')).toBe('true');
  await says(page, '$2.00');
  // S-08: the form opens from below the balance with the focus inside, and Escape closes it.
  await press(page, 'Add credit');
  const adding = widget(page).locator('credit-phone-add-credit-form');
  await expect.poll(() => adding.evaluate((form) => form.shadowRoot?.activeElement !== null)).toBe(true);
  await page.keyboard.press('Escape');
  await expect.poll(() => adding.count()).toBe(0);
  await press(page, 'Add credit');
  const list = widget(page).getByRole('combobox', { name: 'Amount' });
  const offered = await list.getByRole('option').allTextContents();
  expect([offered.at(0), offered.at(-1)]).toEqual(['$10', '$1,000']);
  expect(await otherAmount(page).count()).toBe(0);
  // S-10, S-14: auto-recharge from the same place, unticked; without a card the card is asked for along with the payment.
  const also = widget(page).getByRole('checkbox', {
    name: /Also add \$50\.00 by itself when credit falls below \$10\.00/,
  });
  expect(await also.isChecked()).toBe(false);
  await list.selectOption({ label: '$1,000' });
  await press(page, 'Next');
  await says(page, 'You pay $1,000.00');
  await press(page, 'Back');
  await press(page, 'Edit');
  await widget(page).getByRole('switch', { name: 'Add credit by itself' }).click();
  await widget(page)
    .getByRole('checkbox', { name: /I agree/ })
    .check();
  await press(page, 'Save and add a card');
  await says(page, 'Test card');
  const { autoRecharge } = (await dana.ask('GET', '/v1/payment-settings')).body as { autoRecharge: { isOn: boolean } };
  expect(autoRecharge.isOn).toBe(false);
  await press(page, 'Cancel');
  await close(page);
});

test.each([
  1280, 360,
])('diallink, L-04 to L-08, L-14: at %i px the balance is first, any amount is taken, and nothing is cut off', async (width) => {
  const page = await billing('diallink', width);
  const { y: balance = 0 } = (await widget(page).getByText('$2.00').last().boundingBox()) ?? {};
  const [add, recharge, card] = [
    await top(page, 'button', 'Add credit'),
    await top(page, 'heading', 'Auto-recharge'),
    await top(page, 'heading', 'Payment method'),
  ];
  // One row with the balance, then the one below the other.
  expect(Math.abs(add - balance)).toBeLessThan(30);
  expect([add, recharge, card]).toEqual([add, recharge, card].toSorted((a, b) => a - b));
  await press(page, 'Add credit');
  for (const [text, answer] of [
    ['abc', 'Write an amount like 37.50.'],
    ['-5', 'At least $5.00.'],
    ['1', 'At least $5.00.'],
    ['1000000000', 'At most $1,000.00 at once.'],
  ] as const) {
    await otherAmount(page).fill(text);
    await press(page, 'Next');
    await says(page, answer);
  }
  await otherAmount(page).fill('37.50');
  await press(page, 'Next');
  await says(page, 'You pay $37.50');
  const isCutOff = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(isCutOff).toBe(false);
  expect((await dana.ask('GET', '/v1/payments')).body.payments).toEqual([]);
  await close(page);
});

test('dialpad, C-02, D-05, D-07, D-08, D-09, D-16, D-19: an amount, a review, a payment, and the sentence, without leaving the page', async () => {
  const page = await billing('dialpad');
  const address = page.url();
  const paid = async () => Number((await dana.ask('GET', '/v1/balance')).body.balanceMicros);
  const before = await paid();
  await says(page, `$${(before / 1_000_000).toFixed(2)}`);
  await press(page, 'Add credit');
  const next = widget(page).getByRole('button', { name: 'Next' });
  expect(await next.isDisabled()).toBe(true);
  await widget(page).getByRole('radio', { name: '$50', exact: true }).check();
  expect(await next.isDisabled()).toBe(false);
  // D-08: auto-recharge may be chosen along with the amount, and is not unless somebody does.
  expect(
    await widget(page)
      .getByRole('checkbox', { name: /by itself when credit/ })
      .isChecked(),
  ).toBe(false);
  await press(page, 'Next');
  await says(page, 'You pay $50.00');
  expect(await paid()).toBe(before);
  await press(page, 'Enter card');
  await page.getByLabel('Card number').fill('4242 4242 4242 4242');
  await page.getByLabel('Ends (MM/YY)').fill('12/39');
  await page.getByLabel('CVC').fill('123');
  await press(page, 'Pay $50.00');
  await says(page, 'Added $50.00.');
  expect(await paid()).toBe(before + 50_000_000);
  await press(page, 'Done');
  await press(page, 'Edit');
  const onOff = widget(page).getByRole('switch', { name: 'Add credit by itself' });
  expect(await onOff.isChecked()).toBe(false);
  await onOff.click();
  await says(page, 'is charged $50.00 without asking whenever credit falls below $5.00');
  expect(await widget(page).getByRole('checkbox').first().isChecked()).toBe(false);
  expect(page.url()).toBe(address);
  await close(page);
});

test('cloudtalk, C-08, C-11, C-13, C-23, C-24: the switch alone changes nothing; an amount is said again; whom to ask stands with what went wrong', async () => {
  const page = await billing('cloudtalk');
  const isOn = async () =>
    ((await dana.ask('GET', '/v1/payment-settings')).body as { autoRecharge: { isOn: boolean } }).autoRecharge.isOn;
  const onOff = widget(page).getByRole('switch', { name: 'Add credit by itself' });
  const support = (words: string) => widget(page).getByText(words).getByRole('link').getAttribute('href');
  expect(await support('Other ways to pay:')).toMatch(/^mailto:.+@/);
  // C-08, C-11: by the keyboard; without saving it is off again after a reload.
  await press(page, 'Edit');
  await onOff.press('Space');
  expect(await onOff.isChecked()).toBe(true);
  await page.reload();
  await page.getByRole('tab', { name: 'Credit' }).click();
  await says(page, 'Off. Calls stop when the credit is used up.');
  expect(await isOn()).toBe(false);
  await press(page, 'Edit');
  expect(await onOff.isChecked()).toBe(false);
  await onOff.press('Space');
  await widget(page)
    .getByRole('checkbox', { name: /I agree/ })
    .check();
  await press(page, 'Save and turn on');
  await expect.poll(isOn).toBe(true);
  // C-13, C-23: before anything is paid.
  await press(page, 'Add credit');
  await otherAmount(page).fill('30');
  await says(page, "Credit can't be paid back.");
  await press(page, 'Next');
  await says(page, 'You pay $30.00');
  await says(page, "Credit can't be paid back.");
  // C-24: the bank says no.
  await widget(page).getByRole('radio', { name: 'New card' }).check();
  await press(page, 'Change card and pay');
  await page.getByLabel('Card number').fill('4000 0000 0000 0002');
  await page.getByLabel('Ends (MM/YY)').fill('12/39');
  await page.getByLabel('CVC').fill('123');
  await press(page, 'Pay $30.00');
  await says(page, 'Questions about a payment:');
  expect(await support('Questions about a payment:')).toMatch(/^mailto:.+@/);
  await close(page);
});

test('F-26: an account that goes by another profile while the widget is open is answered by its new rules', async () => {
  await goBy('default');
  const { page } = await openDemo(browser, { url: server.url, as: 'sam' });
  await reachable(page);
  await fetch(`${server.url}/demo/scenarios/drain/sam`, { method: 'POST' });
  await expect.poll(async () => (await snapshot(page)).balance?.availableMicros).toBe(400_000);
  expect((await snapshot(page)).balance?.works.callingOut).toBe(true);
  await goBy('freshcaller');
  await expect.poll(async () => (await snapshot(page)).balance?.works.callingOut).toBe(false);
  await dial(page, '+491713920031');
  await says(page, "You can't call");
  expect((await dana.ask('GET', '/v1/balance')).body.balanceMicros).toBe(400_000);
  await page.context().close();
});
