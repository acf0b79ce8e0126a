/**
 * `npm run screenshots [-- SCENE ...]`: every scene of the gallery, light and dark, at 280, 340, 360 and 1280 px, and once in the forced
 * colours of a system with high contrast, as PNG files in .data/screenshots, to be looked at.
 */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from '../support/find-chromium.ts';

const WIDTHS_PX = [280, 340, 360, 1280] as const;
const THEMES = ['light', 'dark'] as const;
const FORCED_WIDTH_PX = 360;
const MARGIN_PX = 16;
const FOLDER = resolve(import.meta.dirname, '../../.data/screenshots');

const PAGE = `<!doctype html><html lang="en-US"><meta charset="utf-8"><title>Gallery</title><style>
html{background:light-dark(#eef0f3,#0d0f12)} body{margin:${MARGIN_PX}px}</style><script type="module" src="/gallery.js"></script></html>`;

async function galleryScript(): Promise<string> {
  const result = await build({
    entryPoints: [join(import.meta.dirname, 'gallery.ts')],
    bundle: true,
    format: 'esm',
    write: false,
    external: ['../connect-phone.ts'],
  });
  return result.outputFiles[0]?.text ?? '';
}

async function takeForcedColours(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: FORCED_WIDTH_PX + 2 * MARGIN_PX, height: 592 });
  await page.evaluate(([scene, widthPx]) => window.showSceneNamed(scene, { theme: 'dark', widthPx }), [
    name,
    FORCED_WIDTH_PX,
  ] as const);
  await page.screenshot({ path: join(FOLDER, `${name}-forced-${FORCED_WIDTH_PX}.png`), animations: 'disabled' });
  await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'reduce' });
}

async function takeScene(page: Page, name: string): Promise<void> {
  const isWide = name.startsWith('bar') || name.endsWith('docked');
  for (const theme of THEMES) {
    for (const widthPx of WIDTHS_PX) {
      const shownPx = isWide ? Math.max(widthPx, 360) : widthPx;
      await page.setViewportSize({ width: shownPx + 2 * MARGIN_PX, height: name.startsWith('bar') ? 480 : 592 });
      await page.evaluate(([scene, options]) => window.showSceneNamed(scene, options), [
        name,
        { theme, widthPx: shownPx },
      ] as const);
      await page.screenshot({ path: join(FOLDER, `${name}-${theme}-${widthPx}.png`), animations: 'disabled' });
    }
  }
}

const script = await galleryScript();
const server = createServer((request, response) => {
  const isScript = request.url === '/gallery.js';
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
  response.end(isScript ? script : PAGE);
});
await new Promise<void>((resolveListening) => server.listen(0, '127.0.0.1', resolveListening));
// A server that listens on TCP has an address object.
const { port } = server.address() as AddressInfo;
const found = await findChromium();
const browser = await chromium.launch({ executablePath: found.executablePath, args: [...found.args] });
try {
  mkdirSync(FOLDER, { recursive: true });
  const page = await browser.newPage({ reducedMotion: 'reduce' });
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(`http://127.0.0.1:${port}/`);
  const all = await page.evaluate(() => window.sceneNames);
  const wanted = process.argv.slice(2);
  const names = wanted.length === 0 ? all : all.filter((name) => wanted.some((part) => name.startsWith(part)));
  for (const name of names) {
    await takeScene(page, name);
    await takeForcedColours(page, name);
  }
  console.log(`${names.length} scenes in ${FOLDER}`);
} finally {
  await browser.close();
  server.close();
}
