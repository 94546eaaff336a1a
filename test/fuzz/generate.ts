// Random Go programs that end, and print the same wherever they are compiled: a number of cases, each a function of its own with its
// own types, over the helpers of prelude.txt. A panic ends a case, or the part of it that `try` runs.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Expressions } from './expressions.ts';
import type { Scope, Variable } from './expressions.ts';
import { Random } from './random.ts';
import * as types from './types.ts';
import type { GoType } from './types.ts';

/** One case: declarations at package level, and the body of its function. */
export interface Case {
  readonly number: number;
  readonly declarations: readonly string[];
  readonly body: readonly string[];
}

const prelude = readFileSync(fileURLToPath(new URL('prelude.txt', import.meta.url)), 'utf8');

/** The program of the cases. */
export function programText(cases: readonly Case[]): string {
  const parts = cases.map((c) => [...c.declarations, `func case${c.number}() {`, ...c.body, '}'].join('\n'));
  const calls = cases.map((c) => `\trunCase(${c.number}, case${c.number})`);
  return `${prelude}\n${parts.join('\n\n')}\n\nfunc main() {\n${calls.join('\n')}\n}\n`;
}

/** The case of a seed; its number names its types. */
export function generateCase(seed: number, number: number): Case {
  return new CaseGenerator(new Random(seed * 1009 + number), number).run();
}

class CaseGenerator implements Scope {
  readonly random: Random;
  variables: Variable[] = [];
  private readonly number: number;
  private readonly lines: string[] = [];
  private readonly declarations: string[] = [];
  private readonly structs: GoType[] = [];
  private readonly functions: { readonly name: string; readonly params: readonly GoType[]; readonly results: readonly GoType[] }[] = [];
  private readonly expressions: Expressions;
  private indent = 1;
  private names = 0;
  private marks = 0;
  /** Statements that may still be made. */
  private budget = 40;
  /** Labels of the loops around, innermost last; '' for none. */
  private readonly loops: string[] = [];
  /** What return statements need; null where there can be none. */
  private results: readonly GoType[] | null = [];

  constructor(random: Random, number: number) {
    this.random = random;
    this.number = number;
    this.expressions = new Expressions(this);
  }

  mark(): number {
    return ++this.marks;
  }

  within<T>(keep: (v: Variable) => boolean, f: () => T): T {
    const outer = this.variables;
    this.variables = outer.filter(keep);
    const x = f();
    this.variables = outer;
    return x;
  }

  run(): Case {
    for (let i = this.random.below(3); i >= 0; i--) this.declareStruct();
    for (let i = this.random.below(3); i > 0; i--) this.declareFunction();
    const globals = this.declareGlobals();
    this.variables = [...globals];
    for (let i = 0; i < 4; i++) this.variable();
    while (this.budget > 0) this.statement();
    this.printAll();
    return { number: this.number, declarations: this.declarations, body: [...this.lines] };
  }

  // ---- declarations

  private declareStruct(): void {
    const name = `S${this.number}_${this.structs.length}`;
    const fields = Array.from({ length: 1 + this.random.below(6) }, () => types.randomType(this.random, this.structs, 2)).filter((t) => t.kind !== 'func');
    const t = types.struct(name, fields.length > 0 ? fields : [types.int]);
    this.declarations.push(`type ${name} struct {`, ...t.fields!.map((f) => `\t${f.name} ${f.type.text}`), '}');
    const first = t.fields![0]!;
    this.declarations.push(`func (s ${name}) get() ${first.type.text} { return s.f0 }`, `func (s *${name}) set(v ${first.type.text}) { s.f0 = v }`);
    this.structs.push(t);
  }

  private declareGlobals(): Variable[] {
    return Array.from({ length: this.random.below(3) }, (_, i) => {
      const type = types.randomType(this.random, this.structs);
      const name = `g${this.number}_${i}`;
      this.variables = [];
      this.declarations.push(`var ${name} ${type.text}${this.random.oneIn(2) ? ` = ${this.expressions.of(type, 2)}` : ''}`);
      return { name, type, assignable: true };
    });
  }

  private declareFunction(): void {
    const params = Array.from({ length: this.random.below(4) }, () => types.randomType(this.random, this.structs));
    const results = Array.from({ length: 1 + this.random.below(2) }, () => types.randomType(this.random, this.structs));
    const name = `f${this.number}_${this.functions.length}`;
    const outer = { variables: this.variables, budget: this.budget, results: this.results, lines: this.lines.splice(0) };
    this.variables = [
      ...params.map((type, i) => ({ name: `p${i}`, type, assignable: true })),
      ...results.map((type, i) => ({ name: `r${i}`, type, assignable: true })),
    ];
    this.budget = 8;
    this.results = results;
    while (this.budget > 0) this.statement();
    this.line('return');
    const list = (t: readonly GoType[], letter: string): string => t.map((x, i) => `${letter}${i} ${x.text}`).join(', ');
    this.declarations.push(`func ${name}(${list(params, 'p')}) (${list(results, 'r')}) {`, ...this.lines.splice(0), '}');
    this.lines.push(...outer.lines);
    this.variables = outer.variables;
    this.budget = outer.budget;
    this.results = outer.results;
    this.functions.push({ name, params, results });
  }

  // ---- statements

  private line(text: string): void {
    this.lines.push('\t'.repeat(this.indent) + text);
  }

  private fresh(): string {
    return `v${++this.names}`;
  }

  /** Runs f in a scope of its own, between braces that the caller opened. */
  private block(f: () => void, close = '}'): void {
    const outer = this.variables;
    this.variables = [...outer];
    this.indent++;
    f();
    this.indent--;
    this.variables = outer;
    this.line(close);
  }

  private some(most: number): void {
    for (let i = this.random.below(most) + 1; i > 0 && this.budget > 0; i--) this.statement();
  }

  private add(name: string, type: GoType, assignable = true): void {
    this.line(`_ = ${name}`);
    this.variables.push({ name, type, assignable });
  }

  private variable(): void {
    const type = types.randomType(this.random, this.structs);
    const name = this.fresh();
    // Zero values of some types can only panic.
    const hasUse = type.kind !== 'pointer' && type.kind !== 'func' && type.text !== 'shape';
    const form = this.random.below(3);
    if (form === 0 && hasUse) this.line(`var ${name} ${type.text}`);
    else if (form === 1) this.line(`${name} := ${this.expressions.typed(type, 3)}`);
    else this.line(`var ${name} ${type.text} = ${this.expressions.of(type, 3)}`);
    this.add(name, type);
  }

  private statement(): void {
    this.budget--;
    const r = this.random;
    switch (r.below(24)) {
      case 0: case 1: return this.variable();
      case 2: case 3: case 4: case 5: return this.assign();
      case 6: case 7: return this.ifStatement();
      case 8: return this.forStatement();
      case 9: return this.rangeStatement();
      case 10: return this.switchStatement();
      case 11: return this.tryStatement();
      case 12: return this.deferStatement();
      case 13: return this.call();
      case 14: return this.print();
      case 15: return this.jump();
      case 16: return this.collections();
      case 17: return this.generics();
      case 18: return this.goroutines();
      case 19: return this.typeSwitch();
      case 20: return this.methods();
      case 21: return this.closure();
      case 22: return this.gotoStatement();
      default: return this.panics();
    }
  }

  private print(): void {
    if (this.variables.length > 0) this.line(`p("v", ${this.random.pick(this.variables).name})`);
  }

  private printAll(): void {
    for (const v of this.variables) this.line(`p("${v.name}", ${v.name})`);
  }

  /** Something that can be assigned to, with its type. */
  private target(): { text: string; type: GoType } | null {
    const list = this.variables.filter((v) => v.assignable);
    if (list.length === 0) return null;
    const v = this.random.pick(list);
    const { type, name } = v;
    if (this.random.oneIn(2)) {
      if (type.kind === 'map') return { text: `${name}[${this.expressions.of(type.key!, 1)}]`, type: type.elem! };
      if (type.kind === 'slice') return { text: `${name}[uint(hide(${this.expressions.of(types.int, 1)}))%uint(len(${name}))]`, type: type.elem! };
      if (type.kind === 'array') return { text: `${name}[uint(hide(${this.expressions.of(types.int, 1)}))%${type.len}]`, type: type.elem! };
      const st = type.kind === 'pointer' ? type.elem! : type;
      if (st.kind === 'struct') { const f = this.random.pick(st.fields!); return { text: `${name}.${f.name}`, type: f.type }; }
    }
    return { text: name, type };
  }

  private assign(): void {
    const to = this.target();
    if (to === null) return;
    const { text, type } = to;
    if (type.kind === 'int' && this.random.oneIn(3)) {
      if (this.random.oneIn(2)) return this.guarded(text, `${text}${this.random.pick(['++', '--'])}`);
      return this.guarded(text, `${text} ${this.random.pick(['+=', '-=', '*=', '^=', '|=', '&=', '&^='])} ${this.expressions.of(type, 2)}`);
    }
    if (type.kind === 'string' && this.random.oneIn(3)) return this.guarded(text, `if len(${text}) < 200 { ${text} += ${this.expressions.of(type, 1)} }`);
    const same = this.variables.filter((v) => v.assignable && v.type.text === type.text && v.name !== text);
    if (same.length > 0 && this.random.oneIn(4)) { const other = this.random.pick(same).name; return this.guarded(text, `${text}, ${other} = ${other}, ${text}`); }
    this.guarded(text, `${text} = ${this.expressions.of(type, 3)}`);
  }

  /** An assignment that most often finds its place. */
  private guarded(target: string, statement: string): void {
    const list = /^(\w+)\[/.exec(target)?.[1];
    const v = this.variables.find((x) => x.name === list);
    if (v === undefined || v.type.kind === 'array' || this.random.oneIn(15)) return this.line(statement);
    this.line(`if len(${list}) > 0 { ${statement} }`);
  }

  private ifStatement(): void {
    this.line(`if (${this.expressions.of(types.bool, 3)}) {`);
    const hasElse = this.random.oneIn(2);
    this.block(() => this.some(3), hasElse ? '} else {' : '}');
    if (hasElse) this.block(() => this.some(3));
  }

  private loop(head: string, before: () => void): void {
    const label = this.random.oneIn(3) ? `L${++this.names}` : '';
    if (label !== '') this.lines.push(`${label}:`);
    this.line(`${head} {`);
    this.loops.push(label);
    this.block(() => {
      before();
      this.some(3);
      if (label !== '') this.line(`if (${this.expressions.of(types.bool, 1)}) { ${this.random.pick(['break', 'continue'])} ${label} }`);
    });
    this.loops.pop();
  }

  /** Loops inside loops are short, or programs take too long. */
  private bound(): number {
    return this.loops.length === 0 ? 1 + this.random.below(5) : 1 + this.random.below(2);
  }

  private forStatement(): void {
    const i = this.fresh();
    this.loop(`for ${i} := 0; ${i} < ${this.bound()}; ${i}++`, () => this.add(i, types.int, false));
  }

  private rangeStatement(): void {
    const [i, x] = [this.fresh(), this.fresh()];
    if (this.loops.length > 1) return this.print();
    const lists = this.variables.filter((v) => v.type.kind === 'slice' || v.type.kind === 'array' || v.type.kind === 'string');
    switch (this.random.below(4)) {
      case 0: return this.loop(`for ${i} := range ${this.bound()}`, () => this.add(i, types.int, false));
      case 1: return this.loop(`for ${i} := range count(${this.bound()})`, () => this.add(i, types.int, false));
      case 2: {
        const elem = types.scalar(this.random);
        return this.loop(`for ${i}, ${x} := range (stack[${elem.text}]{items: []${elem.text}{${this.expressions.of(elem, 1)}, ${this.expressions.of(elem, 1)}}}).all`, () => {
          this.add(i, types.int, false);
          this.add(x, elem);
        });
      }
    }
    if (lists.length === 0) return this.print();
    const v = this.random.pick(lists);
    const elem = v.type.kind === 'string' ? types.integers[5]! : v.type.elem!;
    const list = v.type.kind === 'array' ? v.name : `${v.name}[:min(len(${v.name}), 3)]`;
    this.loop(`for ${i}, ${x} := range ${list}`, () => {
      this.add(i, types.int, false);
      this.add(x, elem);
    });
  }

  private switchStatement(): void {
    const t = this.random.pick([types.int, types.integers[8]!, types.string, types.bool]);
    this.line(`switch (hide(${this.expressions.typed(t, 2)})) {`);
    const n = 1 + this.random.below(4);
    const at = this.random.below(n + 2);
    for (let k = 0; k < n; k++) {
      if (k === at) this.line('default:');
      else this.line(`case ${this.expressions.of(t, 1)}:`.replace(/^case (.*):$/, 'case hide($1):').replace(/hide\(("[^"]*")\)/, 'hide($1)'));
      this.indent++;
      const outer = this.variables;
      this.variables = [...outer];
      this.some(2);
      if (k + 1 < n && this.random.oneIn(5)) this.line('fallthrough');
      this.variables = outer;
      this.indent--;
    }
    this.line('}');
  }

  private tryStatement(): void {
    this.line(`try("t${this.mark()}", func() {`);
    this.inFunction([], () => this.some(4), '})');
  }

  /** A function body: loops around can't be left from it. */
  private inFunction(results: readonly GoType[], f: () => void, close: string): void {
    const loops = this.loops.splice(0);
    const outer = this.results;
    this.results = results.length === 0 ? [] : null;
    this.block(f, close);
    this.results = outer;
    this.loops.push(...loops);
  }

  private deferStatement(): void {
    if (this.loops.length > 1) return this.print();
    if (this.random.oneIn(3)) return this.line(`defer p("deferred", ${this.expressions.typed(types.randomType(this.random, this.structs, 1), 2)})`);
    this.line('defer func() {');
    this.inFunction([], () => {
      if (this.random.oneIn(2)) this.line('if e := recover(); e != nil { p("recovered", fmt.Sprint(e)) }');
      this.some(2);
    }, '}()');
  }

  private call(): void {
    if (this.functions.length === 0 || this.loops.length > 1) return this.assign();
    const f = this.random.pick(this.functions);
    const names = f.results.map(() => this.fresh());
    this.line(`${names.join(', ')} := ${f.name}(${f.params.map((t) => this.expressions.of(t, 2)).join(', ')})`);
    f.results.forEach((t, i) => this.add(names[i]!, t));
  }

  private jump(): void {
    const label = this.loops.at(-1);
    if (label !== undefined && this.random.below(3) > 0) return this.line(`if (${this.expressions.of(types.bool, 2)}) { ${this.random.pick(['break', 'continue'])}${label !== '' && this.random.oneIn(2) ? ` ${label}` : ''} }`);
    const outer = this.loops[0];
    if (this.loops.length > 1 && outer !== undefined && outer !== '') return this.line(`if (${this.expressions.of(types.bool, 2)}) { ${this.random.pick(['break', 'continue'])} ${outer} }`);
    if (this.results === null) return this.print();
    this.line(`if (${this.expressions.of(types.bool, 2)}) { return ${this.random.oneIn(2) || this.results.length === 0 ? '' : this.results.map((t) => this.expressions.of(t, 1)).join(', ')} }`);
  }

  private gotoStatement(): void {
    const label = `G${++this.names}`;
    this.line(`if (${this.expressions.of(types.bool, 2)}) { goto ${label} }`);
    this.line('{');
    this.block(() => this.some(2));
    this.lines.push(`${label}:`);
    this.line(`p("at ${label}")`);
  }

  private closure(): void {
    const list = this.variables.filter((v) => v.assignable);
    if (list.length === 0) return this.variable();
    const v = this.random.pick(list);
    const name = this.fresh();
    this.line(`${name} := func(n int) ${v.type.text} {`);
    this.inFunction([v.type], () => {
      this.variables.push({ name: 'n', type: types.int, assignable: true });
      this.some(2);
      this.line(`return ${this.expressions.of(v.type, 2)}`);
    }, '}');
    this.line(`${v.name} = ${name}(${this.expressions.of(types.int, 1)})`);
    if (this.random.oneIn(2)) this.line(`for i := range 2 { ${v.name} = ${name}(i) }`);
  }

  private collections(): void {
    const v = this.variables.filter((x) => x.assignable && (x.type.kind === 'slice' || x.type.kind === 'map'));
    if (v.length === 0) return this.variable();
    const { name, type } = this.random.pick(v);
    const e = (): string => this.expressions.of(type.elem!, 2);
    if (type.kind === 'map') {
      const [a, b] = [this.fresh(), this.fresh()];
      switch (this.random.below(4)) {
        case 0: return this.line(`delete(${name}, ${this.expressions.of(type.key!, 1)})`);
        case 1: return this.line(`if ${name} != nil { ${name}[${this.expressions.of(type.key!, 1)}] = ${e()} }`);
        case 2:
          this.line(`${a}, ${b} := ${name}[${this.expressions.of(type.key!, 1)}]`);
          this.add(a, type.elem!);
          return this.add(b, types.bool);
        default:
          if (type.key!.kind === 'bool') return this.line(`p("len", len(${name}))`);
          return this.line(`for _, k := range keys(${name}) { p("key", k, ${name}[k]) }`);
      }
    }
    switch (this.random.below(8)) {
      case 0: case 1: return this.line(`if len(${name}) < 20 { ${name} = append(${name}, ${e()}, ${e()}) }`);
      case 2: return this.line(`if len(${name}) < 20 { ${name} = append(${name}, ${name}...) }`);
      case 3: return this.line(`${name} = ${name}[:len(${name})/2]`);
      case 4: return this.line(`${name} = ${name}[${this.random.below(3)}:${this.random.oneIn(2) ? '' : `len(${name}):len(${name})`}]`);
      case 5: return this.line(`p("copied", copy(${name}, ${this.expressions.of(type, 1)}), len(${name}))`);
      case 6: return this.line(`clear(${name})`);
      default: return this.line(`p("array", ${`[2]${type.elem!.text}`}(${name}))`);
    }
  }

  private generics(): void {
    const [a, b] = [types.scalar(this.random), types.scalar(this.random)];
    const list = this.fresh();
    switch (this.random.below(4)) {
      case 0:
        this.line(`${list} := mapTo([]${a.text}{${this.expressions.of(a, 1)}, ${this.expressions.of(a, 1)}}, func(x ${a.text}) ${b.text} { return ${this.withVariables([{ name: 'x', type: a, assignable: false }], () => this.expressions.of(b, 2))} })`);
        return this.add(list, types.slice(b));
      case 1:
        this.line(`${list} := filter([]${a.text}{${this.expressions.of(a, 1)}, ${this.expressions.of(a, 1)}}, func(x ${a.text}) bool { return ${this.withVariables([{ name: 'x', type: a, assignable: false }], () => this.expressions.of(types.bool, 2))} })`);
        return this.add(list, types.slice(a));
      case 2:
        this.line(`${list} := stack[${a.text}]{hook: func(e ${a.text}) { p("hook", e) }}`);
        this.line(`${list}.push(${this.expressions.of(a, 2)}).push(${this.expressions.of(a, 2)})`);
        this.line(`if e, ok := ${list}.pop(); ok { p("popped", e, len(${list}.items)) }`);
        return;
      default:
        this.line(`p("pair", pair[${a.text}, ${b.text}]{${this.expressions.of(a, 1)}, ${this.expressions.of(b, 1)}}.swap())`);
    }
  }

  private withVariables<T>(variables: readonly Variable[], f: () => T): T {
    const outer = this.variables;
    this.variables = [...outer, ...variables];
    const x = f();
    this.variables = outer;
    return x;
  }

  private goroutines(): void {
    const t = types.scalar(this.random);
    const c = this.fresh();
    const e = (): string => this.expressions.of(t, 2);
    if (this.loops.length > 1) return this.assign();
    switch (this.random.below(5)) {
      case 0:
        this.line(`${c} := make(chan ${t.text}${this.random.oneIn(2) ? '' : ', 3'})`);
        this.line(`go func() { defer close(${c}); for range 3 { ${c} <- ${this.expressions.typed(t, 0)} } }()`);
        return this.line(`for x := range ${c} { p("received", x) }`);
      case 1:
        this.line(`${c} := make(chan ${t.text}, 2)`);
        this.line(`${c} <- ${e()}`);
        this.line(`select { case x, ok := <-${c}: p("selected", x, ok); default: p("nothing") }`);
        return this.line(`select { case x, ok := <-${c}: p("selected", x, ok); case ${c} <- ${this.expressions.of(t, 1)}: p("sent"); }`);
      case 2:
        this.line(`{ var wg sync.WaitGroup; var mu sync.Mutex; total := 0; for i := range 4 { wg.Add(1); go func() { defer wg.Done(); mu.Lock(); defer mu.Unlock(); total += i }() }; wg.Wait(); p("total", total) }`);
        return;
      case 3:
        this.line(`${c} := make(chan ${t.text})`);
        this.line(`close(${c})`);
        return this.line(this.random.pick([`close(${c})`, `${c} <- ${this.expressions.of(t, 0)}`, `p("closed", <-${c})`]).replace(/^(.*)$/, `try("chan", func() { $1 })`));
      default:
        this.line(`${c} := make(chan func() ${t.text})`);
        this.line(`go func() { ${c} <- func() ${t.text} { return ${this.expressions.typed(t, 0)} } }()`);
        return this.line(`p("called", (<-${c})())`);
    }
  }

  private typeSwitch(): void {
    const v = this.variables.filter((x) => x.type.kind === 'iface');
    const x = v.length > 0 && this.random.below(4) > 0 ? this.random.pick(v).name : `any(${this.expressions.typed(types.scalar(this.random), 2)})`;
    const bind = this.fresh();
    this.line(`switch ${bind} := any(${x}).(type) {`);
    const used = new Set<string>();
    for (let k = 1 + this.random.below(4); k > 0; k--) {
      const t = this.random.pick([types.scalar(this.random), types.shape, ...this.structs]);
      if (used.has(t.text)) continue;
      used.add(t.text);
      this.line(`case ${t.text}:`);
      this.indent++;
      this.withVariables([{ name: bind, type: t, assignable: true }], () => { this.line(`p("is ${t.text}", ${bind})`); if (this.random.oneIn(2)) this.assign(); });
      this.indent--;
    }
    if (this.random.oneIn(2)) this.line('case nil:', );
    this.line(`default:`);
    this.line(`\tp("other", ${bind})`);
    this.line('}');
  }

  private methods(): void {
    const v = this.variables.filter((x) => x.type.kind === 'struct' || (x.type.kind === 'pointer' && x.type.elem!.kind === 'struct'));
    if (v.length === 0) {
      this.line(`{ q := rect{square{${this.expressions.of(types.int, 1)}}, ${this.expressions.of(types.int, 1)}}; grow := q.grow; var s shape = &q; area := s.area; grow(3); p("rect", q.area(), area(), q.square.area(), s.name(), shape.area(s), (*rect).area(&q)) }`);
      return;
    }
    const { name, type } = this.random.pick(v);
    const st = type.kind === 'pointer' ? type.elem! : type;
    const f0 = st.fields![0]!.type;
    switch (this.random.below(3)) {
      case 0: return this.line(`${name}.set(${this.expressions.of(f0, 2)})`);
      case 1: this.line(`{ get := ${name}.get; ${name}.set(${this.expressions.of(f0, 1)}); p("got", get(), ${name}.get()) }`); return;
      default: {
        const x = this.fresh();
        this.line(`${x} := ${name}.get()`);
        return this.add(x, f0);
      }
    }
  }

  private panics(): void {
    const e = this.expressions.typed(types.scalar(this.random), 1);
    const k = this.mark();
    const n = `hide(${this.expressions.of(types.int, 1)})`;
    const line = this.random.pick([
      `panic(${e})`, `panic(failure{${this.random.below(9)}})`, `var m map[string]int; m["a"] = ${n}`, `var q *rect; p("q", q.h)`, `a := make([]int, ${n}); p("made", len(a))`,
      `s := []int{1, 2, 3}; p("s", s[${n}:])`, `s := "abc"; p("s", s[:${n}])`, `var x any = ${e}; p("x", x.(shape).area())`, `var x shape = dot("d"); p("x", x.(*rect))`,
      `_, err := fails(${this.random.below(20)}); var f failure; p("err", fmt.Sprint(err), errors.Is(err, errBase), errors.As(err, &f), f.code)`,
      `var f func(); f()`, `p("len", len([]int{1, 2, 3}[:${n}&3]))`, `x := any([]int{1}); p("eq", x == x)`, `m := map[any]int{}; m[any(func() {})] = 1`,
      `p("array", *(*[2]int)(hide([]int{1, 2, 3})), [4]int(hide([]int{1})))`, `a, b := ${n}, ${n}; p("div", a/b)`, `p("shift", 1<<${n})`,
      `defer func() { p("inner", fmt.Sprint(recover())); panic("again") }(); panic("first")`,
      `func() { defer func() { p("nested", fmt.Sprint(recover())) }(); var p2 *int; *p2 = 1 }(); p("after")`,
    ]);
    // A slice or a shift may be too large to be made.
    if (line.includes('make(')) return this.line(`try("p${k}", func() { if n := ${n}; n < 1000 { a := make([]int, n); p("made", len(a)) } })`);
    this.line(`try("p${k}", func() { ${line} })`);
  }
}
