/** What the browser build leaves out of SIP.js, and that it leaves out nothing else. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { beforeAll, describe, expect, test } from 'vitest';
import { LEFT_OUT, namesOnly, slimSip, withoutUnheardLogs } from '../../bundle/slim-sip.ts';

const root = resolve(import.meta.dirname, '..', '..');
const sipJs = join(root, 'node_modules/sip.js/lib');

async function codeOf(entry: string): Promise<string> {
  const output = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [slimSip()],
    build: { write: false, minify: false, lib: { entry: join(root, entry), formats: ['es'] } },
  });
  const [bundle] = (Array.isArray(output) ? output : [output]).filter((result) => 'output' in result);
  return bundle?.output[0].code ?? '';
}

describe('logging that nobody hears', () => {
  test('goes, and a statement that stands behind an "if" leaves an empty one', () => {
    expect(withoutUnheardLogs('a.js', 'if (a) this.logger.log(`x`, this.id); else b();')).toBe('if (a) ; else b();');
    expect(withoutUnheardLogs('a.js', 'this.userAgent.logger.debug("a" + b.c);')).toBe(';');
  });

  test('stays where its arguments do something', () => {
    const code = 'this.logger.log(this.next()); this.logger.log(i++); logger.debug(await x);';
    expect(withoutUnheardLogs('a.mjs', code)).toBe(code);
  });

  test('is all that goes: warnings, errors, other objects and values that are used stay', () => {
    const code =
      'this.logger.warn("a"); this.logger.error("b"); console.log("c"); Math.log(2); const d = this.logger.log("e");';
    expect(withoutUnheardLogs('a.js', code)).toBe(code);
  });
});

describe('modules that cannot be reached', () => {
  test('keep the names of their classes, which throw when they are made', async () => {
    const code = namesOnly('a.js', 'import { B } from "./b.js"; export class A extends B { run() {} }');
    const module: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
    const { A } = module as { readonly A: new () => unknown };
    expect(() => new A()).toThrow('A is not in this build.');
  });

  test('must be looked at again when they export anything but classes, or nothing', () => {
    expect(() => namesOnly('a.js', 'export function run() {}')).toThrow('no class');
    expect(() => namesOnly('a.js', 'export * from "./b.js";')).toThrow('no class');
    expect(() => namesOnly('a.js', 'const a = 1;')).toThrow('no class');
  });

  test('are known by paths that this version of SIP.js has', () => {
    for (const path of Object.keys(LEFT_OUT))
      expect(namesOnly(path, readFileSync(join(sipJs, path), 'utf8'))).toContain('export class');
  });
});

describe('the line as it is built for browsers', () => {
  let code = '';
  beforeAll(async () => {
    code = await codeOf('src/sip/sip-line.ts');
  });

  const hasClass = (name: string): boolean => new RegExp(`(class ${name} |${name} = class )`).test(code);

  test('has the user agent, its warnings and digest authentication', () => {
    const needed = ['UserAgent', 'Inviter', 'Invitation', 'Registerer', 'DigestAuthentication', 'Transport'];
    expect(needed.filter((name) => !hasClass(name))).toEqual([]);
    expect([/logger\.warn\(/.test(code), /logger\.error\(/.test(code)]).toEqual([true, true]);
  });

  test("has neither SIP.js's own media nor a subscription", () => {
    const leftOut = ['SessionDescriptionHandler', 'SubscribeUserAgentClient'];
    for (const name of leftOut) expect(code.includes(`${name} is not in this build.`)).toBe(true);
    expect([code.includes('getUserMedia(constraints'), code.includes('subscriptionExpires')]).toEqual([false, false]);
  });

  test('answers a SUBSCRIBE of others as before', () => {
    expect(hasClass('SubscribeUserAgentServer')).toBe(true);
  });
});

test('the build fails when SIP.js no longer has what is left out', async () => {
  const gone = build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'another-sip-js',
        enforce: 'pre',
        load: (id) => (id.endsWith('/sip.js/lib/index.js') ? 'export class UserAgent {}' : null),
      },
      slimSip(),
    ],
    build: { write: false, lib: { entry: join(sipJs, 'index.js'), formats: ['es'] } },
  });
  await expect(gone).rejects.toThrow('check bundle/slim-sip.ts');
});
