// IR function -> wasm function. The order of the work: plan (which values nest on the operand stack), graph (sites,
// resume dispatch), colours (values onto locals), then one walk of the structured emitter, which calls back here for
// the code of nodes. Layout of a body:
//   block $epilogue            only with stack objects
//     block $save              only with sites
//       block $panic_j …       one a panic function; cold
//         hot code
//       end; call of the panic function; br $save
//     end; save the frame; zeros; status 1
//   end; sp = sp at entry
import { Bug } from '../base/bug.ts';
import { BlockKind } from '../ir/func.ts';
import { Type } from '../ir/type.ts';
import type { Block, Func, Value } from '../ir/func.ts';
import { Op as Ir } from '../ir/op.ts';
import { Op, ValType } from '../wasm/opcodes.ts';
import { typeKey } from '../wasm/module.ts';
import { Assembler, voidBlock } from './assembler.ts';
import { CodeReloc } from '../abi/object.ts';
import type { FuncCode, FuncSource, SiteInfo } from '../abi/object.ts';
import { origin, valType } from './code.ts';
import type { CodegenContext } from './code.ts';
import { colorValues } from './color.ts';
import type { Coloring } from './color.ts';
import { FrameEmitter } from './frame.ts';
import { NodeKind, Term } from './graph.ts';
import type { Node } from './graph.ts';
import { Locals } from './locals.ts';
import { layoutObjects, liveObjects, slotValues } from './objects.ts';
import type { ObjectArea } from './objects.ts';
import { callsOn, makePlan, Mode } from './plan.ts';
import type { Plan } from './plan.ts';
import { buildGraph } from './sites.ts';
import type { SiteGraph } from './sites.ts';
import { emitStructured } from './structure.ts';
import type { NodeEmitter } from './structure.ts';
import { ValueEmitter } from './values.ts';

/** Above this many sites times locals, engines take seconds to minutes: values then live in memory (design, 3.13). */
const defaultMaxSitesTimesLocals = 1_000_000;

const asm = new Assembler();

/** Compiles one function. */
export function generateFunc(f: Func, ctx: CodegenContext): FuncCode {
  try {
    return new FuncGenerator(f, ctx).run();
  } catch (e) {
    throw e instanceof Bug ? e : new Bug('codegen', f.name, (e as Error).message, e);
  }
}

/** Compiles functions when the linker first asks for them. */
export function compileOnDemand(funcs: ReadonlyMap<string, Func>, ctx: CodegenContext): FuncSource {
  const done = new Map<string, FuncCode>();
  return {
    has: (name) => funcs.has(name),
    get: (name) => {
      const f = funcs.get(name);
      let code = done.get(name);
      if (code === undefined && f !== undefined) done.set(name, (code = generateFunc(f, ctx)));
      return code;
    },
  };
}

/** Wasm parameters and results of a function. */
export function wasmSignature(f: Func): { params: number[]; results: number[] } {
  const params = f.params.map(valType);
  const results = f.results.map(valType);
  if (f.closure) params.push(ValType.i32);
  if (f.suspends) {
    params.push(ValType.i32);
    results.push(ValType.i32);
  }
  return { params, results };
}

class FuncGenerator implements NodeEmitter {
  private readonly f: Func;
  private readonly ctx: CodegenContext;
  private readonly plan: Plan;
  private readonly signature: { params: number[]; results: number[] };
  private readonly limitCheck: boolean;
  private coloring!: Coloring;
  private sites!: SiteGraph;
  private locals!: Locals;
  private values!: ValueEmitter;
  private frame!: FrameEmitter;
  private epilogue = -1;

  constructor(f: Func, ctx: CodegenContext) {
    this.f = f;
    this.ctx = ctx;
    this.plan = makePlan(f);
    this.signature = wasmSignature(f);
    this.limitCheck = f.suspends && ctx.needsLimitCheck(f.name) && callsOn(this.plan);
  }

  run(): FuncCode {
    const { f, ctx, plan, signature } = this;
    const slots = slotValues(f).filter((v) => plan.mode[v.id] !== Mode.dead);
    let coloring = colorValues(plan, signature.params, false);
    const area = layoutObjects(slots, coloring.sites);
    const inMemory = coloring.sites * coloring.types.length > (ctx.maxSitesTimesLocals ?? defaultMaxSitesTimesLocals);
    if (inMemory) coloring = colorValues(plan, signature.params, true);
    this.coloring = coloring;
    const needs = { limitCheck: this.limitCheck, prologue: area.size > 0 || inMemory };
    this.sites = buildGraph(plan, needs, ctx, (b, k) => this.eachCopy(b, k, () => {}) > 0);
    if (!f.suspends && this.sites.sites.length > 0) throw new Bug('codegen', f.name, 'has sites but does not suspend');
    asm.reset(ctx.hints);
    this.locals = this.makeLocals(inMemory, area);
    this.frame = new FrameEmitter(asm, this.locals, area, 48 + 8 * (coloring.types.length + 4));
    this.values = new ValueEmitter(asm, plan, coloring, this.locals, area, this.sites, ctx);
    this.emitBody();
    return {
      name: f.name,
      params: signature.params,
      results: signature.results,
      locals: Uint8Array.from(this.locals.declared),
      code: asm.w.finish(),
      relocs: Int32Array.from(asm.relocs),
      syms: asm.syms,
      hints: asm.hints,
      sites: this.siteInfos(area),
      deferReturn: this.sites.deferReturn,
      resumable: this.sites.resumable > 0,
      pos: f.pos,
      noArgs: f.params.length === 0,
      wrapper: f.wrapper,
      objSize: area.size,
      objects: [...area.always, ...area.tracked],
      objTracked: area.tracked.length,
      ptrSlots: this.locals.ptrSlots,
    };
  }

  private makeLocals(inMemory: boolean, area: ObjectArea): Locals {
    const { coloring, sites, signature } = this;
    const l = new Locals(asm, signature.params.length, coloring, inMemory, area);
    if (sites.entrySite < 0) l.dropParams(coloring);
    if (this.f.suspends) l.depth = signature.params.length - 1;
    if (area.size > 0) {
      l.bp = l.add(ValType.i32);
      l.sp0 = l.add(ValType.i32);
    }
    if (area.size > 0 || sites.sites.length > 0) l.scratch = l.add(ValType.i32);
    if (sites.sites.length > 1) l.site = l.add(ValType.i32);
    if (sites.inLoops) l.resuming = l.add(ValType.i32);
    l.place();
    l.layoutFrame(coloring);
    return l;
  }

  private siteInfos(area: ObjectArea): SiteInfo[] {
    const { coloring, locals, sites } = this;
    const { at, afterPanic } = liveObjects(this.plan, area);
    return sites.sites.map((s, i) => {
      const atEntry = i === sites.entrySite;
      const ptrs = atEntry ? coloring.paramPtrs : s.value === null ? [] : coloring.livePtrs[s.value.id] ?? [];
      // At the entry site there are no objects yet.
      const objects = atEntry ? [] : (s.value === null ? undefined : at[s.value.id]) ?? afterPanic;
      return { kind: s.kind, pos: s.pos, live: [...locals.slots(ptrs), ...objects.map((k) => locals.ptrSlots + k)] };
    });
  }

  private emitBody(): void {
    const { values, frame, plan, signature, sites } = this;
    const withObjects = this.locals.bp >= 0;
    const withSites = sites.sites.length > 0;
    frame.rememberSp();
    if (withObjects) this.epilogue = this.resultBlock();
    if (withSites) values.cold.save = asm.block(voidBlock);
    const panics = withSites ? plan.panics : [];
    for (const sym of panics) values.cold.panics.set(sym, this.panicBlock(sym));
    emitStructured(sites.graph, asm, this);
    // Every path has left, but a validator sees the end of a block or loop fall through.
    if (panics.length > 0 && this.panicParams(panics[panics.length - 1]).length > 0) asm.op(Op.unreachable);
    for (let i = panics.length - 1; i >= 0; i--) this.callPanic(panics[i], i === 0);
    if (withSites) {
      asm.end();
      frame.save(sites.sites.length === 1);
      for (const t of signature.results.slice(0, -1)) frame.zeroValue(t);
      asm.i32(1);
    } else asm.op(Op.unreachable);
    if (withObjects) {
      asm.end();
      frame.epilogue();
    }
    asm.op(Op.end);
  }

  /** Opens the block that all returns leave, with the function's results on the operand stack. */
  private resultBlock(): number {
    const results = this.signature.results;
    if (results.length === 0) return asm.block(voidBlock);
    if (results.length === 1) return asm.block(results[0]);
    return asm.blockOfType(typeKey({ params: [], results }));
  }

  /** Opens the block that failed checks leave, with the panic function's arguments on the operand stack. */
  private panicBlock(sym: string): number {
    const types = this.panicParams(sym);
    if (types.length === 0) return asm.block(voidBlock);
    if (types.length === 1) return asm.block(types[0]);
    return asm.blockOfType(typeKey({ params: [], results: types }));
  }

  private panicParams(sym: string): number[] {
    for (const roots of this.plan.roots) {
      for (const v of roots) {
        if (v.op === Ir.boundscheck && v.aux === sym) return [ValType.i64, ValType.i64];
        if (v.op === Ir.check && v.aux === sym) return v.args.slice(1).map((a) => valType(a.type));
      }
    }
    return [];
  }

  /** Ends the block of a panic function and calls it; it always comes back suspended. */
  private callPanic(sym: string, isLast: boolean): void {
    asm.end();
    const callee = this.ctx.callee(sym);
    if (callee?.closure === true) asm.i32(0);
    const suspends = callee === undefined || callee.suspends;
    if (suspends) asm.localGet(this.locals.depth);
    asm.op(Op.call);
    asm.reloc(CodeReloc.func, sym);
    if (!suspends) return asm.op(Op.unreachable);
    asm.op(Op.drop);
    if (!isLast) asm.br(this.values.cold.save);
  }

  // --- NodeEmitter

  forget(): void {
    this.values.forget();
  }

  body(n: Node): void {
    const { frame, values, locals, sites } = this;
    switch (n.kind) {
      case NodeKind.segment: return this.segment(n);
      case NodeKind.prologue: return this.prologue();
      case NodeKind.resume:
        frame.restore(this.limitCheck);
        if (locals.resuming < 0 || (n.clears && n.term === Term.jump)) return;
        frame.resumedSite(-1);
        return asm.localSet(locals.resuming);
      case NodeKind.entrySlow:
        values.setSite(sites.entrySite);
        asm.localGet(locals.depth);
        asm.callKernel('entry_slow');
        return asm.brIf(values.cold.save, -1);
      case NodeKind.poll:
        values.setSite(n.site);
        asm.callKernel('poll_slow');
        return asm.brIf(values.cold.save, -1);
      case NodeKind.arrive: return values.fetchResumed(sites.sites[n.site].value!);
      case NodeKind.arrival: case NodeKind.loopSwitch:
        // A switch clears after it has pushed its index.
        if (n.clears && n.term === Term.jump) this.clearResuming();
        return;
      case NodeKind.edge: return this.blockCopies(this.plan.rpo[n.block], n.from);
      case NodeKind.setSelect:
        asm.i32(n.site);
        return asm.localSet(this.selectLocal());
    }
  }

  private selector = -1;

  /** The local that chooses an entry of an irreducible loop. */
  private selectLocal(): number {
    if (this.selector < 0) this.selector = this.locals.add(ValType.i32);
    return this.selector;
  }

  private segment(n: Node): void {
    const { values, sites } = this;
    const roots = this.plan.roots[n.block];
    if (n.site >= 0) {
      const call = sites.sites[n.site].value!;
      if (call.op === Ir.callk) values.fetchKernelResults(call);
    }
    for (let i = n.from; i < n.to; i++) values.root(roots[i]);
  }

  private prologue(): void {
    this.frame.prologue();
    if (this.coloring.types.length === 0) return;
    for (const v of this.f.entry.values) {
      const c = v.op === Ir.param ? this.coloring.color[v.id] : -1;
      // Only where values live in memory is a parameter not its own local.
      if (c < this.signature.params.length) continue;
      asm.localGet(v.aux as number);
      this.locals.set(c);
    }
  }

  /** The resumption is over: loop headers go on as always. */
  private clearResuming(): void {
    asm.i32(0);
    asm.localSet(this.locals.resuming);
  }

  condition(n: Node, invert: boolean): void {
    const { frame, values, locals } = this;
    switch (n.kind) {
      case NodeKind.entry: frame.entryTest(this.limitCheck); break;
      case NodeKind.slow: frame.resumeTest(); break;
      case NodeKind.loopTest: asm.localGet(locals.resuming); break;
      default:
        if (n.last) return values.condition(this.plan.rpo[n.block].control!, invert);
        values.pollTest();
    }
    if (invert) asm.op(Op.i32_eqz);
  }

  index(n: Node): void {
    const { values } = this;
    switch (n.kind) {
      case NodeKind.resume: case NodeKind.loopSwitch: case NodeKind.arrival: return this.siteIndex(n);
      case NodeKind.select: return asm.localGet(this.selectLocal());
      default: values.emit(this.plan.rpo[n.block].control!);
    }
  }

  /** Pushes the number of the site that is resumed, less the lowest that the node knows. */
  private siteIndex(n: Node): void {
    const { frame, locals } = this;
    // Numbers in the local count from 1; 0 is "not resuming".
    if (locals.resuming < 0) return frame.resumedSite(n.site);
    asm.localGet(locals.resuming);
    asm.i32(n.site + 1);
    asm.op(Op.i32_sub);
    if (n.clears) this.clearResuming();
  }

  ret(n: Node): void {
    const b = this.plan.rpo[n.block];
    for (const r of b.results) this.values.emit(r);
    if (this.f.suspends) asm.i32(0);
    if (this.epilogue >= 0) asm.br(this.epilogue);
    else asm.op(Op.return);
  }

  hasCopies(n: Node, k: number): boolean {
    if (!n.last || n.kind !== NodeKind.segment) return false;
    const b = this.plan.rpo[n.block];
    return b.kind !== BlockKind.switch && this.eachCopy(b, k, () => {}) > 0;
  }

  copies(n: Node, k: number): void {
    this.blockCopies(this.plan.rpo[n.block], k);
  }

  /** Parallel copy by the operand stack: all sources are pushed before the first local is set. */
  private blockCopies(b: Block, k: number): void {
    const to: number[] = [];
    this.eachCopy(b, k, (phi, arg) => {
      this.values.emit(arg);
      to.push(this.coloring.color[phi.id]);
    });
    for (let i = to.length - 1; i >= 0; i--) this.locals.set(to[i]);
  }

  /** Visits the phis whose value changes its local on edge k of block b; gives their number. */
  private eachCopy(b: Block, k: number, visit: (phi: Value, arg: Value) => void): number {
    const s = b.succs[k];
    const first = s.values[0];
    if (first === undefined || first.op !== Ir.phi) return 0;
    const p = predIndex(b, k);
    const { mode, uses } = this.plan;
    const { color } = this.coloring;
    let n = 0;
    for (const phi of s.values) {
      if (phi.op !== Ir.phi) break;
      if (mode[phi.id] === Mode.dead || uses[phi.id] === 0 || phi.type === Type.void) continue;
      const arg = origin(phi.args[p], Ir.copy);
      if (mode[arg.id] === Mode.local && color[arg.id] === color[phi.id]) continue;
      visit(phi, arg);
      n++;
    }
    return n;
  }
}

/** Place among the successor's predecessors of edge k of b. */
function predIndex(b: Block, k: number): number {
  const s = b.succs[k];
  let before = 0;
  for (let i = 0; i < k; i++) if (b.succs[i] === s) before++;
  for (let i = 0; i < s.preds.length; i++) if (s.preds[i] === b && before-- === 0) return i;
  throw new Bug('codegen', '', `b${b.id} is no predecessor of b${s.id}`);
}
