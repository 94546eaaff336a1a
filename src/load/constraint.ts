// Build constraints: `//go:build` expressions, the older `// +build` lines, and the operating systems and
// architectures that file names end in. Answers for one build context whether a file belongs to it.
import { Byte, blockCommentEnd, lineCommentEnd } from './scan.ts';
import { knownArchitectures, knownSystems, tagIsSet } from './context.ts';
import type { BuildContext } from './context.ts';

/** A constraint expression. */
export type Constraint =
  | { readonly op: 'tag'; readonly tag: string }
  | { readonly op: 'not'; readonly x: Constraint }
  | { readonly op: 'and' | 'or'; readonly x: Constraint; readonly y: Constraint };

/** A malformed constraint; the message is go/build's. */
export class ConstraintError extends Error {}

/** The constraints that stand above a file's package clause. */
export interface FileConstraint {
  readonly expression: Constraint | undefined;
  /** go/build's words where the lines are malformed. */
  readonly error: string;
}

/** Whether the expression holds in the context. Throws ConstraintError where it is malformed. */
export function evaluateConstraint(expression: string, context: BuildContext): boolean {
  return evaluate(parseConstraint(expression), context);
}

/** The value of a parsed constraint in the context. */
export function evaluate(constraint: Constraint, context: BuildContext): boolean {
  switch (constraint.op) {
    case 'tag':
      return tagIsSet(context, constraint.tag);
    case 'not':
      return !evaluate(constraint.x, context);
    case 'and':
      return evaluate(constraint.x, context) && evaluate(constraint.y, context);
    case 'or':
      return evaluate(constraint.x, context) || evaluate(constraint.y, context);
  }
}

/** Parses the text after `//go:build`. Throws ConstraintError. */
export function parseConstraint(text: string): Constraint {
  const parser = new ConstraintParser(text);
  const result = parser.or();
  if (parser.token !== '') throw new ConstraintError(`unexpected token ${parser.token}`);
  return result;
}

class ConstraintParser {
  token: string = '';
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
    this.next();
  }

  or(): Constraint {
    let x = this.and();
    while (this.token === '||') {
      this.next();
      x = { op: 'or', x, y: this.and() };
    }
    return x;
  }

  private and(): Constraint {
    let x = this.not();
    while (this.token === '&&') {
      this.next();
      x = { op: 'and', x, y: this.not() };
    }
    return x;
  }

  private not(): Constraint {
    if (this.token !== '!') return this.atom();
    this.next();
    if (this.token === '!') throw new ConstraintError('double negation not allowed');
    return { op: 'not', x: this.atom() };
  }

  private atom(): Constraint {
    if (this.token === '(') {
      this.next();
      const x = this.or();
      if (!this.isAt(')')) throw new ConstraintError('missing close paren');
      this.next();
      return x;
    }
    if (this.token === '') throw new ConstraintError('unexpected end of expression');
    if (!isTag(this.token)) throw new ConstraintError(`unexpected token ${this.token}`);
    const tag = this.token;
    this.next();
    return { op: 'tag', tag };
  }

  private isAt(token: string): boolean {
    return this.token === token;
  }

  private next(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++;
    const rest = this.text.slice(this.at);
    const match = /^(?:\|\||&&|[()!]|[\p{L}\p{Nd}_.]+)/u.exec(rest);
    if (match === null && rest !== '') {
      const c = String.fromCodePoint(rest.codePointAt(0)!);
      throw new ConstraintError(`invalid syntax at ${c}`);
    }
    this.token = match === null ? '' : match[0];
    this.at += this.token.length;
  }
}

function isTag(token: string): boolean {
  return /^[\p{L}\p{Nd}_.]+$/u.test(token);
}

const utf8 = new TextDecoder();
const noConstraint: FileConstraint = { expression: undefined, error: '' };

/** Reads the constraint lines above the package clause of a file. */
export function fileConstraint(text: Uint8Array): FileConstraint {
  const lines: string[] = [];
  const plusBuild: { line: string; end: number }[] = [];
  let lastBlank = 0;
  let at = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
  let lineIsBlank = true;
  for (; at < text.length; ) {
    const c = text[at];
    if (c === Byte.newline) {
      if (lineIsBlank) lastBlank = at;
      lineIsBlank = true;
      at++;
    } else if (c === Byte.space || c === Byte.tab || c === Byte.carriageReturn) {
      at++;
    } else if (c === Byte.slash && text[at + 1] === Byte.slash) {
      const end = lineCommentEnd(text, at);
      if (lineIsBlank) noteLine(utf8.decode(text.subarray(at, end)).trimEnd(), end, lines, plusBuild);
      lineIsBlank = false;
      at = end;
    } else if (c === Byte.slash && text[at + 1] === Byte.star) {
      const end = blockCommentEnd(text, at);
      if (end < 0) break;
      lineIsBlank = false;
      at = end;
    } else {
      break;
    }
  }
  if (lines.length > 1) return { expression: undefined, error: 'multiple //go:build comments' };
  if (lines.length === 1) return parseLine(lines[0]!.slice('//go:build'.length));
  const counted = plusBuild.filter((entry) => entry.end <= lastBlank);
  if (counted.length === 0) return noConstraint;
  return { expression: counted.map((entry) => plusBuildExpression(entry.line)).reduce((x, y) => ({ op: 'and', x, y })), error: '' };
}

function noteLine(line: string, end: number, goBuild: string[], plusBuild: { line: string; end: number }[]): void {
  if (/^\/\/go:build(\s|$)/.test(line)) goBuild.push(line);
  else if (/^\/\/\s*\+build(\s|$)/.test(line)) plusBuild.push({ line: line.replace(/^\/\/\s*\+build/, ''), end });
}

function parseLine(text: string): FileConstraint {
  try {
    return { expression: parseConstraint(text.trim()), error: '' };
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error;
    return { expression: undefined, error: `parsing //go:build line: ${error.message}` };
  }
}

/** Blanks separate alternatives, commas terms that must all hold. */
function plusBuildExpression(line: string): Constraint {
  const never: Constraint = { op: 'tag', tag: 'ignore' };
  const alternatives = line
    .trim()
    .split(/\s+/)
    .map(
      (clause): Constraint =>
        clause
          .split(',')
          .map((term): Constraint => {
            const negated = term.startsWith('!');
            const tag = negated ? term.slice(1) : term;
            if (!isTag(tag)) return never;
            return negated ? { op: 'not', x: { op: 'tag', tag } } : { op: 'tag', tag };
          })
          .reduce((x, y) => ({ op: 'and', x, y })),
    );
  return alternatives.reduce((x, y) => ({ op: 'or', x, y }));
}

/** The language version that the constraint implies for its file, as `1.21`; empty where it implies none. */
export function impliedGoVersion(constraint: Constraint): string {
  const minor = impliedMinor(constraint, true);
  return minor < 0 ? '' : minor === 0 ? '1' : `1.${minor}`;
}

function impliedMinor(constraint: Constraint, positive: boolean): number {
  switch (constraint.op) {
    case 'tag': {
      const match = positive ? /^go1(?:\.(\d+))?$/.exec(constraint.tag) : null;
      return match === null ? -1 : Number(match[1] ?? 0);
    }
    case 'not':
      return impliedMinor(constraint.x, !positive);
    case 'and':
    case 'or': {
      const x = impliedMinor(constraint.x, positive);
      const y = impliedMinor(constraint.y, positive);
      return (constraint.op === 'and') === positive ? Math.max(x, y) : Math.min(x, y);
    }
  }
}

/** Whether the name's `_GOOS`, `_GOARCH` or `_GOOS_GOARCH` ending, if it has one, agrees with the context. */
export function fileNameMatches(name: string, context: BuildContext): boolean {
  const stem = name.slice(0, name.includes('.') ? name.indexOf('.') : undefined);
  const underscore = stem.indexOf('_');
  if (underscore < 0) return true;
  const parts = stem.slice(underscore + 1).split('_');
  if (parts.at(-1) === 'test') parts.pop();
  const last = parts.at(-1) ?? '';
  const before = parts.length >= 2 ? parts.at(-2)! : '';
  if (knownSystems.has(before) && knownArchitectures.has(last)) return tagIsSet(context, before) && tagIsSet(context, last);
  if (knownSystems.has(last) || knownArchitectures.has(last)) return tagIsSet(context, last);
  return true;
}
