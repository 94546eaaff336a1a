// ProgramBuilder: the work list that turns checked packages into one ir.Program. It starts at the entry function and the
// initialisers with effects; asking for a symbol puts what it stands for on the list, and nothing else gets built.
//
// Invariants: one definition per symbol. A function's body is checked right before it is built. Type descriptors and
// package init functions are written when the list is empty, since what they hold depends on all that was asked for.

import type { Pos } from '../base/pos.ts';
import type { DiagnosticSink } from '../base/diagnostic.ts';
import { errorAt } from '../base/diagnostic.ts';
import { digest } from '../base/hash.ts';
import { Func as IRFunc } from '../ir/func.ts';
import type { CallAux, Compiled, Value } from '../ir/func.ts';
import { exportThunk, hostExport, importCaller, importThunk } from './hostfuncs.ts';
import { isEmbedders, placeOfImport } from '../abi/hostcalls.ts';
import { entrySymbol, panicSymbol } from '../abi/entry.ts';
import { Op } from '../ir/op.ts';
import type { DataSymbol, Position, Program } from '../ir/program.ts';
import { Type as IR, type Type as IRType } from '../ir/type.ts';
import type { FileSet } from '../source/fileset.ts';
import type { Expr, FuncLit } from '../syntax/ast.ts';
import { hasBody } from '../syntax/nodes.ts';
import type { Func as FuncObj, Package, Type, Var } from '../types/model.ts';
import { declared, ObjKind, TypeKind, unalias } from '../types/model.ts';
import { FuncBuilder } from './builder.ts';
import type { CallTarget, FuncInst, Unit } from './context.ts';
import { passContexts } from './closurecalls.ts';
import { DataWriter } from './data.ts';
import { eqFunc, hashFunc } from './eqhash.ts';
import { buildFunc } from './function.ts';
import { GoKind, type GoType, type MethodSel, type TypeEnv } from './gotype.ts';
import { InitPlan } from './init.ts';
import { expandIntrinsic, hasIntrinsic } from './intrinsics.ts';
import { bytesText, JobNotes, readDatum, textBytes, writeDatum } from './jobs.ts';
import type { FuncShape, JobStore, Note, SerialData, StoredJob } from './jobs.ts';
import { importDirective, kernelDirective, LinkTable, splitSymbol } from './linkname.ts';
import { lookupMethod } from './methods.ts';
import type { InitOrder, SourcePackage } from './package.ts';
import { homeOf, NoReference, RefReader, writeFunc, writeType, writeVar } from './refs.ts';
import type { Registry } from './registry.ts';
import { flatSignature } from './signature.ts';
import { staticData } from './static.ts';
import { frameTable, makeFuncTable, Thunks, type GoSignature } from './thunk.ts';
import { Level, TypeDescriptors } from './typedesc.ts';
import { TypeTable } from './typetable.ts';
import { linkString, resetPaths, setImportPath, symbolPath } from './typestring.ts';
import { implSym, methodExpr } from './wrapper.ts';

/** What a program is built from. */
export interface ProgramInput {
  /** In dependency order. */
  readonly packages: readonly SourcePackage[];
  readonly main: SourcePackage;
  readonly fset: FileSet;
  /** Name of a source file as the program reports it (runtime.Caller), by its name in the file set. */
  readonly fileName: (name: string) => string;
  readonly sink: DiagnosticSink;
  /** Values of string variables set by the linker (-X and the toolchain's own), by symbol. */
  readonly stringVars?: ReadonlyMap<string, string>;
  /** Records of jobs that earlier builds did. */
  readonly jobs?: JobStore | undefined;
}

/** How a symbol of a function is implemented. */
const Impl = { body: 0, kernel: 1, hostImport: 2, intrinsic: 3, missing: 4 } as const;
type Impl = (typeof Impl)[keyof typeof Impl];

/** A function that was asked for. */
interface FuncDef {
  readonly sym: string;
  readonly impl: Impl;
  readonly obj: FuncObj;
  readonly unit: SourcePackage;
  readonly targs: readonly GoType[];
  readonly env: TypeEnv | null;
  /** Kernel or import name. */
  readonly external: string;
  readonly suspends: boolean;
  target: CallTarget | null;
}

/** What a build found out about a variable. */
interface VarRecord { readonly pkg: Package; readonly type: string; isStatic: boolean; notes: readonly Note[] }

/** Functions of package runtime that never return. */
const noReturn = /^runtime\.(gopanic|goPanic\w+|panic(?!Check|Text)\w+|throw|fatal|block|Goexit|fatalpanic|unreachableMethod)$/;

export class ProgramBuilder implements Registry {
  readonly program: Program;
  readonly fset: FileSet;
  readonly types = new TypeTable((p) => this.units.get(p)!.files);
  readonly input: ProgramInput;
  private readonly links = new LinkTable();
  private readonly descs: TypeDescriptors;
  private readonly init: InitPlan;
  private readonly units = new Map<Package, SourcePackage>();
  private readonly byPath = new Map<string, SourcePackage>();
  private readonly runtime: SourcePackage;
  private readonly plainFuncs = new Map<FuncObj, FuncDef>();
  private readonly instances = new Map<string, FuncDef>();
  private readonly defs = new Map<string, FuncDef>();
  private readonly work: (() => void)[] = [];
  private readonly requested = new Set<string>();
  private readonly addressTaken = new Set<string>();
  private readonly globals = new Map<Var, string>();
  private readonly strings = new Map<string, string>();
  private readonly blobs = new Map<string, string>();
  private readonly runtimeCalls = new Map<string, CallAux>();
  private readonly varPushes = new Map<string, Var[]>();
  private readonly fileIndex = new Map<string, number>();
  /** The function being built, for reflect's method rule. */
  private current = '';
  /** Notes of the job being done, while its calls are to be noted; calls made by those are not. */
  private notes: JobNotes | null = null;
  private readonly refs: RefReader;
  /** How to do the jobs again that were taken from records, by the functions that they make. */
  private readonly undone = new Map<string, () => void>();
  /** Takes the functions of a job that is done again. */
  private again: Map<string, IRFunc> | null = null;
  private failed = false;

  constructor(input: ProgramInput) {
    this.input = input;
    this.fset = input.fset;
    this.program = { funcs: new Map(), data: new Map(), files: [''], positions: [noPosition], imports: new Map(), exports: [], entry: entrySymbol, roots: [] };
    resetPaths();
    for (const p of input.packages) {
      this.units.set(p.pkg, p);
      this.byPath.set(p.path, p);
      if (p.path !== p.pkg.path) setImportPath(p.pkg.path, p.path);
    }
    this.runtime = this.byPath.get('runtime')!;
    for (const p of input.packages) this.links.addPackage(p.pkg, symbolPath(p.pkg.path), p.files);
    this.descs = new TypeDescriptors(this);
    this.init = new InitPlan(this, input.packages, this.runtime, input.main);
    this.collectVarPushes();
    this.refs = new RefReader(new Map(input.packages.map((p) => [p.pkg.path, p.pkg])), this.types);
  }

  // ---- running

  /** Builds everything that the program can reach. */
  build(): Program {
    for (const e of this.links.exports) this.exportFunc(e.name, e.def.pkg, e.def.name);
    this.init.start();
    this.drain();
    this.init.finish();
    this.drain();
    this.makeThunks();
    this.keepVars();
    this.finish();
    return this.program;
  }

  /** Writes the descriptors asked for so far without building any code (test/descriptors). */
  finishForTest(): void { this.descs.writeAll(); }

  private drain(): void {
    // Last in, first out: what a body refers to is built soon after it, while it is in the caches.
    for (let job = this.work.pop(); job !== undefined; job = this.work.pop()) job();
  }

  private finish(): void {
    this.writeLinkTables();
    this.descs.writeAll();
    for (const sym of this.addressTaken) {
      const f = this.program.funcs.get(sym);
      if (f === undefined) continue;
      f.closure = true;
      f.addressTaken = true;
    }
    passContexts(this.program, this.program.funcs.values());
  }

  // ---- jobs

  /** Does a job, or what the record of an earlier build says that it did. `home`: the packages that its source comes from; null: no record is kept. */
  private job(sym: string, home: ReadonlySet<Package> | null, run: () => void): void {
    this.current = sym;
    const store = home === null ? undefined : this.input.jobs;
    const stored = store?.find(sym, home!) ?? null;
    if (stored !== null && this.redo(stored)) {
      for (const shape of stored.funcs) this.undone.set(shape.name, () => this.owned(sym, run));
      return;
    }
    const notes = store === undefined ? null : new JobNotes();
    this.notes = notes;
    this.owned(sym, run);
    this.notes = null;
    if (notes !== null && !notes.spoilt) store!.keep(sym, home!, notes);
  }

  private owner = '';
  private statics = 0;

  /** Runs `work`; anonymous data made by it is named after `owner`, so that it is called the same in every program. */
  owned<T>(owner: string, work: () => T): T {
    const outer = { owner: this.owner, statics: this.statics };
    this.owner = owner;
    this.statics = 0;
    const result = work();
    this.owner = outer.owner;
    this.statics = outer.statics;
    return result;
  }

  /** What a record says to do; null if it does not fit this program. */
  private stepsOf(stored: StoredJob): (() => void)[] | null {
    const steps: (() => void)[] = [];
    try {
      for (const note of stored.notes) {
        const step = this.stepOf(note);
        if (step === null) return null;
        steps.push(step);
      }
    } catch (e) {
      if (e instanceof NoReference) return null;
      throw e;
    }
    return steps;
  }

  private redo(stored: StoredJob): boolean {
    const steps = this.stepsOf(stored);
    if (steps === null) return false;
    for (const step of steps) step();
    for (const shape of stored.funcs) this.enterCompiled(shape, stored.compiled(shape.name));
    return true;
  }

  private enterCompiled(shape: FuncShape, compiled: Compiled): void {
    if (this.program.funcs.has(shape.name)) return;
    const f = new IRFunc(shape.name, [...shape.params], [...shape.results]);
    f.closure = (shape.marks & 1) !== 0;
    f.addressTaken = (shape.marks & 2) !== 0;
    f.noinline = (shape.marks & 4) !== 0;
    f.wrapper = (shape.marks & 8) !== 0;
    f.compiled = compiled;
    this.program.funcs.set(f.name, f);
    if (shape.sig !== '' && !this.signatures.has(f.name)) this.signatures.set(f.name, { recv: null, sig: this.refs.type(shape.sig) });
  }

  /** What a note says to do; null if it does not fit this program. */
  private stepOf(note: Note): (() => void) | null {
    const { refs } = this;
    const text = note[1] as string;
    switch (note[0]) {
      case 'F': { const f = refs.func(text); const targs = (note[2] as readonly string[]).map((t) => refs.type(t)); return () => { this.funcSym(f, targs); }; }
      case 'X': { const t = refs.type(text); return () => { this.methodExprSym(t, note[2] as string, note[3] as string); }; }
      case 'V': return () => { this.funcValueSym(text); };
      case 'A': return () => { this.markAddressTaken(text); };
      case 'T': { const t = refs.type(text); return () => { this.typeSym(t, note[2] === 1); }; }
      case 'S': { const t = refs.type(text); return () => { this.assertSym(t); }; }
      case 'I': { const t = refs.type(text); const iface = refs.type(note[2] as string); return () => { this.itabSym(t, iface); }; }
      case 'U': { const t = refs.type(text); return () => { this.useInterfaceMethod(t, note[2] as number); }; }
      case 'E': { const t = refs.type(text); return () => { this.eqSym(t); }; }
      case 'H': { const t = refs.type(text); return () => { this.hashSym(t); }; }
      case 'G': { const v = refs.variable(text); return () => { this.globalSym(v); }; }
      case 's': return () => { this.stringSym(text); };
      case 'r': return () => { this.readonlySym(textBytes(text), note[2] as number); };
      case 'v': return () => { this.defineVar(text, note[2] as number, note[3] as number, note[4] as readonly number[]); };
      case 'd': return () => { this.addData(readDatum(note[1] as SerialData)); };
      case 'R': return () => { this.runtimeCall(text); };
      case 'Y': return () => { this.runtimeSym(text); };
      case 'Z': return () => { this.runtimeVar(text); };
      case 'N': return this.program.funcs.has(text) ? () => {} : null;
      default: return null;
    }
  }

  /** Runs a call of Context; in a job, it is noted, and what it calls itself is not. */
  private noted<T>(make: () => Note, call: () => T): T {
    const { notes } = this;
    if (notes === null) return call();
    try {
      notes.add(make());
    } catch (e) {
      if (!(e instanceof NoReference)) throw e;
      notes.spoilt = true;
    }
    this.notes = null;
    const result = call();
    this.notes = notes;
    return result;
  }

  /** Enters a function that the job has made. */
  private enterFunc(f: IRFunc, sig: GoType | null): void {
    if (this.again !== null) { this.again.set(f.name, f); return; }
    this.program.funcs.set(f.name, f);
    const { notes } = this;
    if (notes === null || notes.spoilt) return;
    const marks = (f.closure ? 1 : 0) | (f.addressTaken ? 2 : 0) | (f.noinline ? 4 : 0) | (f.wrapper ? 8 : 0);
    try {
      notes.funcs.push({ name: f.name, params: f.params, results: f.results, marks, sig: sig === null ? '' : writeType(sig) });
    } catch (e) {
      if (!(e instanceof NoReference)) throw e;
      notes.spoilt = true;
    }
  }

  /** Builds the blocks of a function that was taken from a record. */
  rebuild(f: IRFunc): void {
    const made = (this.again = new Map<string, IRFunc>());
    this.undone.get(f.name)!();
    this.again = null;
    const built = made.get(f.name)!;
    passContexts(this.program, [built]);
    f.adopt(built);
  }

  /** Whether the program has a function of that name, besides those of the job that is done again. */
  hasFunc(name: string): boolean {
    if (this.again !== null && this.undone.has(name) && !this.again.has(name)) return false;
    const has = this.program.funcs.has(name);
    if (has) this.notes?.add(['N', name]);
    return has;
  }

  /** The slices that package runtime declares for the tables of descriptors and itabs. */
  private writeLinkTables(): void {
    this.fillTable('goloom.typelinks', 8, () => addressTable(this.descs.typelinks()));
    this.fillTable('goloom.itablinks', 8, () => addressTable(this.descs.itabSymbols()));
    this.fillTable('goloom.framethunks', 8, () => frameTable(this.frameThunks));
    this.fillTable('goloom.makefuncs', 16, () => makeFuncTable(this.makeFuncs));
  }

  /** Gives a slice variable of package runtime its elements, if the program has it. */
  private fillTable(name: string, elem: number, make: () => DataWriter): void {
    if (!this.program.data.has(name)) return;
    const w = make();
    const n = w.size / elem;
    this.addData(w.symbol(`${name}.array`));
    const head = new DataWriter(24);
    if (n !== 0) head.addr(0, `${name}.array`);
    head.u64(8, n);
    head.u64(16, n);
    this.program.data.set(name, head.symbol(name, { readonly: false }));
  }

  private readonly frameThunks: { sym: string; thunk: string }[] = [];
  private readonly makeFuncs: { type: GoType; call: string; method: string }[] = [];

  /** Makes what reflect's calls need: thunks for functions that it can get hold of, stubs for the func types it can see. */
  private makeThunks(): void {
    const thunks = new Thunks(this);
    const seenTypes = new Set<GoType>();
    const seenFuncs = new Set<string>();
    for (let before = -1; before !== seenTypes.size + seenFuncs.size;) {
      before = seenTypes.size + seenFuncs.size;
      if (this.byPath.has('reflect') && this.hasData('goloom.makefuncs')) {
        for (const t of this.descs.boxedTypes(GoKind.Func)) if (!seenTypes.has(t)) { seenTypes.add(t); this.makeStubs(thunks, t); }
      }
      if (this.hasData('goloom.framethunks')) {
        const visible = new Set(this.descs.boxedTypes(GoKind.Func).map((t) => t.underlying));
        for (const sym of [...this.addressTaken]) if (!seenFuncs.has(sym) && this.makeThunk(thunks, sym, visible)) seenFuncs.add(sym);
      }
      this.drain();
    }
  }

  private makeStubs(thunks: Thunks, t: GoType): void {
    const sig = t.underlying;
    const reflect = this.byPath.get('reflect')!.pkg.scope;
    const target = (name: string): string => this.funcSym(reflect.lookup(name) as FuncObj, noTypes);
    this.makeFuncs.push({ type: t, call: thunks.stub('makefunc', sig, target('callReflect')), method: thunks.stub('methodvalue', sig, target('callMethod')) });
  }

  private makeThunk(thunks: Thunks, sym: string, visible: ReadonlySet<GoType>): boolean {
    const s = this.signatureOf(sym);
    if (s === null || !(visible.has(this.funcTypeOf(s)) || (s.recv !== null && this.descs.reflectMethods))) return false;
    this.frameThunks.push({ sym, thunk: thunks.frameThunk(s) });
    return true;
  }

  /** The type of the function as a func value; of a method, as a method expression. */
  private funcTypeOf(s: GoSignature): GoType {
    return s.recv === null ? s.sig : this.types.funcOf([s.recv, ...s.sig.params], s.sig.results, s.sig.variadic);
  }

  private readonly signatures = new Map<string, GoSignature>();

  /** Notes the Go signature of a generated function. */
  noteSignature(sym: string, s: GoSignature): void { this.signatures.set(sym, s); }

  private signatureOf(sym: string): GoSignature | null {
    const known = this.signatures.get(sym);
    if (known !== undefined) return known;
    const def = this.defs.get(sym);
    if (def === undefined) return null;
    const recv = declared(def.obj).type.recv;
    return { recv: recv === null ? null : this.types.of(recv.type, def.env), sig: this.types.of(def.obj.type, def.env) };
  }

  private exportFunc(name: string, pkg: Package, fn: string): void {
    const obj = pkg.scope.lookup(fn);
    if (obj === null || obj.kind !== ObjKind.Func) return;
    const sym = this.funcSym(obj, noTypes);
    this.program.roots.push(sym);
    // WASI's programs are commands.
    if (this.runtime.pkg.scope.lookup('exportDone') === null) return;
    const t = this.types.of(declared(obj).type, null), thunk = `${sym}·export`;
    this.generate(thunk, [], [], null, (f) => exportThunk(f, t, sym));
    this.markAddressTaken(thunk);
    this.program.roots.push(thunk);
    this.program.exports.push(hostExport(name, thunk, t));
  }

  // ---- types

  unitOf(pkg: Package): Unit { return this.units.get(pkg)!; }
  packageOf(pkg: Package): SourcePackage { return this.units.get(pkg)!; }
  typeOf(t: Type, env: TypeEnv | null): GoType { return this.types.of(t, env); }
  basic(kind: number): GoType { return this.types.basic(kind); }
  pointerTo(t: GoType): GoType { return this.types.pointerTo(t); }
  sliceOf(t: GoType): GoType { return this.types.sliceOf(t); }
  arrayOf(t: GoType, len: number): GoType { return this.types.arrayOf(t, len); }
  structOf(fields: readonly { name: string; type: GoType }[]): GoType { return this.types.plainStruct(fields); }
  typeName(t: GoType): string { return linkString(t); }
  methodOf(t: GoType, name: string, pkg: string): MethodSel | null { return lookupMethod(t, name, pkg); }

  typeSym(t: GoType, boxed: boolean): string {
    return this.noted(() => ['T', writeType(t), boxed ? 1 : 0], () => this.descs.demand(t, boxed ? Level.boxed : Level.ref));
  }

  assertSym(iface: GoType): string { return this.noted(() => ['S', writeType(iface)], () => this.descs.demand(iface, Level.assert)); }

  itabSym(t: GoType, iface: GoType): string { return this.noted(() => ['I', writeType(t), writeType(iface)], () => this.descs.itab(t, iface)); }

  useInterfaceMethod(iface: GoType, index: number): void {
    this.noted(() => ['U', writeType(iface), index], () => {
      const m = iface.imethods[index]!;
      this.descs.useMethod(m);
      if ((m.name === 'Method' || m.name === 'MethodByName') && isReflectLookup(m.sig)) this.noteReflectMethod();
    });
  }

  /** Code that can look methods up by reflection keeps them all; reflect's own forwarding methods don't count. */
  private noteReflectMethod(): void {
    if (/^reflect\.(\(\*(rtype|interfaceType)\)|Value)\.Method(ByName)?$/.test(this.current)) return;
    this.descs.useReflectMethods();
  }

  eqSym(t: GoType): string { return this.noted(() => ['E', writeType(t)], () => eqFunc(this, t)); }
  hashSym(t: GoType): string { return this.noted(() => ['H', writeType(t)], () => hashFunc(this, t)); }

  // ---- functions

  funcSym(obj: FuncObj, targs: readonly GoType[]): string {
    return this.noted(() => ['F', writeFunc(obj.origin), targs.map(writeType)], () => this.demandFunc(obj, targs));
  }

  private demandFunc(obj: FuncObj, targs: readonly GoType[]): string {
    const { origin } = obj;
    if (targs.length !== 0) return this.instance(declared(origin), targs).sym;
    let def = this.plainFuncs.get(origin);
    if (def === undefined) {
      def = this.define(origin);
      this.plainFuncs.set(origin, def);
      if (isReflectMethod(def.sym)) this.noteReflectMethod();
    }
    return def.sym;
  }

  methodSym(m: MethodSel): string { return this.funcSym(m.decl!, m.base.named!.targs); }
  implSym(recv: GoType, m: MethodSel): string { return implSym(this, recv, m); }
  methodExprSym(recv: GoType, name: string, pkg: string): string {
    return this.noted(() => ['X', writeType(recv), name, pkg], () => methodExpr(this, recv, name, pkg));
  }

  private instance(obj: FuncObj, targs: readonly GoType[]): FuncDef {
    const unit = this.units.get(obj.pkg!)!;
    const sym = this.declaredSym(obj, targs);
    let def = this.instances.get(sym);
    if (def === undefined) {
      const sig = obj.type;
      const env = this.types.envOf(null, sig.recv === null ? sig.tparams : sig.rparams, targs);
      const impl = hasIntrinsic(sym) ? Impl.intrinsic : Impl.body;
      def = { sym, impl, obj, unit, targs, env, external: '', suspends: false, target: null };
      this.instances.set(sym, def);
      this.defs.set(sym, def);
      if (impl === Impl.body) this.enqueueBody(def);
    }
    return def;
  }

  /** The symbol of a declaration, without regard to link names. */
  private declaredSym(obj: FuncObj, targs: readonly GoType[]): string {
    const path = symbolPath(obj.pkg!.path);
    const args = targs.length === 0 ? '' : `[${targs.map(linkString).join(',')}]`;
    if (obj.type === null && obj.recvBase !== null) return obj.ptrRecv ? `${path}.(*${obj.recvBase.name}${args}).${obj.name}` : `${path}.${obj.recvBase.name}${args}.${obj.name}`;
    const recv = obj.type === null ? null : obj.type.recv;
    if (recv === null) {
      const init = this.init.initNumbers.get(obj);
      if (init !== undefined) return `${path}.init.${init}`;
      if (path === 'runtime') return `runtime.${panicSymbol(obj.name)}${args}`;
      return `${path}.${obj.name}${args}`;
    }
    const t = unalias(recv.type);
    const isPtr = t.kind === TypeKind.Pointer;
    const named = unalias(isPtr ? t.elem : t);
    const base = named.kind === TypeKind.Named ? named.obj.name : '?';
    return isPtr ? `${path}.(*${base}${args}).${obj.name}` : `${path}.${base}${args}.${obj.name}`;
  }

  private hasBody(obj: FuncObj): boolean { return obj.decl?.fdecl != null && hasBody(obj.decl.fdecl); }

  /** Finds out what a function that is not generic is, and puts it on the work list. */
  private define(obj: FuncObj): FuncDef {
    const own = this.declaredSym(obj, noTypes);
    const linked = obj.decl?.fdecl?.recv == null ? this.links.target(own, this.hasBody(obj)) : undefined;
    const decl = obj.decl?.fdecl ?? null;
    const kernel = decl === null ? null : kernelDirective(decl);
    if (kernel !== null) return this.enter(own, Impl.kernel, obj, kernel.name, kernel.suspends);
    const host = decl === null ? null : importDirective(decl);
    // A body that the overlay pushes stands in for an import that this port's host has in another form.
    if (host !== null && this.links.pushed(own) === undefined) return this.enter(own, Impl.hostImport, obj, `${host.module}.${host.name}`, false);
    const sym = linked ?? own;
    const known = this.defs.get(sym);
    if (known !== undefined) return known;
    if (hasIntrinsic(sym)) return this.enter(sym, Impl.intrinsic, obj, '', false);
    if (this.hasBody(obj)) return this.enter(sym, Impl.body, obj, '', false);
    const other = this.findBody(sym, obj);
    if (other !== null) return this.plainDef(other);
    return this.enter(sym, Impl.missing, obj, '', false);
  }

  private plainDef(obj: FuncObj): FuncDef {
    this.funcSym(obj, noTypes);
    return this.plainFuncs.get(obj)!;
  }

  /** The function whose body defines sym: one that is linked to it, or the one declared under that name. */
  private findBody(sym: string, not: FuncObj): FuncObj | null {
    const push = this.links.pushed(sym);
    if (push !== undefined) {
      const o = push.pkg.scope.lookup(push.name);
      if (o !== null && o.kind === ObjKind.Func && o !== not) return o;
    }
    const at = splitSymbol(sym);
    const unit = at === null ? undefined : this.byPath.get(at.path);
    const o = unit?.pkg.scope.lookup(at!.name) ?? null;
    return o !== null && o.kind === ObjKind.Func && o !== not ? o : null;
  }

  private enter(sym: string, impl: Impl, obj: FuncObj, external: string, suspends: boolean): FuncDef {
    const def: FuncDef = { sym, impl, obj, unit: this.units.get(obj.pkg!)!, targs: noTypes, env: null, external, suspends, target: null };
    this.defs.set(sym, def);
    if (impl === Impl.body) this.enqueueBody(def);
    else if (impl === Impl.hostImport) this.addImport(def);
    else if (impl === Impl.missing) this.missing(def);
    return def;
  }

  private enqueueBody(def: FuncDef): void {
    this.requested.add(def.sym);
    const inst: FuncInst = { obj: def.obj, targs: def.targs, env: def.env, sym: def.sym, unit: def.unit };
    this.work.push(() => {
      this.job(def.sym, homeOf(def.obj.pkg!, def.targs), () => {
        def.unit.checkBody(def.obj);
        if (def.unit.broken()) return;
        const f = buildFunc(this, inst);
        f.noinline ||= def.obj.decl!.fdecl!.pragmas.some((p) => p.name === 'go:noinline');
        this.enterFunc(f, null);
      });
    });
  }

  /** A function without body that nothing implements: an error of the linker, unless it is never called in earnest. */
  private missing(def: FuncDef): void {
    this.error(0, 'link.undefined', `${this.current}: relocation target ${def.sym} not defined`);
  }

  private error(pos: Pos, code: string, message: string): void {
    this.failed = true;
    this.input.sink.report(errorAt(code, pos, message));
  }

  /** Whether an error was reported. */
  get hasFailed(): boolean { return this.failed; }

  generate(sym: string, params: readonly IRType[], results: readonly IRType[], about: readonly GoType[] | null, make: (f: FuncBuilder) => void): void {
    // A job that asks for generated code itself could not be done again from its notes.
    if (this.notes !== null) this.notes.spoilt = true;
    if (this.requested.has(sym)) return;
    this.requested.add(sym);
    this.targets.set(sym, { op: Op.call, aux: { sym, params, results, suspends: true, noreturn: false }, kernelResults: false });
    this.work.push(() => {
      this.job(sym, about === null ? null : homeOf(this.runtime.pkg, about), () => {
        const f = new FuncBuilder(this, sym, [...params], [...results], { unit: this.runtime, env: null, parent: null, sig: null, funcType: null });
        make(f);
        this.addFunc(f);
      });
    });
  }

  /** Call targets of generated functions. */
  private readonly targets = new Map<string, CallTarget>();

  keepOrder(p: SourcePackage, plan: InitOrder): void { this.input.jobs?.keepOrder(p.pkg, plan); }

  later(sym: string, unit: SourcePackage, make: () => IRFunc): void {
    this.work.push(() => this.job(sym, new Set([unit.pkg]), () => this.enterFunc(make(), null)));
  }

  addFunc(f: FuncBuilder): void {
    this.enterFunc(f.finish(), f.sig);
    if (f.sig !== null && !this.signatures.has(f.name)) this.signatures.set(f.name, { recv: null, sig: f.sig });
  }

  callTarget(sym: string): CallTarget {
    const generated = this.targets.get(sym);
    if (generated !== undefined) return generated;
    const def = this.defs.get(sym)!;
    return (def.target ??= this.makeTarget(def));
  }

  private makeTarget(def: FuncDef): CallTarget {
    const recv = declared(def.obj).type.recv;
    const flat = flatSignature(this.types.of(def.obj.type, def.env), recv === null ? null : this.types.of(recv.type, def.env));
    const direct = def.impl === Impl.kernel || (def.impl === Impl.hostImport && this.isDirectImport(def, flatGo(this, def)));
    if (!direct) {
      const aux: CallAux = { sym: def.sym, params: flat.params, results: flat.results, suspends: true, noreturn: noReturn.test(def.sym) };
      return { op: Op.call, aux, kernelResults: false };
    }
    const kernelResults = def.suspends;
    return { op: Op.callk, aux: { sym: def.external, params: flat.params, results: kernelResults ? [] : flat.results, suspends: def.suspends, noreturn: false }, kernelResults };
  }

  /** Is a call of the import just that? Else a function of its own converts values, or goes to M0 for the call. */
  private isDirectImport(def: FuncDef, go: GoSig): boolean { return isPlainImport(go) && placeOfImport(def.external) === 'any'; }

  /** Enters a host import. */
  private addImport(def: FuncDef): void {
    const go = flatGo(this, def);
    const wasm = (list: readonly GoType[]): IRType[] => list.flatMap((t) => (t.kind === GoKind.String ? [IR.i32, IR.i32] : t.kind === GoKind.Uintptr ? [IR.i32] : [...t.values]));
    const params = wasm(go.params);
    const results = wasm(go.results);
    this.program.imports.set(def.external, { ...importDirective(def.obj.decl!.fdecl!)!, params, results });
    if (!this.isDirectImport(def, go)) this.generateImportCall(def, go, params, results);
  }

  private generateImportCall(def: FuncDef, go: { params: readonly GoType[]; results: readonly GoType[] }, params: IRType[], results: IRType[]): void {
    this.requested.delete(def.sym);
    if (isEmbedders(def.external)) {
      const thunk = `${def.sym}·import`;
      this.generate(thunk, [], [], null, (f) => importThunk(f, go, def.external, params, results));
      this.markAddressTaken(thunk);
      this.generate(def.sym, go.params.flatMap((t) => [...t.values]), go.results.flatMap((t) => [...t.values]), null, (f) => importCaller(f, go, thunk));
      return;
    }
    this.generate(def.sym, go.params.flatMap((t) => [...t.values]), go.results.flatMap((t) => [...t.values]), null, (f) => {
      const args: Value[] = [];
      let i = 0;
      for (const t of go.params) {
        for (const v of t.values) {
          const a = f.param(i++);
          args.push(v === IR.i64 && (t.kind === GoKind.String || t.kind === GoKind.Uintptr) ? f.emit(Op.wrap_i64, [a]) : v === IR.ptr && t.kind === GoKind.String ? f.emit(Op.ptr_i32, [a]) : a);
        }
      }
      const place = placeOfImport(def.external), isAway = place !== 'any';
      if (isAway) f.call(Op.callk, { sym: place === 'files' ? 'onfiles' : 'onm0', params: [], results: [], suspends: true }, []);
      const out = f.call(Op.callk, { sym: def.external, params, results, suspends: false }, args);
      if (isAway) f.call(Op.callk, { sym: 'offm0', params: [], results: [], suspends: false }, []);
      f.ret(out.map((v, k) => (go.results[k]!.kind === GoKind.Uintptr ? f.emit(Op.extend_u, [v]) : v)));
    });
  }

  funcValueSym(sym: string): string {
    const name = `${sym}·f`;
    return this.noted(() => ['V', sym], () => {
      if (!this.program.data.has(name)) {
        this.markAddressTaken(sym);
        const w = new DataWriter(8);
        w.code(0, sym);
        this.addData(w.symbol(name));
      }
      return name;
    });
  }

  markAddressTaken(sym: string): void { this.noted(() => ['A', sym], () => this.takeAddress(sym)); }

  private takeAddress(sym: string): void {
    if (this.addressTaken.has(sym)) return;
    this.addressTaken.add(sym);
    const def = this.defs.get(sym);
    if (def !== undefined && (def.impl !== Impl.body)) this.generateForwarder(def);
  }

  /** A function with a body for one that has none, since its address is taken. */
  private generateForwarder(def: FuncDef): void {
    if (this.requested.has(def.sym)) return;
    const flat = flatSignature(this.types.of(declared(def.obj).type, def.env), null);
    this.requested.add(def.sym);
    this.work.push(() => {
      const f = new FuncBuilder(this, def.sym, [...flat.params], [...flat.results], { unit: this.runtime, env: null, parent: null, sig: null, funcType: null });
      const args = flat.params.map((_, i) => f.param(i));
      f.ret(this.callExternal(f, def, args, flat.results));
      this.addFunc(f);
    });
  }

  private callExternal(f: FuncBuilder, def: FuncDef, args: Value[], results: readonly IRType[]): Value[] {
    if (def.impl === Impl.intrinsic) return [...expandIntrinsic(this, f, def.sym, args, def.targs)!];
    const t = this.callTarget(def.sym);
    const out = f.call(t.op, t.aux, args);
    if (!t.kernelResults) return out;
    const g = f.emit(Op.g, []);
    return results.map((type, i) => f.emit(type === IR.i64 ? Op.load_i64 : type === IR.f64 ? Op.load_f64 : type === IR.ptr ? Op.load_ptr : Op.load_i32, [g], 8 * i));
  }

  runtimeSym(name: string): string { return this.noted(() => ['Y', name], () => this.demandRuntime(name)); }

  private demandRuntime(name: string): string {
    const obj = this.runtime.pkg.scope.lookup(name);
    if (obj === null || obj.kind !== ObjKind.Func) throw new Error(`package runtime has no function ${name}`);
    return this.funcSym(obj, noTypes);
  }

  /** Symbol of a package variable of package runtime. */
  runtimeVar(name: string): string {
    return this.noted(() => ['Z', name], () => {
      const obj = this.runtime.pkg.scope.lookup(name);
      if (obj === null || obj.kind !== ObjKind.Var) throw new Error(`package runtime has no variable ${name}`);
      return this.globalSym(obj);
    });
  }

  runtimeCall(name: string): CallAux { return this.noted(() => ['R', name], () => this.entryPoint(name)); }

  private entryPoint(name: string): CallAux {
    let aux = this.runtimeCalls.get(name);
    if (aux === undefined) {
      const t = this.callTarget(this.runtimeFuncSym(name));
      aux = t.aux;
      this.runtimeCalls.set(name, aux);
    }
    return aux;
  }

  /** Entry points by gc's name; those that std packages push are found by their link name. */
  private runtimeFuncSym(name: string): string {
    const obj = this.runtime.pkg.scope.lookup(name);
    if (obj !== null && obj.kind === ObjKind.Func) return this.funcSym(obj, noTypes);
    const push = this.links.pushed(`runtime.${name}`);
    const other = push?.pkg.scope.lookup(push.name) ?? null;
    if (other === null || other.kind !== ObjKind.Func) throw new Error(`package runtime has no function ${name}`);
    return this.funcSym(other, noTypes);
  }

  intrinsic(f: FuncBuilder, sym: string, args: readonly Value[], targs: readonly GoType[]): readonly Value[] | null {
    return expandIntrinsic(this, f, sym, args, targs);
  }

  // ---- data

  addData(d: DataSymbol): void { this.noted(() => ['d', writeDatum(d)], () => this.program.data.set(d.name, d)); }
  hasData(name: string): boolean { return this.program.data.has(name); }

  stringSym(bytes: string): string { return this.noted(() => ['s', bytes], () => this.demandString(bytes)); }

  // Names of shared data come from the contents, so that they are the same in every program.
  private demandString(bytes: string): string {
    let sym = this.strings.get(bytes);
    if (sym === undefined) {
      sym = `go:string."${bytes.length > 80 ? `${bytes.slice(0, 64)}…${digest(bytes)}` : bytes}"`;
      this.strings.set(bytes, sym);
      const data = new Uint8Array(bytes.length);
      for (let i = 0; i < bytes.length; i++) data[i] = bytes.charCodeAt(i);
      this.addData({ name: sym, bytes: data, size: bytes.length, align: 1, relocs: noRelocs, ptrmask: noMask, readonly: true, typelink: '' });
    }
    return sym;
  }

  readonlySym(bytes: Uint8Array, align: number): string {
    const text = bytesText(bytes);
    return this.noted(() => ['r', text, align], () => this.demandReadonly(bytes, text, align));
  }

  private demandReadonly(bytes: Uint8Array, text: string, align: number): string {
    const key = `${align}:${text}`;
    let sym = this.blobs.get(key);
    if (sym === undefined) {
      sym = `goloom.ro.${text.length > 32 ? digest(key) : `${align}:${Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')}`}`;
      this.blobs.set(key, sym);
      this.addData({ name: sym, bytes, size: bytes.length, align, relocs: noRelocs, ptrmask: noMask, readonly: true, typelink: '' });
    }
    return sym;
  }

  defineVar(name: string, size: number, align: number, ptrmask: readonly number[]): string {
    return this.noted(() => ['v', name, size, align, ptrmask], () => {
      if (!this.program.data.has(name)) this.addData({ name, bytes: null, size, align, relocs: noRelocs, ptrmask, readonly: false, typelink: '' });
      return name;
    });
  }

  staticValue(e: Expr, t: GoType, unit: Unit, env: TypeEnv | null): string | null {
    const w = staticData(this, e, t, this.packageOf(unit.pkg), env, false);
    if (w === null) return null;
    const sym = this.staticName();
    this.addData(w.symbol(sym, { align: Math.max(1, t.align) }));
    return sym;
  }

  private staticName(): string { return `${this.owner}..stmp_${this.statics++}`; }

  anonymous(w: DataWriter, t: GoType, readonly: boolean): string {
    const sym = this.staticName();
    this.addData(w.symbol(sym, { align: Math.max(1, t.align), ptrmask: readonly ? noMask : t.ptrmask, readonly }));
    return sym;
  }

  packageClosure(_unit: SourcePackage, _e: FuncLit): string | null { return null; }

  // ---- variables

  private collectVarPushes(): void {
    for (const p of this.input.packages) {
      const path = symbolPath(p.pkg.path);
      for (const f of p.files) {
        for (const g of f.pragmas) {
          if (g.name !== 'go:linkname') continue;
          const [local, target] = g.args.split(/\s+/);
          if (local === undefined || target === undefined || target === `${path}.${local}`) continue;
          const o = p.pkg.scope.lookup(local);
          if (o === null || o.kind !== ObjKind.Var) continue;
          const list = this.varPushes.get(target);
          if (list === undefined) this.varPushes.set(target, [o]);
          else list.push(o);
        }
      }
    }
  }

  globalSym(v: Var): string { return this.noted(() => ['G', writeVar(v)], () => this.demandGlobal(v)); }

  private demandGlobal(v: Var): string {
    let sym = this.globals.get(v);
    if (sym !== undefined) return sym;
    const own = `${symbolPath(v.pkg!.path)}.${v.name}`;
    sym = v.name === '_' ? `${own}·${v.pos}` : (this.links.target(own, true) ?? own);
    this.globals.set(v, sym);
    const owner = this.ownerOf(sym, v);
    this.globals.set(owner, sym);
    if (!this.program.data.has(sym)) this.defineGlobal(owner, sym);
    return sym;
  }

  /** Of all variables that share a symbol, the one whose declaration initialises it. */
  private ownerOf(sym: string, v: Var): Var {
    const all = [v];
    const at = splitSymbol(sym);
    const o = at === null ? null : (this.byPath.get(at.path)?.pkg.scope.lookup(at.name) ?? null);
    if (o !== null && o.kind === ObjKind.Var) all.push(o);
    all.push(...(this.varPushes.get(sym) ?? []));
    return all.find((x) => this.init.hasInitializer(x)) ?? (o !== null && o.kind === ObjKind.Var ? o : v);
  }

  private defineGlobal(v: Var, sym: string): void {
    if (sym === 'runtime.staticuint64s') {
      const w = new DataWriter(2048);
      for (let i = 0; i < 256; i++) w.u64(8 * i, i);
      this.addData(w.symbol(sym));
      return;
    }
    const t = this.varType(v, sym);
    // Entered first: initialisers may refer to their own variable.
    this.addData({ name: sym, bytes: null, size: t.size, align: Math.max(1, t.align), relocs: noRelocs, ptrmask: t.ptrmask, readonly: false, typelink: '' });
    const text = this.input.stringVars?.get(sym);
    if (text !== undefined && t.kind === GoKind.String) {
      this.varRecords.delete(sym); // its own initialiser was not looked at
      const w = new DataWriter(16);
      if (text !== '') w.addr(0, this.stringSym(text));
      w.u64(8, text.length);
      this.addData(w.symbol(sym, { readonly: false }));
      return;
    }
    this.init.demand(v);
  }

  /** What is known of variables from earlier builds, and found out in this one; null: not to be kept. */
  private readonly storedVars = new Map<string, StoredJob | null>();
  private readonly varRecords = new Map<string, VarRecord>();

  private storedVar(v: Var, sym: string): StoredJob | null {
    let stored = this.storedVars.get(sym);
    if (stored === undefined) this.storedVars.set(sym, (stored = this.input.jobs?.find(`var ${sym}`, new Set([v.pkg!])) ?? null));
    return stored;
  }

  private varType(v: Var, sym: string): GoType {
    const stored = this.storedVar(v, sym);
    if (stored !== null) {
      try {
        return this.refs.type(stored.variable!.type);
      } catch (e) {
        if (!(e instanceof NoReference)) throw e;
      }
    }
    const t = this.types.of(declared(v).type, null);
    try {
      if (this.input.jobs !== undefined) this.varRecords.set(sym, { pkg: v.pkg!, type: writeType(t), isStatic: false, notes: [] });
    } catch (e) {
      if (!(e instanceof NoReference)) throw e;
    }
    return t;
  }

  initStatically(v: Var, sym: string, make: () => boolean): boolean {
    const stored = this.storedVar(v, sym);
    const steps = stored === null ? null : this.stepsOf(stored);
    if (steps !== null) {
      for (const step of steps) step();
      return stored!.variable!.isStatic;
    }
    const record = this.varRecords.get(sym);
    if (record === undefined) return make();
    const outer = this.notes;
    const notes = (this.notes = new JobNotes());
    record.isStatic = make();
    this.notes = outer;
    record.notes = notes.notes;
    if (notes.spoilt) this.varRecords.delete(sym);
    return record.isStatic;
  }

  private keepVars(): void {
    for (const [sym, { pkg, type, isStatic, notes }] of this.varRecords) {
      this.input.jobs!.keep(`var ${sym}`, new Set([pkg]), { notes, funcs: [], variable: { type, isStatic } });
    }
  }

  // ---- positions

  position(pos: Pos, func: string): number {
    if (pos === 0) return 0;
    const p = this.fset.position(pos);
    if (p === null) return 0;
    let file = this.fileIndex.get(p.filename);
    if (file === undefined) {
      file = this.program.files.length;
      this.program.files.push(p.filename === '' ? '??' : this.input.fileName(p.filename)); // gc's name for a //line directive without one
      this.fileIndex.set(p.filename, file);
    }
    this.program.positions.push({ file, line: p.line, column: p.column, func, inlinedAt: 0 });
    return this.program.positions.length - 1;
  }
}

const noPosition: Position = { file: 0, line: 0, column: 0, func: '', inlinedAt: 0 };
const noTypes: readonly GoType[] = [];
const noRelocs: DataSymbol['relocs'] = [];
const noMask: readonly number[] = [];

interface GoSig { readonly params: readonly GoType[]; readonly results: readonly GoType[] }

function flatGo(r: ProgramBuilder, def: FuncDef): GoSig {
  const t = r.types.of(declared(def.obj).type, null);
  return { params: t.params, results: t.results };
}

function isPlainImport(go: GoSig): boolean {
  const plain = (t: GoType): boolean => t.kind !== GoKind.String && t.kind !== GoKind.Uintptr;
  return go.params.every(plain) && go.results.every(plain);
}

function addressTable(syms: readonly string[]): DataWriter {
  const w = new DataWriter(8 * syms.length);
  syms.forEach((s, i) => w.addr(8 * i, s));
  return w;
}

/** func(int) reflect.Method, func(string) (reflect.Method, bool). */
function isReflectLookup(sig: GoType): boolean {
  if (sig.params.length !== 1 || sig.results.length === 0) return false;
  const p = sig.params[0]!.kind;
  return (p === GoKind.Int || p === GoKind.String) && linkString(sig.results[0]!) === 'reflect.Method';
}

function isReflectMethod(sym: string): boolean { return sym === 'reflect.Value.Method' || sym === 'reflect.Value.MethodByName'; }

/** Builds a program. The caller looks at the sink before it uses it. */
export function buildProgram(input: ProgramInput): Program { return new ProgramBuilder(input).build(); }
