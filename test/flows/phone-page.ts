/** What a person does with the widget in a page, and what the widget shows is made from. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { CreditPhone } from '../../src/elements/credit-phone.ts';
import type { CallSnapshot, PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';

export function snapshot(page: Page): Promise<PhoneSnapshot> {
  return page.evaluate(() => {
    const phone = document.querySelector<CreditPhone>('credit-phone')?.phone;
    if (!phone) throw new Error('The widget has no phone yet.');
    return phone.snapshot;
  });
}

/** The call on the stage; throws when there is none. */
export async function callOf(page: Page): Promise<CallSnapshot> {
  const { call } = await snapshot(page);
  if (!call) throw new Error('The widget shows no call.');
  return call;
}

export async function reachable(page: Page): Promise<void> {
  await page.waitForSelector('credit-phone[line-status="registered"]', { timeout: 20_000 });
}

export async function callStatus(page: Page, status: string, withinMs = 20_000): Promise<void> {
  await page.waitForSelector(`credit-phone[call-status="${status}"]`, { timeout: withinMs });
}

export function dial(page: Page, number: string): Promise<void> {
  return page.evaluate((to) => document.querySelector<CreditPhone>('credit-phone')?.dial(to), number);
}

/** Presses a button of the widget by its name. */
export function press(page: Page, name: string | RegExp): Promise<void> {
  const exact = typeof name === 'string';
  return page.locator('credit-phone').getByRole('button', { name, exact }).first().click();
}

/** Waits until the server has said what the ended call cost. */
export async function settled(page: Page): Promise<CallSnapshot> {
  await expect.poll(async () => (await callOf(page)).isCostSettled, { timeout: 15_000 }).toBe(true);
  return callOf(page);
}

/**
 * Louder than this is heard; silence is 0. The microphone of the test browser beeps for some milliseconds twice a second, so that samples
 * may meet no more than the tail of a beep.
 */
export const AUDIBLE = 0.05;

/** Loudest sound of the last samples of the call, 0 to 1. */
export async function loudness(page: Page): Promise<number> {
  return Math.max(0, ...((await snapshot(page)).call?.levels ?? []));
}
