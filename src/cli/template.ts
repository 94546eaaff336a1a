// The part of Go's text/template that `list -f` is used with: fields, pipelines of functions, if, else, range, with. Data are
// JSON-like values; a field that a value does not have is the empty value of its kind.

/** Writes a value by a template. Throws TemplateError. */
export function executeTemplate(text: string, data: unknown, functions: Readonly<Record<string, TemplateFunction>> = {}): string {
  const { nodes: body, end } = new TemplateParser(text).list();
  if (end !== '') throw new TemplateError(`template: main:1: unexpected {{${end}}}`);
  return new Execution({ ...builtins, ...functions }, data).run(body, data);
}

export type TemplateFunction = (...args: never[]) => unknown;

/** A template that can't be read or executed. */
export class TemplateError extends Error {}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipe: Pipe }
  | { readonly kind: 'if' | 'range' | 'with'; readonly pipe: Pipe; readonly body: readonly Node[]; readonly otherwise: readonly Node[] };

/** Commands, each of operands; the value of one is the last argument of the next. */
type Pipe = readonly (readonly Operand[])[];
type Operand =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'field'; readonly from: 'dot' | 'root'; readonly path: readonly string[] }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'group'; readonly pipe: Pipe; readonly path: readonly string[] };

class TemplateParser {
  private readonly pieces: readonly string[];
  private at = 0;

  constructor(text: string) {
    this.pieces = text.replace(/\s*\{\{- /g, '{{').replace(/ -\}\}\s*/g, '}}').split(/\{\{([^]*?)\}\}/);
    if (this.pieces.at(-1)!.includes('{{')) throw new TemplateError('template: main:1: unclosed action');
  }

  /** Nodes up to the `end` or `else…` that ends the list, or the end of the text. */
  list(): { nodes: Node[]; end: string } {
    const nodes: Node[] = [];
    for (; this.at < this.pieces.length; ) {
      const isAction = this.at % 2 === 1;
      const piece = this.pieces[this.at++]!.toString();
      if (!isAction) {
        if (piece !== '') nodes.push({ kind: 'text', text: piece });
        continue;
      }
      const action = piece.trim();
      const block = /^(if|range|with)\s+([^]+)$/.exec(action);
      if (block !== null) nodes.push(this.block(block[1] as 'if', block[2]!));
      else if (/^(end|else\b[^]*)$/.test(action)) return { nodes, end: action };
      else if (!action.startsWith('/*')) nodes.push({ kind: 'action', pipe: new PipeParser(action).pipe('') });
    }
    return { nodes, end: '' };
  }

  private block(kind: 'if' | 'range' | 'with', condition: string): Node {
    const pipe = new PipeParser(condition).pipe('');
    const { nodes: body, end } = this.list();
    const chained = /^else\s+(if|with)\s+([^]+)$/.exec(end);
    if (chained !== null) return { kind, pipe, body, otherwise: [this.block(chained[1] as 'if', chained[2]!)] };
    const other = end === 'else' ? this.list() : { nodes: [], end };
    if (other.end !== 'end') throw new TemplateError('template: main:1: unexpected EOF');
    return { kind, pipe, body, otherwise: other.nodes };
  }
}

const tokenPattern = /\s*("(?:[^"\\]|\\.)*"|`[^`]*`|-?\d+|\$?(?:\.[A-Za-z_]\w*)+|\$|\.|[A-Za-z_]\w*|[()|])/y;

class PipeParser {
  private readonly tokens: string[] = [];
  private at = 0;

  constructor(text: string) {
    tokenPattern.lastIndex = 0;
    let end = 0;
    for (let match = tokenPattern.exec(text); match !== null; match = tokenPattern.exec(text)) {
      this.tokens.push(match[1]!);
      end = tokenPattern.lastIndex;
    }
    if (text.slice(end).trim() !== '') throw new TemplateError(`goloom list: -f: goloom's templates have no ${JSON.stringify(text.slice(end).trim())}`);
  }

  /** Commands up to `close`. */
  pipe(close: string): Pipe {
    const commands: Operand[][] = [[]];
    for (; this.at < this.tokens.length && this.tokens[this.at] !== close; ) {
      const token = this.tokens[this.at++]!;
      if (token === '|') commands.push([]);
      else commands.at(-1)!.push(this.operand(token));
    }
    if (close !== '' && this.tokens[this.at++] !== close) throw new TemplateError('template: main:1: unclosed left paren');
    if (commands.some((command) => command.length === 0)) throw new TemplateError('template: main:1: missing value for command');
    return commands;
  }

  private operand(token: string): Operand {
    if (token === '(') {
      const pipe = this.pipe(')');
      const next = this.tokens[this.at];
      const path = next?.startsWith('.') === true && next.length > 1 ? this.tokens[this.at++]!.slice(1).split('.') : [];
      return { kind: 'group', pipe, path };
    }
    if (token.startsWith('"')) return { kind: 'literal', value: JSON.parse(token) as string };
    if (token.startsWith('`')) return { kind: 'literal', value: token.slice(1, -1) };
    if (/^-?\d/.test(token)) return { kind: 'literal', value: Number(token) };
    if (token === 'true' || token === 'false') return { kind: 'literal', value: token === 'true' };
    if (token === 'nil') return { kind: 'literal', value: undefined };
    if (/^[$.]/.test(token)) {
      const path = token.replace(/^\$?\.?/, '');
      return { kind: 'field', from: token.startsWith('$') ? 'root' : 'dot', path: path === '' ? [] : path.split('.') };
    }
    return { kind: 'function', name: token };
  }
}

class Execution {
  private readonly functions: Readonly<Record<string, TemplateFunction>>;
  private readonly root: unknown;

  constructor(functions: Readonly<Record<string, TemplateFunction>>, root: unknown) {
    this.functions = functions;
    this.root = root;
  }

  run(nodes: readonly Node[], dot: unknown): string {
    return nodes.map((node) => this.node(node, dot)).join('');
  }

  private node(node: Node, dot: unknown): string {
    if (node.kind === 'text') return node.text;
    const value = this.evaluate(node.pipe, dot);
    if (node.kind === 'action') return printed(value);
    if (!isTrue(value)) return this.run(node.otherwise, dot);
    if (node.kind === 'if') return this.run(node.body, dot);
    if (node.kind === 'with') return this.run(node.body, value);
    return (value as readonly unknown[]).map((element) => this.run(node.body, element)).join('');
  }

  private evaluate(pipe: Pipe, dot: unknown): unknown {
    let value: unknown;
    pipe.forEach((command, i) => {
      const [first, ...rest] = command;
      const args = rest.map((operand) => this.operand(operand, dot));
      if (i > 0) args.push(value);
      if (first!.kind === 'function') value = this.call(first.name, args);
      else if (args.length > 0) throw new TemplateError("template: main:1: can't give argument to non-function");
      else value = this.operand(first!, dot);
    });
    return value;
  }

  private operand(operand: Operand, dot: unknown): unknown {
    switch (operand.kind) {
      case 'literal':
        return operand.value;
      case 'function':
        return this.call(operand.name, []);
      case 'field':
        return this.follow(operand.from === 'dot' ? dot : this.root, operand.path);
      case 'group':
        return this.follow(this.evaluate(operand.pipe, dot), operand.path);
    }
  }

  private call(name: string, args: readonly unknown[]): unknown {
    const found = this.functions[name];
    if (found === undefined) throw new TemplateError(`template: main:1: function ${JSON.stringify(name)} not defined`);
    return found(...(args as never[]));
  }

  private follow(value: unknown, path: readonly string[]): unknown {
    return path.reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>> | undefined)?.[name], value);
  }
}

function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '' && value !== 0 && value !== false;
}

function printed(value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`;
  if (typeof value === 'object') return `{${Object.values(value as object).map(printed).join(' ')}}`;
  return String(value);
}

function format(pattern: string, ...args: readonly unknown[]): string {
  let next = 0;
  return pattern.replace(/%([vsdq%])/g, (_, verb: string) => {
    if (verb === '%') return '%';
    const value = printed(args[next++]);
    return verb === 'q' ? JSON.stringify(value) : value;
  });
}

const builtins: Readonly<Record<string, TemplateFunction>> = {
  and: (...args: unknown[]) => args.at(args.findIndex((arg) => !isTrue(arg))),
  or: (...args: unknown[]) => args.at(args.findIndex(isTrue)),
  not: (arg: unknown) => !isTrue(arg),
  eq: (first: unknown, ...others: unknown[]) => others.some((other) => first === other || ((first ?? '') === '' && (other ?? '') === '')),
  ne: (first: unknown, other: unknown) => (first ?? '') !== (other ?? ''),
  lt: (a: number, b: number) => a < b,
  le: (a: number, b: number) => a <= b,
  gt: (a: number, b: number) => a > b,
  ge: (a: number, b: number) => a >= b,
  len: (arg: readonly unknown[] | string | undefined) => (typeof arg === 'string' ? Buffer.byteLength(arg) : (arg?.length ?? 0)),
  index: (arg: readonly unknown[] | undefined, i: number) => arg?.[i],
  print: (...args: unknown[]) => args.map(printed).join(''),
  println: (...args: unknown[]) => `${args.map(printed).join(' ')}\n`,
  printf: format,
  join: (list: readonly string[] | undefined, separator: string) => (list ?? []).join(separator),
};
