// Code of values: expression trees onto the operand stack, roots into their locals. One method a kind of operation;
// what is a single instruction comes from the tables in ops.ts.
import { G, LowMemory } from '../abi/layout.ts';
import { Bug } from '../base/bug.ts';
import { BlockKind } from '../ir/func.ts';
import { Type } from '../ir/type.ts';
import type { AllocAux, CallAux, MoveAux, Value } from '../ir/func.ts';
import { Op as Ir } from '../ir/op.ts';
import { Op, ValType } from '../wasm/opcodes.ts';
import { typeKey } from '../wasm/module.ts';
import type { Assembler } from './assembler.ts';
import { CodeReloc } from '../abi/object.ts';
import { nilPanic, origin, valType } from './code.ts';
import type { CodegenContext } from './code.ts';
import type { Coloring } from './color.ts';
import type { Locals } from './locals.ts';
import type { ObjectArea } from './objects.ts';
import { emitAtomic, isPlainWhenAlone } from './atomics.ts';
import { inverseOp, memoryOp, simpleOp, storesPtr } from './ops.ts';
import { isInlineMove, Mode, neverNil } from './plan.ts';
import type { Plan } from './plan.ts';
import type { SiteGraph } from './sites.ts';

/** Labels of the cold code at the end of the body. */
export interface ColdLabels { save: number; panics: Map<string, number> }

export class ValueEmitter {
  private readonly asm: Assembler;
  private readonly plan: Plan;
  private readonly coloring: Coloring;
  private readonly locals: Locals;
  private readonly area: ObjectArea;
  private readonly sites: SiteGraph;
  private readonly ctx: CodegenContext;
  readonly cold: ColdLabels = { save: -1, panics: new Map() };
  /** Site number that the site local is known to hold, -1 unknown. */
  private knownSite = -1;

  constructor(asm: Assembler, plan: Plan, coloring: Coloring, locals: Locals, area: ObjectArea, sites: SiteGraph, ctx: CodegenContext) {
    this.asm = asm;
    this.plan = plan;
    this.coloring = coloring;
    this.locals = locals;
    this.area = area;
    this.sites = sites;
    this.ctx = ctx;
  }

  forget(): void {
    this.knownSite = -1;
  }

  /** Notes in the site local that the function is about to be suspended, perhaps, at this site. */
  setSite(n: number): void {
    if (this.locals.site < 0 || this.knownSite === n) return;
    this.asm.i32(n);
    this.asm.localSet(this.locals.site);
    this.knownSite = n;
  }

  /** A value that stands alone: computed, and put in its local. */
  root(v: Value): void {
    switch (v.op) {
      case Ir.call: case Ir.calli: case Ir.callk: return this.callRoot(v);
      case Ir.nilcheck: return this.nilcheck(v);
      case Ir.boundscheck: return this.boundscheck(v);
      case Ir.check: return this.check(v);
      case Ir.keep: return this.keep(v);
      default:
        this.compute(v);
        if (v.type !== Type.void) this.store(v);
    }
  }

  /** Whatever computes the pointer is used here; the pointer itself is not needed. */
  private keep(v: Value): void {
    if (this.plan.mode[origin(v.args[0], Ir.copy).id] !== Mode.nested) return;
    this.emit(v.args[0]);
    this.asm.op(Op.drop);
  }

  /** Pops a value into its local, or drops it if nobody reads it. */
  private store(v: Value): void {
    const c = this.coloring.color[v.id];
    if (c >= 0) this.locals.set(c);
    else this.asm.op(Op.drop);
  }

  /** Pushes a value. */
  emit(v: Value): void {
    v = origin(v, Ir.copy);
    const mode = this.plan.mode[v.id];
    if (mode === Mode.local) this.locals.get(this.coloring.color[v.id]);
    else if (mode === Mode.nested || mode === Mode.remat) this.compute(v);
    else throw new Bug('codegen', this.plan.f.name, `v${v.id} is used but not computed`);
  }

  /** Pushes an i32 that is non-zero if v is (inverted: if v is zero). */
  condition(v: Value, invert: boolean): void {
    v = origin(v, Ir.copy);
    if (this.plan.mode[v.id] === Mode.nested) {
      switch (v.op) {
        case Ir.eqz_i32: case Ir.isnil: return this.condition(v.args[0], !invert);
        case Ir.notnil: return this.condition(v.args[0], invert);
        case Ir.ne_i32: case Ir.ne_ptr:
          if (isZero(v.args[1])) return this.condition(v.args[0], invert);
          break;
      }
      const inverse = invert ? inverseOp[simpleOp[v.op]] : 0;
      if (inverse !== 0) {
        for (const a of v.args) this.emit(a);
        return this.asm.op(inverse);
      }
    }
    this.emit(v);
    if (invert) this.asm.op(Op.i32_eqz);
  }

  private compute(v: Value): void {
    const simple = simpleOp[v.op];
    if (simple !== 0 && v.op !== Ir.select) {
      for (const a of v.args) this.emit(a);
      return this.asm.op(simple);
    }
    if (isPlainWhenAlone(v)) return this.atomic(v);
    if (memoryOp[v.op] !== 0) return this.access(v);
    this.special(v);
  }

  private special(v: Value): void {
    const { asm } = this;
    switch (v.op) {
      case Ir.const_i32: case Ir.const_ptr: return asm.i32(v.aux as number);
      case Ir.const_i64: return asm.i64(v.aux as bigint);
      case Ir.const_f32: asm.op(Op.f32_const); return asm.w.f32(v.aux as number);
      case Ir.const_f64: asm.op(Op.f64_const); return asm.w.f64(v.aux as number);
      case Ir.addr: asm.op(Op.i32_const); return asm.reloc(CodeReloc.addr, v.aux as string);
      case Ir.funcindex: asm.op(Op.i32_const); return asm.reloc(CodeReloc.code, v.aux as string);
      case Ir.g: return asm.globalGet('g');
      case Ir.slot: case Ir.ptr_off: return this.offsetPointer(v);
      case Ir.ptr_i32: case Ir.ptr_from_i32: return this.emit(v.args[0]);
      case Ir.notnil: this.emit(v.args[0]); asm.op(Op.i32_eqz); return asm.op(Op.i32_eqz);
      case Ir.sqrt_f64: return this.squareRoot(v);
      case Ir.select: return this.select(v);
      case Ir.move: return this.move(v);
      case Ir.zero: return this.zero(v);
      case Ir.memequal: for (const a of v.args) this.emit(a); return asm.callKernel('memequal');
      case Ir.newobject: return this.newobject(v);
      case Ir.tempbuf: return this.asm.i32(0);
      case Ir.call: case Ir.calli: case Ir.callk: return this.call(v);
      default: throw new Bug('codegen', this.plan.f.name, `no code for v${v.id} (operation ${v.op})`);
    }
  }

  /**
   * A square root of a vector. x86's scalar one leaves the upper half of its register as it is, and engines compile it so that it waits for
   * the root before it where that half is not known to be zero: on threads on which a string function has left something there, half
   * again as slow in a loop of roots. The vector's takes as long as the scalar one's (Zen 4: 3.7 ns with a division, either way).
   */
  private squareRoot(v: Value): void {
    this.emit(v.args[0]);
    this.asm.op(Op.f64x2_splat);
    this.asm.op(Op.f64x2_sqrt);
    this.asm.op(Op.f64x2_extract_lane);
    this.asm.w.byte(0);
  }

  private select(v: Value): void {
    this.emit(v.args[1]);
    this.emit(v.args[2]);
    const c = origin(v.args[0], Ir.copy);
    this.condition(c, false);
    this.asm.op(Op.select);
  }

  /** A pointer with a constant offset, as a value. */
  private offsetPointer(v: Value): void {
    const { asm } = this;
    let offset = 0;
    let base = v;
    // A chain of offsets ends at one that is in a local.
    do {
      if (base.op !== Ir.ptr_off) break;
      offset += base.aux as number;
      base = origin(base.args[0], Ir.copy);
    } while (this.plan.mode[base.id] !== Mode.local);
    if (base.op === Ir.addr) {
      asm.op(Op.i32_const);
      return asm.reloc(CodeReloc.addr, base.aux as string, offset);
    }
    let total = offset;
    if (base.op === Ir.slot) {
      asm.localGet(this.locals.bp);
      total += this.area.offset.get(base.id)!;
    } else if (base.op === Ir.const_ptr && base !== v) return asm.i32((base.aux as number) + offset);
    else this.emit(base);
    if (total === 0) return;
    asm.i32(total);
    asm.op(Op.i32_add);
  }

  /** Pushes a base address; gives the constant offset that the access adds. */
  private address(v: Value, offset: number): number {
    v = origin(v, Ir.copy);
    const mode = this.plan.mode[v.id];
    if (mode === Mode.local) {
      this.emit(v);
      return offset;
    }
    if (v.op === Ir.slot) {
      this.asm.localGet(this.locals.bp);
      return offset + this.area.offset.get(v.id)!;
    }
    if (v.op === Ir.addr) {
      this.asm.op(Op.i32_const);
      this.asm.reloc(CodeReloc.addr, v.aux as string, offset);
      return 0;
    }
    // wasm adds offsets without wrapping, so only non-negative ones may be folded.
    if (v.op === Ir.ptr_off && (v.aux as number) >= 0) return this.address(v.args[0], offset + (v.aux as number));
    this.emit(v);
    return offset;
  }

  private atomic(v: Value): void {
    const wide = storesPtr[v.op] !== 0;
    emitAtomic(this.asm, v, {
      address: () => this.address(v.args[0], (v.aux as number) ?? 0),
      value: (i) => this.emit(v.args[i]),
      stored: (i) => {
        this.emit(v.args[i]);
        if (wide) this.asm.op(Op.i64_extend_i32_u);
      },
      atomic: () => this.access(v),
    });
  }

  private access(v: Value): void {
    const { asm } = this;
    const offset = this.address(v.args[0], (v.aux as number) ?? 0);
    const wide = storesPtr[v.op] !== 0;
    for (let i = 1; i < v.args.length; i++) {
      this.emit(v.args[i]);
      if (wide) asm.op(Op.i64_extend_i32_u);
    }
    asm.memory(memoryOp[v.op], offset);
    switch (v.op) {
      case Ir.axchg_ptr: return asm.op(Op.i32_wrap_i64);
      case Ir.acas_i32: this.emit(v.args[1]); return asm.op(Op.i32_eq);
      case Ir.acas_i64: this.emit(v.args[1]); return asm.op(Op.i64_eq);
      case Ir.acas_ptr: asm.op(Op.i32_wrap_i64); this.emit(v.args[1]); return asm.op(Op.i32_eq);
    }
  }

  private move(v: Value): void {
    const { asm } = this;
    const size = (v.aux as MoveAux).size;
    const [dst, src] = v.args;
    if (!isInlineMove(v)) {
      this.emit(dst);
      this.emit(src);
      if (size >= 0) asm.i32(size);
      else this.emit(v.args[2]);
      asm.op(Op.memory_copy);
      asm.w.byte(0);
      return asm.w.byte(0);
    }
    const parts = chunks(size);
    // All loads come before the stores: the areas may overlap.
    const offsets = parts.map((p) => {
      const at = this.address(dst, p.offset);
      asm.memory(p.load, this.address(src, p.offset));
      return at;
    });
    for (let i = parts.length - 1; i >= 0; i--) asm.memory(parts[i].store, offsets[i]);
  }

  private zero(v: Value): void {
    const { asm } = this;
    const size = (v.aux as MoveAux).size;
    if (!isInlineMove(v)) {
      this.emit(v.args[0]);
      asm.i32(0);
      if (size >= 0) asm.i32(size);
      else this.emit(v.args[1]);
      asm.op(Op.memory_fill);
      return asm.w.byte(0);
    }
    for (const p of chunks(size)) {
      const at = this.address(v.args[0], p.offset);
      if (p.load === Op.i64_load) asm.i64(0n);
      else asm.i32(0);
      asm.memory(p.store, at);
    }
  }

  private newobject(v: Value): void {
    const { asm } = this;
    const aux = v.aux as AllocAux;
    asm.i32(aux.size);
    if (aux.typ === '') asm.i32(0);
    else {
      asm.op(Op.i32_const);
      asm.reloc(CodeReloc.addr, aux.typ);
    }
    asm.i32(0);
    asm.callKernel('mallocgc');
  }

  /** The call itself, results and status left on the operand stack. */
  private call(v: Value): void {
    const { asm, locals } = this;
    const aux = v.aux as CallAux;
    const args = v.args;
    for (let i = v.op === Ir.calli ? 1 : 0; i < args.length; i++) this.emit(args[i]);
    if (v.op === Ir.callk) return asm.callKernel(aux.sym);
    const suspends = v.op === Ir.calli || aux.suspends;
    if (v.op === Ir.call) this.missingContext(aux);
    if (suspends) {
      if (locals.depth < 0) throw new Bug('codegen', this.plan.f.name, `calls ${aux.sym}, which suspends, but does not itself`);
      asm.localGet(locals.depth);
    }
    if (v.op === Ir.call) {
      asm.op(Op.call);
      return asm.reloc(CodeReloc.func, aux.sym);
    }
    this.emit(args[0]);
    asm.op(Op.call_indirect);
    asm.reloc(CodeReloc.type, typeKey({ params: [...aux.params.map(valType), ValType.i32], results: [...aux.results.map(valType), ValType.i32] }));
    asm.w.byte(0);
  }

  /** A callee may have become a closure function after the call was built: its context is then nil. */
  private missingContext(aux: CallAux): void {
    const callee = this.ctx.callee(aux.sym);
    if (callee?.closure === true && aux.params.length === callee.params.length) this.asm.i32(0);
  }

  private callRoot(v: Value): void {
    const { asm } = this;
    const aux = v.aux as CallAux;
    const suspends = v.op === Ir.calli || aux.suspends;
    if (suspends) this.setSite(this.sites.siteOf[v.id]);
    this.call(v);
    if (suspends) asm.brIf(this.cold.save, -1);
    if (suspends && v.op === Ir.callk) {
      // A kernel function's results are fetched where the next segment begins.
      return;
    }
    if (aux.noreturn === true) {
      // The block normally ends here, and says so itself.
      if (v.block.kind !== BlockKind.unreachable) asm.op(Op.unreachable);
      return;
    }
    this.storeResults(v);
  }

  /** Pops the results of a call into their locals, the last one first. */
  private storeResults(v: Value): void {
    const { asm, coloring } = this;
    if (v.type === Type.void) return;
    if (v.type !== Type.tuple) return this.store(v);
    const extracts = this.plan.extracts[v.id] ?? [];
    for (let i = (v.aux as CallAux).results.length - 1; i >= 0; i--) {
      const to = extracts.filter((e) => e.aux === i && coloring.color[e.id] >= 0);
      if (to.length === 0) asm.op(Op.drop);
      to.forEach((e, k) => {
        if (k > 0) this.locals.get(coloring.color[to[0].id]);
        this.locals.set(coloring.color[e.id]);
      });
    }
  }

  /** Loads the results of a call from memory into their locals: `base` pushes the address of result 0. */
  private fetchResults(v: Value, base: () => number): void {
    const { asm, coloring } = this;
    const results = (v.aux as CallAux).results;
    const wanted = v.type === Type.tuple ? (this.plan.extracts[v.id] ?? []) : v.type === Type.void ? [] : [v];
    for (const e of wanted) {
      const c = coloring.color[e.id];
      if (c < 0) continue;
      const i = v.type === Type.tuple ? (e.aux as number) : 0;
      const offset = base() + 8 * i;
      const t = valType(results[i]);
      asm.memory(t === ValType.i64 ? Op.i64_load : t === ValType.f64 ? Op.f64_load : t === ValType.f32 ? Op.f32_load : Op.i32_load, offset);
      this.locals.set(c);
    }
  }

  /** Results of the kernel function called at the end of the segment before. */
  fetchKernelResults(v: Value): void {
    this.fetchResults(v, () => {
      this.asm.globalGet('g');
      return G.KRES;
    });
  }

  /** Results of a resumed call, which its resume stub left in the result area. */
  fetchResumed(v: Value): void {
    this.fetchResults(v, () => {
      this.asm.globalGet('result_area');
      return 0;
    });
  }

  private panicLabel(sym: string): number {
    const label = this.cold.panics.get(sym);
    if (label === undefined) throw new Bug('codegen', this.plan.f.name, `no cold code for ${sym}`);
    return label;
  }

  // Checks have no branch hints: measured, they change nothing but the size (1.5 %).

  private nilcheck(v: Value): void {
    if (neverNil(v.args[0])) return;
    this.setSite(this.sites.siteOf[v.id]);
    this.emit(v.args[0]);
    this.asm.op(Op.i32_eqz);
    this.asm.brIf(this.panicLabel(nilPanic));
  }

  private boundscheck(v: Value): void {
    const { asm } = this;
    const [index, length] = v.args;
    this.setSite(this.sites.siteOf[v.id]);
    this.emit(index);
    this.emit(length);
    asm.op(Op.i64_ge_u);
    asm.if();
    this.emit(index);
    this.emit(length);
    asm.br(this.panicLabel(v.aux as string));
    asm.end();
    asm.dead = false;
  }

  private check(v: Value): void {
    const { asm } = this;
    const label = this.panicLabel(v.aux as string);
    this.setSite(this.sites.siteOf[v.id]);
    this.condition(v.args[0], true);
    if (v.args.length === 1) return asm.brIf(label);
    asm.if();
    for (let i = 1; i < v.args.length; i++) this.emit(v.args[i]);
    asm.br(label);
    asm.end();
    asm.dead = false;
  }

  /** The poll's test. */
  pollTest(): void {
    this.asm.i32(0);
    this.asm.memory(Op.i32_load, LowMemory.POLL_WORD);
  }
}

function isZero(v: Value): boolean {
  v = origin(v, Ir.copy);
  return (v.op === Ir.const_i32 || v.op === Ir.const_ptr) && v.aux === 0;
}

interface Chunk { offset: number; load: number; store: number }

/** A size as loads and stores of falling width. */
function chunks(size: number): Chunk[] {
  const list: Chunk[] = [];
  let offset = 0;
  const take = (width: number, load: number, store: number): void => {
    for (; size - offset >= width; offset += width) list.push({ offset, load, store });
  };
  take(8, Op.i64_load, Op.i64_store);
  take(4, Op.i32_load, Op.i32_store);
  take(2, Op.i32_load16_u, Op.i32_store16);
  take(1, Op.i32_load8_u, Op.i32_store8);
  return list;
}
