// Validation of a module as the core spec's appendix describes it: an operand stack of types and a control stack,
// in one walk over each body. Used in tests and under -d=check; engines validate again when they load.
import { InstrReader } from './instr.ts';
import { Extern, funcTypes, globalTypes, importsOf, SegmentMode } from './module.ts';
import type { FuncType, GlobalType, Module, TableType } from './module.ts';
import { Imm, isAtomic, Op, opAlign, opImm, opParams, opResults, opRow, opText, ValType, valTypeName } from './opcodes.ts';

/** A module that breaks a rule of validation. */
export class ValidationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ValidationError';
  }
}

/** The index spaces a body is checked against. */
interface Context {
  m: Module;
  funcs: FuncType[];
  tables: TableType[];
  memories: number;
  globals: GlobalType[];
  importedGlobals: number;
  declared: Set<number>;
}

const { i32, funcref, externref } = ValType;

/** Checks a module; throws ValidationError with the function and offset of the first fault. */
export function validateModule(m: Module): void {
  const check = (ok: boolean, what: string): void => {
    if (!ok) throw new ValidationError(what);
  };
  for (const t of funcTypes(m)) check(t < m.types.length, `type index ${t} out of range`);
  const c: Context = {
    m,
    funcs: funcTypes(m).map((t) => m.types[t]),
    tables: [...importsOf(m, Extern.table).map((i) => i.table!), ...m.tables],
    memories: importsOf(m, Extern.memory).length + m.memories.length,
    globals: globalTypes(m),
    importedGlobals: importsOf(m, Extern.global).length,
    declared: new Set(),
  };
  check(c.memories <= 1, 'more than one memory');
  for (const i of m.imports) if (i.memory !== undefined) check(!i.memory.shared || i.memory.max !== undefined, 'shared memory without maximum');
  const sizes = [c.funcs.length, c.tables.length, c.memories, c.globals.length];
  const seen = new Set<string>();
  for (const e of m.exports) {
    check(e.index < sizes[e.kind], `export ${e.name} names index ${e.index}`);
    check(!seen.has(e.name), `export ${e.name} twice`);
    seen.add(e.name);
    if (e.kind === Extern.func) c.declared.add(e.index);
  }
  if (m.start !== undefined) {
    check(m.start < c.funcs.length, 'start function out of range');
    check(c.funcs[m.start].params.length === 0 && c.funcs[m.start].results.length === 0, 'start function with a type');
  }
  for (const g of m.globals) checkConst(c, g.init, g.type);
  for (const e of m.elems) {
    for (let i = 0; e.funcs !== undefined && i < e.funcs.length; i++) {
      check(e.funcs[i] < c.funcs.length, `element names function ${e.funcs[i]}`);
      c.declared.add(e.funcs[i]);
    }
    for (const x of e.exprs ?? []) checkConst(c, x, e.type);
    if (e.mode === SegmentMode.active) {
      check(e.table < c.tables.length && c.tables[e.table].elem === e.type, 'element segment without its table');
      checkConst(c, e.offset!, i32);
    }
  }
  for (const d of m.datas) {
    if (d.mode !== SegmentMode.active) continue;
    check(d.memory < c.memories, 'data segment without memory');
    checkConst(c, d.offset!, i32);
  }
  const imported = importsOf(m, Extern.func).length;
  const v = new BodyValidator(c);
  m.funcs.forEach((f, i) => {
    try {
      v.check(m.types[f.type], f.locals, f.code);
    } catch (e) {
      const name = m.names?.funcs[imported + i] ?? '';
      throw new ValidationError(`func ${imported + i} ${name}: ${(e as Error).message} at +0x${v.at.toString(16)}`);
    }
  });
}

function checkConst(c: Context, code: Uint8Array, want: number): void {
  const r = new InstrReader(code);
  const stack: number[] = [];
  while (r.next() && r.op !== Op.end) {
    const results = opResults[opRow(r.op)];
    if (r.op === Op.global_get) {
      const g = c.globals[r.a];
      if (r.a >= c.importedGlobals || g.mutable) throw new ValidationError('initialiser reads a global that is not an imported constant');
      stack.push(g.type);
    } else if (r.op === Op.ref_null) stack.push(r.a);
    else if (r.op === Op.ref_func) {
      c.declared.add(r.a);
      stack.push(funcref);
    } else if (r.imm >= Imm.i32 && r.imm <= Imm.f64) stack.push(results![0]);
    else throw new ValidationError(`${opText[opRow(r.op)]} in an initialiser`);
  }
  if (stack.length !== 1 || stack[0] !== want) throw new ValidationError('initialiser of a wrong type');
}

/** Type of an operand in unreachable code. */
const unknown = 0;

interface Control {
  op: number;
  params: readonly number[];
  results: readonly number[];
  height: number;
  unreachable: boolean;
}

class BodyValidator {
  /** Offset of the instruction being checked. */
  at = 0;
  private readonly c: Context;
  private locals: number[] = [];
  private stack: number[] = [];
  private controls: Control[] = [];

  constructor(c: Context) {
    this.c = c;
  }

  check(type: FuncType, locals: ArrayLike<number>, code: Uint8Array): void {
    this.locals = [...type.params, ...Array.from(locals)];
    this.stack = [];
    this.controls = [];
    this.pushControl(Op.block, [], type.results);
    const r = new InstrReader(code);
    this.at = 0;
    while (r.next()) {
      this.at = r.start;
      if (this.controls.length === 0) throw new Error('instructions after the final end');
      this.instr(r);
    }
    if (this.controls.length !== 0) throw new Error('missing end');
  }

  private pop(want: number): number {
    const top = this.controls[this.controls.length - 1];
    if (this.stack.length === top.height) {
      if (top.unreachable) return want;
      throw new Error(`operand missing, want ${valTypeName(want)}`);
    }
    const got = this.stack.pop()!;
    if (got !== want && got !== unknown && want !== unknown) {
      throw new Error(`operand is ${valTypeName(got)}, want ${valTypeName(want)}`);
    }
    return got === unknown ? want : got;
  }

  private popAll(types: ArrayLike<number>): void {
    for (let i = types.length - 1; i >= 0; i--) this.pop(types[i]);
  }

  private pushAll(types: ArrayLike<number>): void {
    for (let i = 0; i < types.length; i++) this.stack.push(types[i]);
  }

  private pushControl(op: number, params: readonly number[], results: readonly number[]): void {
    this.controls.push({ op, params, results, height: this.stack.length, unreachable: false });
    this.pushAll(params);
  }

  private popControl(): Control {
    const top = this.controls[this.controls.length - 1];
    this.popAll(top.results);
    if (this.stack.length !== top.height) throw new Error('operands left at end of block');
    this.controls.pop();
    return top;
  }

  private setUnreachable(): void {
    const top = this.controls[this.controls.length - 1];
    this.stack.length = top.height;
    top.unreachable = true;
  }

  private label(depth: number): readonly number[] {
    const c = this.controls[this.controls.length - 1 - depth];
    if (c === undefined) throw new Error(`label ${depth} out of range`);
    return c.op === Op.loop ? c.params : c.results;
  }

  private blockType(a: number): FuncType {
    if (a >= 0) {
      if (a >= this.c.m.types.length) throw new Error('block type out of range');
      return this.c.m.types[a];
    }
    return a === -64 ? { params: [], results: [] } : { params: [], results: [a & 0x7f] };
  }

  private instr(r: InstrReader): void {
    const row = opRow(r.op);
    const params = opParams[row];
    if (params !== undefined) {
      if (opImm[row] !== Imm.none) this.immediates(r);
      this.popAll(params);
      this.pushAll(opResults[row]!);
    } else this.special(r);
  }

  private immediates(r: InstrReader): void {
    const c = this.c;
    switch (r.imm) {
      case Imm.mem: {
        const align = opAlign[opRow(r.op)];
        if (isAtomic(r.op) ? r.a !== align : r.a > align) throw new Error('bad alignment');
        if (c.memories === 0) throw new Error('no memory');
        return;
      }
      case Imm.memory: case Imm.memoryCopy: case Imm.memoryInit:
        if (c.memories === 0) throw new Error('no memory');
        if (r.imm === Imm.memoryInit) this.dataIndex(r.a);
        return;
      case Imm.data: this.dataIndex(r.a); return;
      case Imm.elem: case Imm.tableInit:
        if (r.a >= c.m.elems.length) throw new Error('element segment out of range');
        if (r.imm === Imm.tableInit) this.tableOf(r.b);
        return;
      case Imm.table: this.tableOf(r.a); return;
      case Imm.tableCopy:
        if (this.tableOf(r.a).elem !== this.tableOf(r.b).elem) throw new Error('tables differ in type');
        return;
    }
  }

  private dataIndex(i: number): void {
    if (!this.c.m.dataCount || i >= this.c.m.datas.length) throw new Error('data segment out of range');
  }

  private tableOf(i: number): TableType {
    const t = this.c.tables[i];
    if (t === undefined) throw new Error('table out of range');
    return t;
  }

  private localType(i: number): number {
    if (i >= this.locals.length) throw new Error(`local ${i} out of range`);
    return this.locals[i];
  }

  private globalType(i: number): GlobalType {
    if (i >= this.c.globals.length) throw new Error(`global ${i} out of range`);
    return this.c.globals[i];
  }

  private special(r: InstrReader): void {
    switch (r.op) {
      case Op.unreachable: return this.setUnreachable();
      case Op.block: case Op.loop: case Op.if: return this.enter(r);
      case Op.else: return this.elseArm();
      case Op.end: return this.leave();
      case Op.br: this.popAll(this.label(r.a)); return this.setUnreachable();
      case Op.br_if: this.pop(i32); this.popAll(this.label(r.a)); return this.pushAll(this.label(r.a));
      case Op.br_table: return this.brTable(r.labels);
      case Op.return: this.popAll(this.controls[0].results); return this.setUnreachable();
      case Op.call: return this.call(this.funcOf(r.a));
      case Op.call_indirect: return this.callIndirect(r);
      case Op.drop: this.pop(unknown); return;
      case Op.select: return this.select();
      case Op.select_t: return this.selectTyped(r.labels);
      case Op.local_get: this.stack.push(this.localType(r.a)); return;
      case Op.local_set: this.pop(this.localType(r.a)); return;
      case Op.local_tee: this.stack.push(this.pop(this.localType(r.a))); return;
      case Op.global_get: this.stack.push(this.globalType(r.a).type); return;
      case Op.global_set: return this.globalSet(this.globalType(r.a));
      default: return this.reference(r);
    }
  }

  private enter(r: InstrReader): void {
    if (r.op === Op.if) this.pop(i32);
    const t = this.blockType(r.a);
    this.popAll(t.params);
    this.pushControl(r.op, t.params, t.results);
  }

  private elseArm(): void {
    const c = this.popControl();
    if (c.op !== Op.if) throw new Error('else without if');
    this.pushControl(Op.else, c.params, c.results);
  }

  private leave(): void {
    const c = this.popControl();
    if (c.op === Op.if && !sameTypes(c.params, c.results)) throw new Error('if without else must not change types');
    this.pushAll(c.results);
  }

  private brTable(labels: readonly number[]): void {
    this.pop(i32);
    const arity = this.label(labels[labels.length - 1]).length;
    for (const l of labels) {
      const types = this.label(l);
      if (types.length !== arity) throw new Error('br_table labels differ in arity');
      const saved = this.stack.slice();
      this.popAll(types);
      this.stack = saved;
    }
    this.popAll(this.label(labels[labels.length - 1]));
    this.setUnreachable();
  }

  private funcOf(i: number): FuncType {
    if (i >= this.c.funcs.length) throw new Error(`function ${i} out of range`);
    return this.c.funcs[i];
  }

  private call(t: FuncType): void {
    this.popAll(t.params);
    this.pushAll(t.results);
  }

  private callIndirect(r: InstrReader): void {
    if (this.tableOf(r.b).elem !== funcref) throw new Error('call_indirect through a table of other things');
    if (r.a >= this.c.m.types.length) throw new Error('type out of range');
    this.pop(i32);
    this.call(this.c.m.types[r.a]);
  }

  private select(): void {
    this.pop(i32);
    const a = this.pop(unknown);
    const b = this.pop(a);
    if (a === funcref || a === externref) throw new Error('untyped select of references');
    this.stack.push(a === unknown ? b : a);
  }

  private selectTyped(types: readonly number[]): void {
    if (types.length !== 1) throw new Error('select of several types');
    this.popAll([types[0], types[0], i32]);
    this.stack.push(types[0]);
  }

  private globalSet(g: GlobalType): void {
    if (!g.mutable) throw new Error('set of a constant global');
    this.pop(g.type);
  }

  private reference(r: InstrReader): void {
    switch (r.op) {
      case Op.ref_null: this.stack.push(r.a); return;
      case Op.ref_is_null: this.pop(unknown); this.stack.push(i32); return;
      case Op.ref_func:
        this.funcOf(r.a);
        if (!this.c.declared.has(r.a)) throw new Error('ref.func of an undeclared function');
        this.stack.push(funcref);
        return;
      case Op.table_get: this.pop(i32); this.stack.push(this.tableOf(r.a).elem); return;
      case Op.table_set: this.popAll([i32, this.tableOf(r.a).elem]); return;
      case Op.table_grow: this.popAll([this.tableOf(r.a).elem, i32]); this.stack.push(i32); return;
      case Op.table_fill: this.popAll([i32, this.tableOf(r.a).elem, i32]); return;
      default: throw new Error(`no rule for ${opText[opRow(r.op)]}`);
    }
  }
}

function sameTypes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((t, i) => t === b[i]);
}
