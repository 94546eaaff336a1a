// The driver: strings the stages together, from a loaded program to its wasm or its diagnostics.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bottomUp, callees } from '../analysis/callgraph.ts';
import { markSuspending } from '../analysis/suspend.ts';
import { DiagnosticList, errorAt } from '../base/diagnostic.ts';
import { ProgramBuilder } from '../build/program.ts';
import { valType } from '../codegen/code.ts';
import type { CodegenContext } from '../codegen/code.ts';
import { compileOnDemand } from '../codegen/codegen.ts';
import type { ObjectProgram } from '../abi/object.ts';
import type { Func } from '../ir/func.ts';
import { printFunc } from '../ir/print.ts';
import type { Position, Program } from '../ir/program.ts';
import { link } from '../link/link.ts';
import type { LoadedPackage, LoadedProgram } from '../load/program.ts';
import { runPasses } from '../passes/list.ts';
import type { FileSet } from '../source/fileset.ts';
import { ObjKind } from '../types/model.ts';
import { runFront, type Front, type PackageErrors } from './front.ts';
import { Homes, ObjectStore, StaleObject } from './objects.ts';
import { trimmedPath } from './trimpath.ts';
import { debugOptions, type CompileOptions, type Debug } from './options.ts';

/** What a compilation came to. */
export interface CompileResult {
  readonly fset: FileSet;
  /** By package, in the order in which they were compiled. */
  readonly errors: readonly PackageErrors[];
  /** Undefined if there are errors or the program's root is no main package. */
  readonly wasm: Uint8Array<ArrayBuffer> | undefined;
}

/** Compiles a program. User mistakes are in the result; only faults of goloom throw. */
export async function compileProgram(program: LoadedProgram, options: CompileOptions): Promise<CompileResult> {
  return compileSync(program, options);
}

/** The same, for callers that can't wait. */
export function compileSync(program: LoadedProgram, options: CompileOptions): CompileResult {
  const debug = debugOptions(options.gcflags);
  const clock = new Clock(debug.time);
  // Who looks at what the compiler does wants to see it done.
  const homes = options.objects === undefined || debug.dump !== '' || debug.ir !== '' || debug.check ? undefined : new Homes(options.objects, program);
  const front = runFront(program, { session: options.session, complete: options.complete ?? true, trace: (text) => options.trace?.({ kind: 'package', text }), orderOf: homes === undefined ? undefined : (p) => homes.orderOf(p) });
  clock.lap('parse, check');
  const root = program.roots[0];
  if (front.errors.length > 0 || root === undefined || root.name !== 'main' || program.roots.length > 1) {
    return { fset: front.fset, errors: front.errors, wasm: undefined };
  }
  const noMain = missingMain(root, front);
  if (noMain !== null) return { fset: front.fset, errors: [noMain], wasm: undefined };
  if (homes === undefined) return back(program, front, options, debug, clock, undefined);
  const avoid = new Set<string>();
  while (avoid.size < maxStale) {
    try {
      return back(program, front, options, debug, clock, new ObjectStore(homes, front.packages, avoid));
    } catch (e) {
      if (!(e instanceof StaleObject)) throw e;
      avoid.add(e.message);
    }
  }
  return back(program, front, options, debug, clock, undefined);
}

/** So many kept functions may turn out not to fit before a build is done without any. */
const maxStale = 3;

/** From checked packages to the wasm. */
function back(program: LoadedProgram, front: Front, options: CompileOptions, debug: Debug, clock: Clock, store: ObjectStore | undefined): CompileResult {
  const ir = buildIR(program, front, { ldflags: options.ldflags, trimpath: options.trimpath, store });
  clock.lap('build');
  if (ir.errors.length > 0 || ir.program === undefined) return { fset: front.fset, errors: ir.errors, wasm: undefined };
  const wasm = finish(ir.program, options, debug, clock, store);
  return { fset: front.fset, errors: [], wasm };
}

/** The linker's complaint about a main package without a function main. */
function missingMain(root: LoadedPackage, front: Front): PackageErrors | null {
  const main = front.packages.find((p) => p.loaded === root)!.pkg.scope.lookup('main');
  if (main !== null && main.kind === ObjKind.Func) return null;
  return { loaded: root, diagnostics: [errorAt('link.main', 0, 'runtime.main_main·f: function main is undeclared in the main package')] };
}

/** What of the options the builder heeds. */
export interface BuildOptions { readonly ldflags?: readonly string[]; readonly trimpath?: boolean; readonly store?: ObjectStore | undefined }

/** Builds the IR of the whole program. */
export function buildIR(loaded: LoadedProgram, front: Front, options: BuildOptions = {}): { program: Program | undefined; errors: PackageErrors[] } {
  const { ldflags = [], trimpath = false, store } = options;
  const root = loaded.roots[0]!;
  const names = new Map<string, string>();
  for (const p of loaded.packages) for (const f of p.files) names.set(f.displayName, trimpath ? trimmedPath(p, f) : f.path);
  const sink = new DiagnosticList();
  const main = front.packages.find((p) => p.loaded === root)!;
  const version = stringVariables(loaded, ldflags, trimpath);
  const builder = new ProgramBuilder({ packages: front.packages, main, fset: front.fset, fileName: (n) => names.get(n) ?? n, sink, stringVars: version, jobs: store });
  store?.attach(builder.program, (f) => builder.rebuild(f));
  const program = builder.build();
  const errors: PackageErrors[] = [];
  for (const p of front.packages) if (p.broken()) errors.push({ loaded: p.loaded, diagnostics: p.sink.items });
  if (sink.items.length > 0) errors.push({ loaded: root, diagnostics: sink.items });
  return { program: errors.length > 0 ? undefined : program, errors };
}

/** Variables that gc's linker sets. */
function stringVariables(loaded: LoadedProgram, ldflags: readonly string[], trimpath: boolean): Map<string, string> {
  const goroot = trimpath ? '' : loaded.goroot;
  const out = new Map([['runtime.buildVersion', loaded.goVersion], ['runtime.godebugDefault', loaded.godebug], ['runtime.defaultGOROOT', goroot], ['internal/buildcfg.DefaultGOROOT', goroot]]);
  // -X path.name=value, as one word or two.
  ldflags.forEach((flag, i) => {
    const m = /^--?X(?:[= ](.*))?$/s.exec(flag);
    const text = m === null ? undefined : (m[1] ?? ldflags[i + 1]);
    const eq = text === undefined ? -1 : text.indexOf('=');
    if (eq > 0) out.set(text!.slice(0, eq).trim(), utf8Bytes(text!.slice(eq + 1)));
  });
  return out;
}

/** A text as the constant package keeps strings: one char for each byte. */
function utf8Bytes(text: string): string {
  return Array.from(new TextEncoder().encode(text), (b) => String.fromCharCode(b)).join('');
}

/** Everything after the builder. */
function finish(program: Program, options: CompileOptions, debug: Debug, clock: Clock, store: ObjectStore | undefined): Uint8Array<ArrayBuffer> {
  if (debug.ir !== '') print(program, debug.ir, 'built');
  let components: Func[][];
  if (debug.passes) {
    const trace = debug.dump === '' ? undefined : (f: Func, pass: string): void => { if (f.name === debug.dump) console.error(`; ${pass}\n${printFunc(f)}`); };
    components = runPasses(program, { check: debug.check, off: debug.off, trace, earlier: store });
  } else components = markSuspending(program);
  clock.lap('passes');
  const ctx = codegenContext(program, components);
  const code = store?.code(program, ctx);
  const base = readFileSync(join(options.root, 'dist/base.wasm'));
  const modes = { single: options.single ?? false, wasi: options.wasi ?? false, names: true };
  const result = link(new Uint8Array(base), code?.source ?? compileOnDemand(program.funcs, ctx), objectProgram(program), modes);
  clock.lap('codegen, link');
  store?.commit(ctx, code!.done);
  clock.lap('store');
  if (debug.stats) console.error(`functions ${program.funcs.size}, in wasm ${result.funcs}, sites ${result.sites}, ${JSON.stringify(result.sizes)}, wasm ${result.wasm.length}`);
  return result.wasm as Uint8Array<ArrayBuffer>;
}

/** Prints the IR of a function, or a list of all names for "?". */
export function print(program: Program, name: string, title: string): void {
  if (name === '?') { console.error([...program.funcs.keys()].join('\n')); return; }
  const f = program.funcs.get(name);
  console.error(f === undefined ? `; no function ${name}` : `; ${title}\n${printFunc(f)}`);
}

/** What the code generator asks of the rest of the program. */
export function codegenContext(program: Program, components: Func[][] = bottomUp(program)): CodegenContext {
  const limited = new Set<string>();
  for (const component of components) {
    const cyclic = component.length > 1 || callees(program, component[0]!).includes(component[0]!);
    for (const f of component) if (cyclic || f.closure || f.addressTaken) limited.add(f.name);
  }
  const lines = new FirstOfLines(program);
  return {
    callee: (name) => program.funcs.get(name), needsLimitCheck: (name) => limited.has(name),
    linePos: (pos) => lines.of(pos), hints: true,
  };
}

/** Maps each position to the first one of the same line, function and inlining. More may be added meanwhile. */
class FirstOfLines {
  private readonly program: Program;
  private readonly first: number[] = [];
  private readonly byFunc = new Map<string, Map<number, number>>();

  constructor(program: Program) { this.program = program; }

  of(pos: number): number {
    const { positions } = this.program;
    for (let i = this.first.length; i < positions.length; i++) this.first.push(this.firstLike(positions[i]!, i));
    return this.first[pos] ?? pos;
  }

  private firstLike(p: Position, i: number): number {
    let lines = this.byFunc.get(p.func);
    if (lines === undefined) this.byFunc.set(p.func, (lines = new Map()));
    const key = (p.inlinedAt * 0x1000 + (p.file & 0xfff)) * 0x100000 + (p.line & 0xfffff);
    const known = lines.get(key);
    if (known === undefined) lines.set(key, i);
    return known ?? i;
  }
}

/** The program as the linker takes it. */
export function objectProgram(p: Program): ObjectProgram {
  const imports = new Map([...p.imports].map(([key, i]) => [key, {
    module: i.module, name: i.name, params: i.params.map((t) => valType(t as never)), results: i.results.map((t) => valType(t as never)),
  }]));
  return { data: p.data, files: p.files, positions: p.positions, imports, exports: p.exports, entry: p.entry, roots: p.roots };
}

/** Times of the stages, for -d=time: on the clock, and of this thread's processor. */
class Clock {
  private readonly on: boolean;
  private last = performance.now();
  private cpu = cpuTime();
  constructor(on: boolean) { this.on = on; }
  lap(stage: string): void {
    if (!this.on) return;
    const now = performance.now();
    const cpu = cpuTime();
    console.error(`${stage.padEnd(14)} ${(now - this.last).toFixed(0).padStart(6)} ms  cpu ${(cpu - this.cpu).toFixed(0).padStart(6)} ms`);
    this.last = now;
    this.cpu = cpu;
  }
}

function cpuTime(): number {
  const p = process as unknown as { threadCpuUsage?: () => { user: number; system: number } };
  const u = p.threadCpuUsage?.() ?? process.cpuUsage();
  return (u.user + u.system) / 1000;
}
