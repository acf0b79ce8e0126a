/**
 * Leaves out of the browser build what this widget can't reach or doesn't need in SIP.js, a sixth of its weight on the wire:
 *
 *   - modules that SIP.js imports but that we never run (LEFT_OUT). Their classes stay as names, so that imports resolve, and throw when
 *     somebody makes one after all;
 *   - methods of the modules that we do run, which nobody calls (LEFT_OUT_METHODS);
 *   - rules of its grammar that nobody asks for (slim-grammar.ts);
 *   - what its grammar would say about text that it cannot read: SIP.js catches that error and only counts it;
 *   - what it logs below "warn". src/sip/sip-user-agent.ts sets that level and passes on nothing else, so nobody can have seen it;
 *   - the code for settings that src/sip does not choose (FIXED_VALUES);
 *   - its sentences above that, like "WebSocket error occurred.": what such a failure means for the line or a call, src/sip logs in its own
 *     words. The words of the error behind it (logger.error(error.message)) are logged as before.
 *
 * The development server and the tests of src/sip run SIP.js as it is published.
 */
import { type Plugin, Visitor } from 'vite';
import { type FixedValues, withFixedValues } from './fixed-values.ts';
import { withoutUnusedRules } from './slim-grammar.ts';
import { withoutUnheardExplanations, withoutUnheardLogs } from './slim-logs.ts';
import { type Edit, edited, program } from './source-edits.ts';

const SIP_JS = '/node_modules/sip.js/lib/';

/** Path in the package -> why it can't be reached. Exact paths, so that an update of SIP.js that moves one fails the build. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'platform/web/session-description-handler/session-description-handler.js': 'media-session.ts stands in for it',
  // Asked for a default that sip-user-agent.ts overrides; with it goes the address of a foreign STUN server.
  'platform/web/session-description-handler/session-description-handler-factory-default.js': 'the same',
  'core/dialogs/subscription-dialog.js': 'made by our own SUBSCRIBE only, and we send none',
  'core/user-agents/subscribe-user-agent-client.js': 'made by our own SUBSCRIBE only, and we send none',
  'core/user-agents/re-subscribe-user-agent-client.js': 'made by a subscription dialog only',
};

/** Path in the package -> methods that src/sip never calls, and nothing that stays here either. Exact names, for the same reason. */
export const LEFT_OUT_METHODS: Readonly<Record<string, readonly string[]>> = {
  // We neither transfer calls nor send INFO or MESSAGE; what others send is answered as before.
  'api/session.js': [
    'info',
    'message',
    'refer',
    '_info',
    '_message',
    '_refer',
    'referExtraHeaders',
    'referToString',
    'replacee',
    'assertedIdentity',
    'sessionDescriptionHandler',
  ],
  // Runs for a REFER that no delegate refuses; ours refuses each.
  'api/referral.js': ['makeInviter', 'referredBy'],
  'core/dialogs/session-dialog.js': ['info', 'message', 'refer'],
  'core/user-agent-core/user-agent-core.js': ['message', 'publish', 'subscribe'],
  'api/registerer.js': ['contacts', 'retryAfter'],
  'grammar/name-addr-header.js': ['friendlyName'],
  'grammar/uri.js': ['deleteHeader', 'clearHeaders'],
  'grammar/parameters.js': ['deleteParam', 'clearParams'],
  'api/emitter.js': ['removeAllListeners'],
  'api/inviter.js': ['localIdentity'],
  'api/invitation.js': ['localIdentity', 'sendProgressReliable'],
  // FIXED_VALUES leave nobody who calls it: sip-connection.ts reconnects.
  'api/user-agent.js': ['attemptReconnection', '_makeInviter'],
  // Digests hash strings in one go.
  'core/messages/md5.js': ['hashAsciiStr', 'appendAsciiStr', 'appendByteArray', 'getState', 'setState'],
};

/** Path in the package -> what sip-user-agent.ts and sip-registration.ts set, or leave at the default, for good. */
export const FIXED_VALUES: Readonly<Record<string, FixedValues>> = {
  'api/user-agent.js': {
    'this.delegate.onMessage': false,
    'this.delegate.onNotify': false,
    'this.delegate.onRegisterRequest': false,
    'this.delegate.onSubscribeRequest': false,
    'this.options.allowLegacyNotifications': false,
    'this.options.gracefulShutdown': false,
    'this.options.hackAllowUnregisteredOptionTags': false,
    'this.options.hackIpInContact': false,
    'this.options.instanceIdAlwaysAdded': false,
    'this.options.logConfiguration': false,
    'this.options.reconnectionAttempts': 0,
    'this.options.sipExtension100rel === SIPExtension.Supported': false,
    'this.options.sipExtensionReplaces !== SIPExtension.Unsupported': false,
    'this.options.sipExtensionReplaces === SIPExtension.Supported': false,
    'options.reconnectionAttempts === undefined': true,
    'options.reconnectionDelay === undefined': true,
  },
  'api/registerer.js': {
    'this.options.logConfiguration': false,
    'options.all': false,
  },
  'api/inviter.js': {
    'this.inviteWithoutSdp': false,
    'options.withoutSdp': false,
    'userAgent.configuration.sipExtension100rel === SIPExtension.Required': false,
    'userAgent.configuration.sipExtensionReplaces === SIPExtension.Required': false,
  },
  'api/invitation.js': { 'this.userAgent.configuration.sendInitialProvisionalResponse': false },
  'api/session.js': {
    'options.withoutSdp': false,
    'this.delegate.onInfo': false,
    'this.delegate.onMessage': false,
    'this.delegate.onNotify': false,
    'this.delegate.onAck': false,
    'this.onNotify': false,
  },
  'core/messages/outgoing-request-message.js': {
    'this.options.hackViaTcp': false,
    'this.options.forceRport': false,
  },
  'platform/web/transport/transport.js': {
    'this.configuration.keepAliveInterval': 0,
    'this.configuration.traceSip': false,
  },
};

const GRAMMAR = 'grammar/pegjs/dist/grammar.js';

const EXPECTED: readonly string[] = [LEFT_OUT, LEFT_OUT_METHODS, FIXED_VALUES, { [GRAMMAR]: '' }].flatMap(Object.keys);

export function slimSip(): Plugin {
  const missing = new Set(EXPECTED);
  let hasSip = false;
  return {
    name: 'slim-sip',
    apply: 'build',
    buildStart() {
      hasSip = false;
      for (const path of EXPECTED) missing.add(path);
    },
    transform(code, id) {
      const path = pathInSip(id);
      if (path === null) return null;
      hasSip = true;
      missing.delete(path);
      return { code: slim(path, code), map: null };
    },
    buildEnd(error) {
      if (error === undefined && hasSip && missing.size > 0)
        this.error(
          `SIP.js has no ${[...missing].join(', ')} any more: check src/bundle/slim-sip.ts against this version.`,
        );
    },
  };
}

function slim(path: string, code: string): string {
  if (path in LEFT_OUT) return namesOnly(path, code);
  if (path === GRAMMAR) return withoutExplanations(path, withoutUnusedRules(path, code));
  const called = withoutMethods(path, code, LEFT_OUT_METHODS[path] ?? []);
  const set = withFixedValues(path, called, FIXED_VALUES[path] ?? {});
  return withoutUnheardLogs(path, withoutUnheardExplanations(path, set));
}

function pathInSip(id: string): string | null {
  const at = id.indexOf(SIP_JS);
  return at < 0 ? null : (id.slice(at + SIP_JS.length).split('?')[0] ?? null);
}

/**
 * The module's exported classes, which throw when they are made, and functions, which do nothing. Throws when it exports anything else:
 * then somebody has to look.
 */
export function namesOnly(path: string, code: string): string {
  const exported = program(path, code).body.filter(({ type }) => type.startsWith('Export'));
  if (exported.length === 0) throw new Error(`${path} of SIP.js exports no class any more.`);
  return exported
    .map((statement) => {
      const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : null;
      if (declared?.type === 'ClassDeclaration' && declared.id !== null) {
        const { name } = declared.id;
        return `export class ${name} { constructor() { throw new Error('${name} is not in this build.'); } }`;
      }
      if (declared?.type === 'FunctionDeclaration' && declared.id !== null)
        return `export function ${declared.id.name}() {}`;
      throw new Error(`${path} of SIP.js exports something that is no class and no function.`);
    })
    .join('\n');
}

/** The module without these methods. Throws when one of them is not there. */
export function withoutMethods(path: string, code: string, names: readonly string[]): string {
  if (names.length === 0) return code;
  const edits: Edit[] = [];
  const missing = new Set(names);
  new Visitor({
    MethodDefinition({ key, start, end }) {
      if (key.type === 'Identifier' && missing.delete(key.name)) edits.push({ start, end, text: '' });
    },
  }).visit(program(path, code));
  if (missing.size > 0) throw new Error(`${path} of SIP.js has no ${[...missing].join(', ')} any more.`);
  return edited(code, edits);
}

/**
 * The parser that PEG.js made, without the words for what it expected where it stopped. It stops at the same places, with an error that
 * has no text. Throws when the parser is made in another way than today.
 */
export function withoutExplanations(path: string, code: string): string {
  const edits: Edit[] = [];
  new Visitor({
    CallExpression({ start, end, callee }) {
      if (callee.type === 'Identifier' && /^peg\$\w+Expectation$/.test(callee.name))
        edits.push({ start, end, text: '0' });
    },
    ClassDeclaration({ id, body: { start, end } }) {
      if (id?.name === 'SyntaxError') edits.push({ start, end, text: '{ static buildMessage() {} }' });
    },
  }).visit(program(path, code));
  const hasClass = edits.some(({ text }) => text !== '0');
  if (!hasClass || edits.length < 2) throw new Error(`${path} of SIP.js explains its errors in another way now.`);
  return edited(code, edits);
}
