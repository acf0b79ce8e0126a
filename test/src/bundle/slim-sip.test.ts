// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source code under test is text here.
/** What the browser build leaves out of SIP.js, and that it leaves out nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SIPExtension, type Web } from 'sip.js';
import { build } from 'vite';
import { beforeAll, describe, expect, test } from 'vitest';
import { withFixedValues } from '../../../src/bundle/fixed-values.ts';
import { START_RULES, withoutUnusedRules } from '../../../src/bundle/slim-grammar.ts';
import { withoutUnheardExplanations, withoutUnheardLogs } from '../../../src/bundle/slim-logs.ts';
import {
  FIXED_VALUES,
  LEFT_OUT,
  LEFT_OUT_METHODS,
  namesOnly,
  slimSip,
  withoutExplanations,
  withoutMethods,
} from '../../../src/bundle/slim-sip.ts';
import { createUserAgent } from '../../../src/sip/sip-user-agent.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
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

  test('goes where SIP.js has a sentence for what src/sip logs itself', () => {
    expect(withoutUnheardLogs('a.js', 'this.logger.warn("WebSocket closed unexpectedly");')).toBe(';');
    expect(withoutUnheardLogs('a.js', 'this.logger.error(`BYE in state ${this.state}`);')).toBe(';');
  });

  test('stays where its arguments do something', () => {
    const code = 'this.logger.log(this.next()); this.logger.log(i++); logger.debug(await x);';
    expect(withoutUnheardLogs('a.mjs', code)).toBe(code);
  });

  test('is all that goes: the words of errors, other objects and values that are used stay', () => {
    const code =
      'this.logger.warn(message); this.logger.error(error.message); this.logger.error(e.toString()); console.log("c"); Math.log(2); const d = this.logger.log("e");';
    expect(withoutUnheardLogs('a.js', code)).toBe(code);
  });
});

describe('explanations that nobody hears', () => {
  test('go with the variable they are put together in, however they are chosen', () => {
    const code =
      'function a() { let m = "x"; if (b()) m += ` y ${this.c}`; m += " z"; this.logger.warn(m); return d; }';
    expect(withoutUnheardExplanations('a.js', code)).toBe('function a() { ; if (b()) ; ; ; return d; }');
  });

  test('stay where anybody else reads them, in whole', () => {
    for (const code of [
      'function a() { let m = "x"; m += "y"; this.logger.error(m); throw new Error(m); }',
      'function a() { let m = "x"; const b = () => m; logger.error(m); }',
      'function a() { let m = "x"; m += next(); logger.error(m); }',
      'function a() { let m = "x"; m += "y"; }',
      'function a(m) { logger.error(m); }',
      'function a() { const m = { m: 1 }; logger.error(m); }',
      'function a() { let m = "x"; logger.error({ m }); logger.error(m); }',
    ])
      expect(withoutUnheardExplanations('a.js', code)).toBe(code);
  });

  test('are told apart by the function they stand in, and from members of the same name', () => {
    const other = 'function b() { let m = "x"; return m; }';
    expect(
      withoutUnheardExplanations('a.js', `function a() { let m = "x"; c.m = { m: 1 }; logger.warn(m); } ${other}`),
    ).toBe(`function a() { ; c.m = { m: 1 }; ; } ${other}`);
  });
});

describe('settings that src/sip has made for good', () => {
  const sources = readdirSync(join(root, 'src/sip')).map((file) => readFileSync(join(root, 'src/sip', file), 'utf8'));

  test('are written in where they are read, and nowhere else', () => {
    const code = 'if (this.o.a) b(); this.o.a = 1; this.o.ab; c.o.a;';
    expect(withFixedValues('a.js', code, { 'this.o.a': false })).toBe(
      'if (false) b(); this.o.a = 1; this.o.ab; c.o.a;',
    );
    expect(withFixedValues('a.js', 'x = o.a !== E.b', { 'o.a !== E.b': true })).toBe('x = true');
    expect(() => withFixedValues('a.js', 'o.a = 1', { 'o.a': 1 })).toThrow('has no o.a any more');
  });

  test('are what the user agent is made with', () => {
    const credentials = {
      sipUri: 'sip:a@example.org',
      webSocketUrl: 'wss://example.org',
      username: 'a',
      password: 'b',
      expiresInSeconds: 60,
      iceServers: [],
    };
    const userAgent = createUserAgent({
      credentials,
      instanceId: 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6',
      mediaOf: () => {
        throw new Error('not asked for here');
      },
      onInvite: () => undefined,
      onDisconnect: () => undefined,
      log: () => undefined,
    });
    const transport = userAgent.transport as Web.Transport;
    const asked: readonly (readonly [path: string, self: object])[] = [
      ['api/user-agent.js', { options: userAgent.configuration, delegate: userAgent.delegate }],
      ['api/invitation.js', { userAgent }],
      ['platform/web/transport/transport.js', transport],
    ];
    for (const [path, self] of asked) {
      for (const [expression, value] of Object.entries(FIXED_VALUES[path] ?? {})) {
        const read = new Function('SIPExtension', 'options', `return ${expression}`);
        expect(read.call(self, SIPExtension, {}) ?? false, expression).toBe(value);
      }
    }
  });

  test('are asked for otherwise by no file of src/sip', () => {
    const chosen =
      /\b(onInfo|onMessage|onNotify|onAck|inviteWithoutSdp|withoutSdp|reconnectionAttempts|reconnectionDelay|all): /;
    expect(sources.filter((source) => chosen.test(source))).toEqual([]);
    expect(sources.some((source) => source.includes('logConfiguration: false'))).toBe(true);
    expect(sources.filter((source) => /logConfiguration: true|keepAliveInterval: [1-9]/.test(source))).toEqual([]);
  });

  test('are read by this version of SIP.js', () => {
    for (const [path, fixed] of Object.entries(FIXED_VALUES))
      expect(withFixedValues(path, readFileSync(join(sipJs, path), 'utf8'), fixed)).toContain('class ');
  });
});

describe('the grammar', () => {
  const path = 'grammar/pegjs/dist/grammar.js';
  const published = readFileSync(join(sipJs, path), 'utf8');
  const samples: readonly (readonly [rule: string, text: string])[] = [
    ['SIP_URI', 'sip:+4930123456@sip.example.org;transport=ws?X-Call-Id=7'],
    ['SIP_URI', 'sip:'],
    ['Name_Addr_Header', '"Ann \\"the phone\\" B" <sip:600@example.org:5060>;tag=1c2'],
    ['Name_Addr_Header', '<sip:600@example.org'],
    ['Contact', '<sip:a@1.2.3.4;transport=ws>;expires=300, sip:b@example.org;q=0.5'],
    ['Contact', '*'],
    ['Contact', '<<'],
    ['Record_Route', '<sip:proxy.example.org;lr>, <sip:[2001:db8::1];lr>'],
    ['Request_Response', 'INVITE sip:600@example.org SIP/2.0'],
    ['Request_Response', 'SIP/2.0 402 Payment Required'],
    ['Request_Response', 'SIP/2.0 40 Short'],
    ['Via', 'SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks;received=192.0.2.1;rport=5061'],
    ['Via', 'SIP/2.0'],
    [
      'WWW_Authenticate',
      'Digest realm="a, b", nonce="f84f1cec", qop="auth,auth-int", algorithm=MD5, opaque="", stale=FALSE',
    ],
    ['WWW_Authenticate', 'Digest realm='],
    ['CSeq', '4711 INVITE'],
    ['CSeq', 'INVITE'],
    ['Content_Length', '349'],
    ['Content_Type', 'application/sdp; charset=utf-8'],
    ['Max_Forwards', '70'],
    ['Proxy_Authenticate', 'Digest realm="example.org", nonce="1", algorithm=md5-sess'],
    ['From', '"A" <sip:a@example.org>;tag=88sja8x'],
    ['To', 'sip:b@example.org'],
    ['Call_ID', 'f81d4fae@example.org'],
    ['Content_Disposition', 'session;handling=optional'],
    ['Event', 'refer;id=7'],
    ['Replaces', '1@example.org;to-tag=2;from-tag=3;early-only'],
    ['Refer_To', '<sip:c@example.org?Replaces=1%3Bto-tag%3D2>'],
    ['absoluteURI', 'wss://sip.example.org:7443/ws'],
    ['absoluteURI', 'wss//'],
    ['uuid', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
    ['uuid', 'f81d4fae'],
  ];

  /** What SIP.js's Grammar.parse makes of a text: the data, or -1. */
  async function readings(code: string): Promise<unknown[]> {
    const absolute = code.replace(
      /from "\.\.\/\.\.\/(.+?)"/g,
      (_whole, file) => `from "file://${join(sipJs, 'grammar', file)}"`,
    );
    const module: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(absolute)}`);
    const { parse } = module as {
      readonly parse: (text: string, options: { startRule: string; data?: unknown }) => unknown;
    };
    return samples.map(([startRule, text]) => {
      const options: { startRule: string; data?: unknown } = { startRule };
      try {
        parse(text, options);
        return JSON.stringify(options.data);
      } catch {
        return -1;
      }
    });
  }

  test('reads and refuses the same texts as the published one', async () => {
    const slim = await readings(withoutExplanations(path, withoutUnusedRules(path, published)));
    expect(slim).toEqual(await readings(published));
    expect(new Set(slim.map((reading) => reading === -1))).toEqual(new Set([true, false]));
  });

  test('keeps every rule that SIP.js names where it parses, and each is read above', () => {
    const asked = readdirSync(sipJs, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js') && !/session-manager|subscri|exceptions/.test(file))
      .flatMap((file) => [
        ...readFileSync(join(sipJs, file), 'utf8').matchAll(/Grammar\.parse\(\w+, "(\w+)"|parseHeader\("([\w-]+)"/g),
      ])
      .map((match) => (match[1] ?? match[2] ?? '').replace(/-/g, '_').toLowerCase());
    const kept = START_RULES.map((name) => name.toLowerCase());
    expect(asked.filter((name) => !kept.includes(name))).toEqual([]);
    expect(START_RULES.filter((name) => !samples.some(([rule]) => rule === name))).toEqual([]);
  });

  test('must be looked at again when it is made in another way', () => {
    expect(() => withoutUnusedRules(path, 'export const parse = () => 1;')).toThrow('no byte code');
    expect(() => withoutExplanations(path, 'export const parse = () => 1;')).toThrow('another way');
  });
});

describe('modules that cannot be reached', () => {
  test('keep the names of their classes, which throw when they are made', async () => {
    const code = namesOnly('a.js', 'import { B } from "./b.js"; export class A extends B { run() {} }');
    const module: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
    const { A } = module as { readonly A: new () => unknown };
    expect(() => new A()).toThrow('A is not in this build.');
  });

  test('keep the names of their functions, which do nothing', () => {
    expect(namesOnly('a.js', 'export function run() { return 1; }')).toBe('export function run() {}');
  });

  test('must be looked at again when they export anything else, or nothing', () => {
    expect(() => namesOnly('a.js', 'export const a = 1;')).toThrow('no class');
    expect(() => namesOnly('a.js', 'export * from "./b.js";')).toThrow('no class');
    expect(() => namesOnly('a.js', 'const a = 1;')).toThrow('no class');
  });

  test('are known by paths that this version of SIP.js has', () => {
    for (const path of Object.keys(LEFT_OUT))
      expect(namesOnly(path, readFileSync(join(sipJs, path), 'utf8'))).toMatch(/^export (class|function)/);
  });
});

describe('methods that nobody calls', () => {
  test('go, and their neighbours stay as they are', async () => {
    const code = withoutMethods('a.js', 'export class A { b() { return 1; } c() { return 2; } }', ['b']);
    const module: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
    const { A } = module as { readonly A: new () => { c(): number } };
    expect('b' in new A()).toBe(false);
    expect(new A().c()).toBe(2);
  });

  test('are there to be left out', () => {
    expect(() => withoutMethods('a.js', 'class A { b() {} }', ['c'])).toThrow('has no c any more');
    for (const [path, names] of Object.entries(LEFT_OUT_METHODS))
      expect(withoutMethods(path, readFileSync(join(sipJs, path), 'utf8'), names)).toContain('class ');
  });

  test('are called by no file of src/sip', () => {
    const names = new RegExp(`\\.(${Object.values(LEFT_OUT_METHODS).flat().join('|')})\\(`);
    const folder = join(root, 'src/sip');
    expect(readdirSync(folder).filter((file) => names.test(readFileSync(join(folder, file), 'utf8')))).toEqual([]);
  });
});

describe('the line as it is built for browsers', () => {
  let code = '';
  beforeAll(async () => {
    code = await codeOf('src/sip/sip-line.ts');
  });

  const hasClass = (name: string): boolean => new RegExp(`(class ${name} |${name} = class )`).test(code);

  test('has the user agent, the words of its errors and digest authentication', () => {
    const needed = ['UserAgent', 'Inviter', 'Invitation', 'Registerer', 'DigestAuthentication', 'Transport'];
    expect(needed.filter((name) => !hasClass(name))).toEqual([]);
    expect(code).toContain('logger.error(error.message)');
  });

  test("has neither SIP.js's own media nor a subscription", () => {
    expect(code.includes('stun.l.google.com')).toBe(false);
    expect(['SessionDescriptionHandler', 'SubscriptionDialog', 'SubscribeUserAgentClient'].filter(hasClass)).toEqual(
      [],
    );
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
  await expect(gone).rejects.toThrow('check src/bundle/slim-sip.ts');
});
