/**
 * Leaves out of the browser build what this widget can't reach or doesn't need in SIP.js, a sixth of its weight on the wire:
 *
 *   - modules that SIP.js imports but that we never run (LEFT_OUT). Their classes stay as names, so that imports resolve, and throw when
 *     somebody makes one after all;
 *   - methods of the modules that we do run, which nobody calls (LEFT_OUT_METHODS);
 *   - rules of its grammar that nobody asks for (slim-grammar.ts);
 *   - what its grammar would say about text that it cannot read: SIP.js catches that error and only counts it;
 *   - what it logs below "warn". src/sip/sip-user-agent.ts sets that level and passes on nothing else, so nobody can have seen it;
 *   - its sentences above that, like "WebSocket error occurred.": what such a failure means for the line or a call, src/sip logs in its own
 *     words. The words of the error behind it (logger.error(error.message)) are logged as before.
 *
 * The development server and the tests of src/sip run SIP.js as it is published.
 */
import { type ESTree, type Plugin, parseSync, Visitor } from 'vite';
import { withoutUnusedRules } from './slim-grammar.ts';

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
  'api/session.js': ['info', 'message', 'refer', '_info', '_message', '_refer', 'referExtraHeaders', 'referToString'],
  // Runs for a REFER that no delegate refuses; ours refuses each.
  'api/referral.js': ['makeInviter'],
  'core/dialogs/session-dialog.js': ['info', 'message', 'refer'],
  'core/user-agent-core/user-agent-core.js': ['message', 'publish', 'subscribe'],
  'grammar/uri.js': ['deleteHeader', 'clearHeaders'],
  'grammar/parameters.js': ['deleteParam', 'clearParams'],
  // Digests hash strings in one go.
  'core/messages/md5.js': ['hashAsciiStr', 'appendAsciiStr', 'appendByteArray', 'getState', 'setState'],
};

const GRAMMAR = 'grammar/pegjs/dist/grammar.js';

const UNHEARD_LEVELS: ReadonlySet<string> = new Set(['debug', 'log']);
const HEARD_LEVELS: ReadonlySet<string> = new Set(['warn', 'error']);

const EXPECTED: readonly string[] = [...Object.keys(LEFT_OUT), ...Object.keys(LEFT_OUT_METHODS), GRAMMAR];

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

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
  return withoutUnheardLogs(path, withoutMethods(path, code, LEFT_OUT_METHODS[path] ?? []));
}

function pathInSip(id: string): string | null {
  const at = id.indexOf(SIP_JS);
  return at < 0 ? null : (id.slice(at + SIP_JS.length).split('?')[0] ?? null);
}

/**
 * The module's exported classes, which throw when they are made, and functions, which do nothing. Throws when it exports anything else: then
 * somebody has to look.
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

/** Replaces `this.logger.log(...)` and `this.logger.debug(...)` where they are whole statements by empty ones. */
export function withoutUnheardLogs(path: string, code: string): string {
  const edits: Edit[] = [];
  new Visitor({
    ExpressionStatement({ start, end, expression }) {
      if (isUnheardLog(expression)) edits.push({ start, end, text: ';' });
    },
  }).visit(program(path, code));
  return edited(code, edits);
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

/** From the end to the start, so that no edit moves another. */
function edited(code: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), code);
}

function program(path: string, code: string): ESTree.Program {
  const parsed = parseSync(path, code);
  const [error] = parsed.errors;
  if (error) throw new Error(`${path} of SIP.js can't be read: ${error.message}`);
  return parsed.program;
}

function isUnheardLog(expression: ESTree.Expression): boolean {
  if (expression.type !== 'CallExpression' || expression.callee.type !== 'MemberExpression') return false;
  const { object, property } = expression.callee;
  if (property.type !== 'Identifier' || !isLogger(object) || !expression.arguments.every(onlyReads)) return false;
  if (UNHEARD_LEVELS.has(property.name)) return true;
  return HEARD_LEVELS.has(property.name) && expression.arguments.every(isSentence);
}

/** `logger`, `this.logger`, `this.userAgent.logger`, `this._logger`. */
function isLogger(node: ESTree.Expression | ESTree.Super): boolean {
  const named = node.type === 'MemberExpression' ? node.property : node;
  return named.type === 'Identifier' && /^_?logger$/.test(named.name);
}

/** SIP.js's own words, as against `error.message`; `deprecatedMessage` is about options that we don't set. */
function isSentence(node: ESTree.Argument): boolean {
  if (node.type === 'Identifier') return node.name === 'deprecatedMessage';
  return node.type === 'Literal' || node.type === 'TemplateLiteral' || node.type === 'BinaryExpression';
}

/** Text made of constants and properties; anything else stays as it is. */
function onlyReads(node: ESTree.Argument): boolean {
  switch (node.type) {
    case 'Literal':
    case 'Identifier':
    case 'ThisExpression':
      return true;
    case 'TemplateLiteral':
      return node.expressions.every(onlyReads);
    case 'MemberExpression':
      return !node.computed && node.object.type !== 'Super' && onlyReads(node.object);
    case 'ConditionalExpression':
      return [node.test, node.consequent, node.alternate].every(onlyReads);
    case 'BinaryExpression':
      return node.left.type !== 'PrivateIdentifier' && onlyReads(node.left) && onlyReads(node.right);
    default:
      return false;
  }
}
