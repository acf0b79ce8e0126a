/** Leaves out what SIP.js says to its logger and nobody hears; see slim-sip.ts for why nobody does. */
import { type ESTree, Visitor } from 'vite';
import { type Edit, edited, program } from './source-edits.ts';

const UNHEARD_LEVELS: ReadonlySet<string> = new Set(['debug', 'log']);
const HEARD_LEVELS: ReadonlySet<string> = new Set(['warn', 'error']);

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

/**
 * Leaves out explanations that are put together in a variable, sentence by sentence, for the logger alone: the variable, its additions
 * and the logging. A variable that anything else reads stays as it is.
 */
export function withoutUnheardExplanations(path: string, code: string): string {
  const { variables, functions, mentions, statements } = explanationsIn(program(path, code));
  const edits = variables.flatMap((variable) => {
    const { start, end } = innermost(functions, variable);
    const own = statements.filter(({ name, at }) => name === variable.name && start <= at && at < end);
    const isHeard = own.some(({ isLogged }) => isLogged);
    const uses = mentions.filter(({ name, at }) => name === variable.name && start <= at && at < end);
    // Its declaration is one mention, each of its own statements another: when there are more, somebody reads it.
    return isHeard && uses.length === own.length + 1 ? [variable, ...own] : [];
  });
  return edited(
    code,
    edits.map(({ start, end }) => ({ start, end, text: ';' })),
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
}
interface Named extends Span {
  readonly name: string;
}
interface Explanations {
  /** `let message = "..."`. */
  readonly variables: readonly Named[];
  readonly functions: readonly Span[];
  /** Where each name stands for a variable. */
  readonly mentions: readonly { readonly name: string; readonly at: number }[];
  /** `message += "...";` and `logger.warn(message);`. */
  readonly statements: readonly (Named & { readonly at: number; readonly isLogged: boolean })[];
}

function explanationsIn(tree: ESTree.Program): Explanations {
  const variables: Named[] = [];
  const functions: Span[] = [];
  const mentions: { name: string; at: number }[] = [];
  const statements: (Named & { at: number; isLogged: boolean })[] = [];
  const properties = new Set<number>();
  const addFunction = ({ start, end }: Span) => void functions.push({ start, end });
  new Visitor({
    FunctionDeclaration: addFunction,
    FunctionExpression: addFunction,
    ArrowFunctionExpression: addFunction,
    MemberExpression({ computed, property }) {
      if (!computed) properties.add(property.start);
    },
    Property({ computed, shorthand, key }) {
      if (!computed && !shorthand) properties.add(key.start);
    },
    VariableDeclaration({ start, end, declarations }) {
      const [declared, ...others] = declarations;
      if (others.length > 0 || declared?.id.type !== 'Identifier' || declared.init === null) return;
      if (isSentence(declared.init) && onlyReads(declared.init)) variables.push({ name: declared.id.name, start, end });
    },
    ExpressionStatement({ start, end, expression }) {
      const name = addition(expression) ?? loggedVariable(expression);
      if (name === null) return;
      statements.push({ name, start, end, at: start, isLogged: expression.type === 'CallExpression' });
    },
    Identifier({ name, start }) {
      mentions.push({ name, at: start });
    },
  }).visit(tree);
  return { variables, functions, statements, mentions: mentions.filter(({ at }) => !properties.has(at)) };
}

/** The function that holds the variable; the whole module when none does. */
function innermost(functions: readonly Span[], { start, end }: Span): Span {
  const around = functions.filter((outer) => outer.start <= start && end <= outer.end);
  return around.reduce((a, b) => (b.end - b.start < a.end - a.start ? b : a), { start: 0, end: Number.MAX_VALUE });
}

function addition(expression: ESTree.Expression): string | null {
  if (expression.type !== 'AssignmentExpression' || expression.operator !== '+=') return null;
  const { left, right } = expression;
  return left.type === 'Identifier' && isSentence(right) && onlyReads(right) ? left.name : null;
}

function loggedVariable(expression: ESTree.Expression): string | null {
  const [said, ...others] = loggedWords(expression) ?? [];
  return said?.type === 'Identifier' && others.length === 0 ? said.name : null;
}

function isUnheardLog(expression: ESTree.Expression): boolean {
  const words = loggedWords(expression);
  if (words === null || !words.every(onlyReads)) return false;
  return levelOf(expression) === 'unheard' || words.every(isSentence);
}

/** What is said to a logger; null when this says nothing to one. */
function loggedWords(expression: ESTree.Expression): readonly ESTree.Argument[] | null {
  return expression.type === 'CallExpression' && levelOf(expression) !== null ? expression.arguments : null;
}

function levelOf(expression: ESTree.Expression): 'heard' | 'unheard' | null {
  if (expression.type !== 'CallExpression' || expression.callee.type !== 'MemberExpression') return null;
  const { object, property } = expression.callee;
  if (property.type !== 'Identifier' || !isLogger(object)) return null;
  if (UNHEARD_LEVELS.has(property.name)) return 'unheard';
  return HEARD_LEVELS.has(property.name) ? 'heard' : null;
}

/** `logger`, `this.logger`, `this.userAgent.logger`, `this._logger`. */
function isLogger(node: ESTree.Expression | ESTree.Super): boolean {
  const named = node.type === 'MemberExpression' ? node.property : node;
  return named.type === 'Identifier' && /^_?logger$/.test(named.name);
}

/** SIP.js's own words, as against `error.message`; `deprecatedMessage` is about options that we don't set. */
function isSentence(node: ESTree.Argument): boolean {
  if (node.type === 'Identifier') return node.name === 'deprecatedMessage';
  if (node.type === 'Literal') return typeof node.value === 'string';
  return node.type === 'TemplateLiteral' || node.type === 'BinaryExpression';
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
