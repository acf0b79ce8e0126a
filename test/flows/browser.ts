/** A real Chromium with a microphone that beeps; one context is one person's browser. */
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../support/find-chromium.ts';

export async function openBrowser(): Promise<Browser> {
  const found = await findChromium();
  return chromium.launch({
    executablePath: found.executablePath,
    args: [...found.args],
    env: { ...definedOnly(process.env), ...found.env },
  });
}

/** The demo page with this person signed in; fails the test on any error or policy violation the page reports. */
export async function openDemo(
  browser: Browser,
  options: { readonly url: string; readonly as: string; readonly width?: number },
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await browser.newContext({
    permissions: ['microphone'],
    viewport: { width: options.width ?? 1280, height: 900 },
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${options.url}/?as=${options.as}`);
  return { page, complaints };
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Everything the widget says, through its shadow roots, as a person reads it. */
export function widgetText(page: Page): Promise<string> {
  return page.evaluate(() => {
    const words = (node: Node): string => {
      if (node instanceof Text) return node.data;
      if (node instanceof Element && (node.tagName === 'STYLE' || !node.checkVisibility())) return '';
      const inside = node instanceof Element && node.shadowRoot ? node.shadowRoot.childNodes : node.childNodes;
      return [...inside].map(words).join(' ');
    };
    const phone = document.querySelector('credit-phone');
    return phone
      ? words(phone)
          .replace(/\s+/g, ' ')
          .replace(/ ([.,])/g, '$1')
      : '';
  });
}
