// Random expressions of a given type. What they may do at run time, gc defines: no out-of-range float conversions, no order of
// evaluation that the language leaves open, and no constant folding that could make a program invalid.
import type { Random } from './random.ts';
import * as types from './types.ts';
import type { GoType } from './types.ts';

export interface Variable {
  readonly name: string;
  readonly type: GoType;
  /** Neither a parameter of a loop nor anything else that must keep its value. */
  readonly assignable: boolean;
}

/** What an expression may refer to. */
export interface Scope {
  /** Variables in reach of the type. */
  readonly variables: readonly Variable[];
  readonly random: Random;
  /** Runs f with the variables that `keep` leaves. */
  within<T>(keep: (v: Variable) => boolean, f: () => T): T;
  /** Numbers the marks of evaluation. */
  mark(): number;
}

const words = ['', 'a', 'go', 'loom', 'héllo', '世界', 'x\\x00y', '\\xff', 'longer text with blanks'];

export class Expressions {
  private readonly scope: Scope;
  private readonly r: Random;

  constructor(scope: Scope) {
    this.scope = scope;
    this.r = scope.random;
  }

  /** An expression of the type, at most that deep. */
  of(t: GoType, depth = 3): string {
    const known = this.scope.variables.filter((v) => v.type.text === t.text);
    if (known.length > 0 && this.r.below(10) < (depth === 0 ? 9 : 4)) return this.r.pick(known).name;
    const from = depth > 0 && this.r.oneIn(3) ? this.part(t, depth) : '';
    if (from !== '') return from;
    if (depth > 0 && this.r.oneIn(12) && t.kind !== 'func') return `t("m${this.scope.mark()}", ${this.typed(t, depth - 1)})`;
    switch (t.kind) {
      case 'int': return this.int(t, depth);
      case 'float': return this.float(t, depth);
      case 'string': return this.string(depth);
      case 'bool': return this.bool(depth);
      case 'iface': return this.iface(t, depth);
      case 'func': {
        // It may be assigned to a func variable: if it called one, it could call itself for ever.
        const body = this.scope.within((v) => v.type.kind !== 'func', () => this.of(t.elem!, Math.max(0, depth - 1)));
        return `func() ${t.elem!.text} { return ${body} }`;
      }
      case 'pointer': return this.r.oneIn(30) ? `(${t.text})(nil)` : `&${this.literal(t.elem!, depth)}`;
      default: return this.composite(t, depth);
    }
  }

  /** An expression that has the type by itself, not as an untyped constant. */
  typed(t: GoType, depth: number): string {
    const e = this.of(t, depth);
    return t.kind === 'int' || t.kind === 'float' || t.kind === 'string' || t.kind === 'bool' || t.kind === 'iface' ? `${t.text}(${e})` : e;
  }

  /** Something of the type that a variable has inside: a field, an element, what a func returns. */
  private part(t: GoType, depth: number): string {
    const sources: string[] = [];
    for (const v of this.scope.variables) {
      const { type, name } = v;
      if (type.elem?.text === t.text) {
        if (type.kind === 'slice') sources.push(this.r.oneIn(8) ? `${name}[${this.index(`len(${name})`, depth)}]` : `at(${name}, ${this.variableInt(depth)})`);
        if (type.kind === 'array') sources.push(`${name}[uint(${this.variableInt(depth)})%${type.len}]`);
        if (type.kind === 'map') sources.push(`${name}[${this.of(type.key!, depth - 1)}]`);
        if (type.kind === 'func') sources.push(`${name}()`);
      }
      const st = type.kind === 'pointer' ? type.elem! : type;
      if (st.kind === 'struct') for (const f of st.fields!) if (f.type.text === t.text) sources.push(`${name}.${f.name}`);
      if (type.kind === 'string' && t.text === 'uint8') sources.push(`(${name} + "x")[${this.index(`len(${name} + "x")`, depth)}]`);
      if (type.kind === 'iface' && type.text === 'any' && t.kind !== 'iface' && this.r.oneIn(8)) sources.push(`${name}.(${t.text})`);
    }
    return sources.length === 0 ? '' : this.r.pick(sources);
  }

  /** Mostly in range: a length of 0 panics, and so do some others. */
  private index(length: string, depth: number): string {
    const e = this.variableInt(depth);
    return this.r.oneIn(25) ? e : `uint(${e})%uint(${length})`;
  }

  /** An int expression that is no constant. */
  private variableInt(depth: number): string {
    const known = this.scope.variables.filter((v) => v.type.text === 'int');
    if (known.length > 0 && this.r.below(3) > 0) return this.r.pick(known).name;
    return `hide(${this.of(types.int, Math.max(0, depth - 1))})`;
  }

  private intLiteral(t: GoType): string {
    const bits = t.signed ? t.bits! - 1 : t.bits!;
    const top = 2n ** BigInt(bits) - 1n;
    switch (this.r.below(6)) {
      case 0: return `${t.text}(${top})`;
      case 1: return t.signed ? `${t.text}(${-top - 1n})` : `${t.text}(0)`;
      case 2: return `${t.text}(${t.signed ? -this.r.below(100) : this.r.below(100)})`;
      default: return `${t.text}(${this.r.below(10)})`;
    }
  }

  private int(t: GoType, depth: number): string {
    if (depth === 0 || this.r.oneIn(6)) return this.intLiteral(t);
    const a = (): string => `hide(${this.typed(t, depth - 1)})`;
    const b = (): string => this.typed(t, depth - 1);
    switch (this.r.below(14)) {
      case 0: case 1: case 2: return `(${a()} ${this.r.pick(['+', '-', '*', '&', '|', '^', '&^'])} ${b()})`;
      case 3: return `(${a()} ${this.r.pick(['/', '%'])} ${this.r.oneIn(20) ? a() : `(${b()} | 1)`})`.replace('| 1)', `| hide(${t.text}(1)))`);
      case 4: return `(${a()} ${this.r.pick(['<<', '>>'])} (${this.variableInt(depth)} & ${this.r.pick([7, 31, 63, 127])}))`;
      case 5: return `(${a()} ${this.r.pick(['<<', '>>'])} ${this.r.oneIn(12) ? this.variableInt(depth) : this.r.below(70)})`;
      case 6: return `${this.r.pick(['-', '^'])}${a()}`;
      case 7: { const from = this.r.pick(types.integers); return `${t.text}(hide(${this.typed(from, depth - 1)}))`; }
      case 8: return `${t.text}(hide(${this.r.pick(['float64(3.75)', 'float32(100.5)', 'float64(0.25)'])}))`;
      case 9: return `${this.r.pick(['min', 'max'])}(${a()}, ${b()})`;
      case 10: return `${t.text}(len(${this.of(types.string, depth - 1)}))`.replace(/len\(("[^"]*")\)/, 'len(hide($1))');
      case 11: return `sum(${b()}, ${b()})`;
      case 12: return `pair[bool, ${t.text}]{${this.bool(0)}, ${b()}}.swap().a`;
      default: return `${t.text}(hide(int(${this.of(types.shape, depth - 1)}.area())))`;
    }
  }

  private float(t: GoType, depth: number): string {
    const literal = (): string => `${t.text}(${this.r.pick(['0', '1', '-1.5', '3.25', '1e10', '0.1', '-7'])})`;
    if (depth === 0 || this.r.oneIn(5)) return literal();
    const a = (): string => `hide(${this.typed(t, depth - 1)})`;
    switch (this.r.below(5)) {
      case 0: case 1: return `(${a()} ${this.r.pick(['+', '-', '*', '/'])} ${this.typed(t, depth - 1)})`.replace(/\/ (float\d\d)\(0\)/, '/ hide($1(0))');
      case 2: return `${t.text}(hide(${this.typed(this.r.pick(types.integers), depth - 1)}))`;
      case 3: return `${t.text}(hide(${this.typed(t.text === 'float64' ? types.float32 : types.float64, depth - 1)}))`;
      default: return `${this.r.pick(['min', 'max'])}(${a()}, ${this.typed(t, depth - 1)})`;
    }
  }

  private string(depth: number): string {
    if (depth === 0 || this.r.oneIn(4)) return `"${this.r.pick(words)}"`;
    const s = (): string => `hide(${this.typed(types.string, depth - 1)})`;
    switch (this.r.below(9)) {
      case 0: case 1: return `(${s()} + ${this.of(types.string, depth - 1)})`;
      case 2: return `${s()}[:0]`;
      case 3: return `string([]byte(${s()}))`;
      case 4: return `string([]rune(${s()}))`;
      case 5: return `string(rune(hide(${this.typed(types.integers[5]!, depth - 1)})))`;
      case 6: return `fmt.Sprint(${this.typed(types.scalar(this.r), depth - 1)}, ${this.typed(types.scalar(this.r), depth - 1)})`;
      case 7: return `strings.Repeat(${s()}, ${this.r.below(3)})`;
      default: return `${this.of(types.shape, depth - 1)}.name()`;
    }
  }

  private bool(depth: number): string {
    if (depth === 0) return this.r.pick(['true', 'false']);
    const t = this.r.pick([...types.integers, types.string, types.float64, types.string]);
    switch (this.r.below(7)) {
      case 0: return `(${this.of(types.bool, depth - 1)} && ${this.of(types.bool, depth - 1)})`;
      case 1: return `(${this.of(types.bool, depth - 1)} || ${this.of(types.bool, depth - 1)})`;
      case 2: return `!${this.of(types.bool, depth - 1)}`;
      case 3: return `(any(${this.typed(t, depth - 1)}) == any(${this.typed(this.r.pick([t, types.scalar(this.r)]), depth - 1)}))`;
      case 4: {
        const list = this.scope.variables.filter((v) => v.type.comparable && v.type.kind !== 'pointer');
        if (list.length > 0) { const v = this.r.pick(list); return `(${v.name} ${this.r.pick(['==', '!='])} ${this.grouped(v.type, depth - 1)})`; }
        return 'true';
      }
      default: return `(hide(${this.typed(t, depth - 1)}) ${this.r.pick(['==', '!=', '<', '<=', '>', '>='])} ${this.typed(t, depth - 1)})`;
    }
  }

  /** In parentheses, where a literal's braces would begin a block. */
  private grouped(t: GoType, depth: number): string {
    return `(${this.typed(t, depth)})`;
  }

  private iface(t: GoType, depth: number): string {
    if (t.text === 'shape') {
      switch (this.r.below(5)) {
        case 0: return `shape(square{${this.of(types.int, 0)}})`;
        case 1: return `shape(&rect{square{${this.of(types.int, 0)}}, ${this.of(types.int, 0)}})`;
        case 2: return `shape(dot(${this.of(types.string, Math.max(0, depth - 1))}))`;
        case 3: return `shape(&square{${this.of(types.int, 0)}})`;
        default: return this.r.oneIn(10) ? 'shape(nil)' : 'shape(square{2})';
      }
    }
    return this.r.oneIn(5) ? 'any(nil)' : `any(${this.typed(types.scalar(this.r), Math.max(0, depth - 1))})`;
  }

  /** A literal of a struct, array, slice or map type. */
  composite(t: GoType, depth: number): string {
    if (this.r.oneIn(10) && (t.kind === 'slice' || t.kind === 'map')) return `${t.text}(nil)`;
    return this.literal(t, depth);
  }

  private literal(t: GoType, depth: number): string {
    const d = Math.max(0, depth - 1);
    const some = (n: number, f: () => string): string => Array.from({ length: n }, f).join(', ');
    switch (t.kind) {
      case 'struct': return `${t.text}{${t.fields!.filter(() => !this.r.oneIn(4)).map((f) => `${f.name}: ${this.of(f.type, d)}`).join(', ')}}`;
      case 'array': return `${t.text}{${some(this.r.below(t.len! + 1), () => this.of(t.elem!, d))}}`;
      case 'slice': return `${t.text}{${some(this.r.below(4), () => this.of(t.elem!, d))}}`;
      default: return `${t.text}{${this.mapElements(t, d)}}`;
    }
  }

  /** Keys that are constants must differ: they are hidden. */
  private mapElements(t: GoType, depth: number): string {
    return Array.from({ length: this.r.below(4) }, () => `hide(${this.typed(t.key!, 0)}): ${this.of(t.elem!, depth)}`).join(', ');
  }
}
