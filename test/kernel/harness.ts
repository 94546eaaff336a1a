// Runs base.wasm without a compiler: small "Go functions" written as steps of WebAssembly text are turned into
// functions that keep the contract (status, frames, sites, resume), with the static tables that a linker would make.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import wabtInit from 'wabt';
import { Frame, G } from '../../src/abi/layout.ts';
import { BITMAP_INDIRECT, FuncRecord, ProgramInfo, Site, TABLES_VERSION } from '../../src/abi/tables.ts';
import { WASI_MODULE } from '../../src/abi/hostcalls.ts';
import { codegenFuncs, hostEntries, kernelFuncs } from '../../src/abi/kernel.ts';
import { TypeField } from '../../src/abi/heap.ts';

type WatType = 'i32' | 'i64' | 'f64';

/** A step of a function: plain code, or a call that may suspend (then control goes on at the next step). */
export type Step = string | { readonly label: string } | Call;
interface Call {
  readonly call: string;
  readonly args: string;
  readonly into?: string;
  readonly kernel: boolean;
  readonly kind?: number;
}

export interface GoFunc {
  readonly name: string;
  readonly params?: readonly [string, WatType | 'ptr'][];
  readonly results?: readonly WatType[];
  /** Locals: pointers (i32, traced), i32 and i64 values. */
  readonly ptrs?: readonly string[];
  readonly i32s?: readonly string[];
  readonly i64s?: readonly string[];
  /** Stack objects: bytes, and bitmap word of pointers. `$bp` is their base. */
  readonly objects?: readonly [size: number, bitmap: number];
  /** Bytes that the function adds to `depth`; 0: it does not look at the depth. */
  readonly own?: number;
  readonly steps: readonly Step[];
  /** Label of the deferreturn block. */
  readonly deferReturn?: string;
}

export const kcall = (call: string, args = ''): Call => ({ call, args, kernel: true });
export const gocall = (call: string, args = '', into?: string): Call => ({ call, args, into, kernel: false });
export const label = (name: string): Step => ({ label: name });
/** Jump to a label. */
export const goto = (name: string): string => `(local.set $pc (i32.const @${name}@)) (br $dispatch)`;
export const kres = (i = 0): string => `(i64.load offset=${G.KRES + 8 * i} (global.get $g))`;

const ptrSlot = 4,
  valueSlot = 8;
const DATA = 4096;

export interface TypeSpec {
  readonly name: string;
  readonly size: number;
  readonly ptrs: readonly number[];
}

interface Layout {
  func: GoFunc;
  id: number;
  firstSite: number;
  sites: { step: number; kind: number }[];
  slots: [string, WatType, number][];
  frameSize: number;
  nptr: number;
  code: number;
}

/** A program under test. */
export interface Program {
  readonly memory: WebAssembly.Memory;
  readonly exports: Record<string, CallableFunction>;
  readonly output: string[];
  readonly exitCode: number | undefined;
  readonly type: (name: string) => number;
  readonly fn: (name: string) => number;
  readonly u32: (a: number) => number;
  /** Runs until exit or until the kernel returns to the host. */
  run(): bigint | undefined;
}

class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super('exit');
    this.code = code;
  }
}

const wabt = await wabtInit();
const base = new WebAssembly.Module(readFileSync(fileURLToPath(new URL('../../dist/base.wasm', import.meta.url))));
/** The kernel's imports of WASI, which only programs for other engines call. */
const noWasi = Object.fromEntries(WebAssembly.Module.imports(base).filter((i) => i.module === WASI_MODULE).map((i) => [i.name, () => { throw new Error(i.name); }]));

function wt(t: WatType | 'ptr'): WatType {
  return t === 'ptr' ? 'i32' : t;
}

function layOut(funcs: readonly GoFunc[]): Layout[] {
  let site = 1;
  return funcs.map((given, i) => {
    // A call in the last place needs a step to go on at.
    const func = { ...given, steps: [...given.steps, ''] };
    const sites: { step: number; kind: number }[] = [];
    if (func.own) sites.push({ step: 0, kind: 2 });
    func.steps.forEach((s, step) => {
      if (typeof s === 'object' && 'call' in s) sites.push({ step: step + 1, kind: s.kind ?? 0 });
    });
    if (func.deferReturn) sites.push({ step: stepOf(func, func.deferReturn), kind: 3 });
    const params = func.params ?? [];
    const ptrs = [...params.filter((p) => p[1] === 'ptr').map((p) => p[0]), ...(func.ptrs ?? [])];
    const words: [string, WatType][] = [
      ...params.filter((p) => p[1] === 'i32').map((p): [string, WatType] => [p[0], 'i32']),
      ...(func.i32s ?? []).map((n): [string, WatType] => [n, 'i32']),
    ];
    const wide: [string, WatType][] = [
      ...params.filter((p) => p[1] === 'i64').map((p): [string, WatType] => [p[0], 'i64']),
      ...(func.i64s ?? []).map((n): [string, WatType] => [n, 'i64']),
    ];
    let off: number = Frame.SLOTS;
    const slots: [string, WatType, number][] = [];
    for (const p of ptrs) {
      slots.push([p, 'i32', off]);
      off += ptrSlot;
    }
    for (const [n, t] of words) {
      slots.push([n, t, off]);
      off += ptrSlot;
    }
    off = (off + 7) & ~7;
    for (const [n, t] of wide) {
      slots.push([n, t, off]);
      off += valueSlot;
    }
    const firstSite = site;
    site += sites.length;
    return { func, id: i + 1, firstSite, sites, slots, frameSize: off, nptr: ptrs.length, code: i + 1 };
  });
}

function stepOf(f: GoFunc, name: string): number {
  const i = f.steps.findIndex((s) => typeof s === 'object' && 'label' in s && s.label === name);
  if (i < 0) throw new Error(`no label ${name} in ${f.name}`);
  return i;
}

/** The function's text, as code generation would lay it out, with one dispatch loop. */
function emit(l: Layout): string {
  const f = l.func,
    params = f.params ?? [],
    results = f.results ?? [];
  const zero = results.map((t) => `(${t}.const 0)`).join(' ');
  const save = (k: number): string => `
    (local.set $fp (call $save_frame (i32.const ${l.frameSize})))
    (i32.store (local.get $fp) (i32.const ${l.firstSite + k}))
    (i32.store offset=${Frame.BP} (local.get $fp) (local.get $bp))
    ${l.slots.map(([n, t, off]) => `(${t}.store offset=${off} (local.get $fp) (local.get $${n}))`).join('\n    ')}
    ${leave(f)}
    (return ${zero} (i32.const 1))`;
  let site = f.own ? 1 : 0;
  const body = f.steps.map((s) => {
    if (typeof s === 'string') return s.replace(/@(\w+)@/g, (_, n) => String(stepOf(f, n))).replace(/\$RETURN/g, leave(f));
    if ('label' in s) return '';
    const k = site++;
    const call = s.kernel ? `(call $${s.call} ${s.args})` : `(call $${s.call} ${s.args} (local.get $d))`;
    const take = s.into ? `(local.set $st) (local.set $${s.into})` : '(local.set $st)';
    return `${call} ${take} (if (local.get $st) (then ${save(k)}))`;
  });
  const resume = l.sites.map((s, k) => {
    const step = f.steps[s.step - 1];
    const into = s.kind !== 3 && step !== undefined && typeof step === 'object' && 'call' in step ? step.into : undefined;
    const load = into ? `(local.set $${into} (${typeOfLocal(f, into)}.load (global.get $result_area)))` : '';
    return `(if (i32.eq (local.get $site) (i32.const ${l.firstSite + k})) (then (local.set $pc (i32.const ${s.step})) ${load}))`;
  });
  const blocks = f.steps.map((_, i) => `(block $s${f.steps.length - 1 - i} `).join('');
  const cases = f.steps
    .map((_, i) => `${i === 0 ? `(br_table ${f.steps.map((_, j) => `$s${j}`).join(' ')} (local.get $pc))` : ''}) ${body[i]}`)
    .join('\n');
  const size = f.objects?.[0] ?? 0;
  return `(func $${f.name} (export "${f.name}") ${params.map(([n, t]) => `(param $${n} ${wt(t)})`).join(' ')} (param $depth i32) (result ${[...results, 'i32'].join(' ')})
  (local $pc i32) (local $fp i32) (local $bp i32) (local $st i32) (local $site i32) (local $d i32) (local $entry i32)
  ${[...(f.ptrs ?? []), ...(f.i32s ?? [])].map((n) => `(local $${n} i32)`).join(' ')} ${(f.i64s ?? []).map((n) => `(local $${n} i64)`).join(' ')}
  (local.set $entry (global.get $sp))
  (local.set $d (i32.add (local.get $depth) (i32.const ${f.own ?? 0})))
  (if (i32.lt_s (local.get $depth) (i32.const 0))
    (then
      (local.set $d (i32.const ${f.own ?? 0}))
      (local.set $fp (global.get $resume_fp))
      (local.set $site (i32.load (local.get $fp)))
      (local.set $bp (i32.load offset=${Frame.BP} (local.get $fp)))
      ${l.slots.map(([n, t, off]) => `(local.set $${n} (${t}.load offset=${off} (local.get $fp)))`).join('\n      ')}
      ${resume.join('\n      ')})
    (else ${
      size
        ? `
      (local.set $bp (global.get $sp))
      (if (i32.gt_u (i32.add (local.get $bp) (i32.const ${size})) (global.get $splimit))
        (then (local.set $bp (call $stack_grow (i32.const ${size}))))
        (else (global.set $sp (i32.add (local.get $bp) (i32.const ${size})))))
      (memory.fill (local.get $bp) (i32.const 0) (i32.const ${size}))`
        : ''
    }
      ${f.own ? `(if (i32.ge_u (local.get $d) (i32.load (i32.const 68))) (then (if (call $entry_slow (local.get $depth)) (then ${save(0)}))))` : ''}))
  (loop $dispatch ${blocks} ${cases})
  ${leave(f)} ${zero} (i32.const 0))`;
}

/** Leaves the function's stack as it was found. */
function leave(f: GoFunc): string {
  if (!f.objects) return '';
  return '(global.set $sp (local.get $entry)) (if (i32.ne (local.get $bp) (local.get $entry)) (then (call $stack_shrink (local.get $entry))))';
}

function typeOfLocal(f: GoFunc, name: string): WatType {
  return f.i64s?.includes(name) ? 'i64' : 'i32';
}

function signature(f: GoFunc): string {
  return `(type ${[...(f.params ?? []).map((p) => `(param ${wt(p[1])})`), '(param i32)', `(result ${[...(f.results ?? []), 'i32'].join(' ')})`].join(' ')})`;
}

const goTypes: Record<string, string> = {
  'unsafe.Pointer': 'i32',
  bool: 'i32',
  int32: 'i32',
  uint32: 'i32',
  int64: 'i64',
  uint64: 'i64',
  float64: 'f64',
};

function kernelImports(): string {
  const out: string[] = [];
  const add = (name: string, params: readonly string[], results: readonly string[]): void => {
    out.push(
      `(import "k" "${name}" (func $${name} ${params.map((t) => `(param ${t})`).join(' ')} ${results.map((t) => `(result ${t})`).join(' ')}))`,
    );
  };
  for (const k of kernelFuncs)
    add(
      k.name,
      k.params.map((t) => goTypes[t]),
      k.suspends ? ['i32'] : k.results.map((t) => goTypes[t]),
    );
  for (const [name, s] of Object.entries(codegenFuncs)) add(name, s.params, s.results);
  for (const name of ['g', 'sp', 'splimit', 'resume_fp', 'result_area']) out.push(`(import "k" "${name}" (global $${name} (mut i32)))`);
  return out.join('\n');
}

export interface Options {
  readonly types?: readonly TypeSpec[];
  readonly nativeLimit?: number;
  readonly pages?: number;
  readonly flags?: number;
  readonly globals?: number;
  readonly host?: Record<string, CallableFunction>;
}

/** Assembles, links and instantiates. The first function is the program's entry, `(ctx ptr)`. */
export function makeProgram(funcs: readonly GoFunc[], options: Options = {}): Program {
  const layouts = layOut(funcs);
  const n = funcs.length;
  const stubs = layouts.map(
    (
      l,
    ) => `(func $stub_${l.func.name} (param $i i32) (result i32) (local $st i32) ${(l.func.results ?? []).map((t, i) => `(local $r${i} ${t})`).join(' ')}
    ${(l.func.params ?? []).map(([, t]) => `(${wt(t)}.const 0)`).join(' ')} (i32.const -1) (call_indirect ${signature(l.func).replace('(type', '').replace(/\)$/, '')} (local.get $i))
    (local.set $st) ${(l.func.results ?? []).map((_, i) => `(local.set $r${(l.func.results ?? []).length - 1 - i})`).join(' ')}
    ${(l.func.results ?? []).map((t, i) => `(${t}.store offset=${8 * i} (global.get $result_area) (local.get $r${i}))`).join(' ')}
    (local.get $st))`,
  );
  const wat = `(module (import "env" "memory" (memory 1 65536 shared)) (import "env" "table" (table ${2 * n + 1} funcref))
${kernelImports()}
(elem (i32.const 1) ${layouts.map((l) => `$${l.func.name}`).join(' ')} ${layouts.map((l) => `$stub_${l.func.name}`).join(' ')})
${layouts.map(emit).join('\n')}
${stubs.join('\n')})`;
  let binary: Uint8Array;
  try {
    const parsed = wabt.parseWat('test.wat', wat, { threads: true, multi_value: true, bulk_memory: true, mutable_globals: true });
    binary = parsed.toBinary({ write_debug_names: true }).buffer;
    parsed.destroy();
  } catch (e) {
    throw new Error(
      `${(e as Error).message}\n${wat
        .split('\n')
        .map((s, i) => `${i + 1}: ${s}`)
        .join('\n')}`,
      { cause: e },
    );
  }
  const pages = options.pages ?? 65536;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
  const table = new WebAssembly.Table({ element: 'anyfunc', initial: 2 * n + 1 });
  const output: string[] = [];
  const state: { exitCode: number | undefined } = { exitCode: undefined };
  const host = {
    monotonic: () => performance.now(),
    wallclock: () => Date.now(),
    seed: Math.random,
    ncpu: () => 1,
    start_sysmon() {}, start_m: () => 0, gctrace() {}, schedline() {}, jscall: () => 0,
    write: (fd: number, p: number, len: number) => {
      output.push(Buffer.from(new Uint8Array(memory.buffer, p >>> 0, len)).toString());
      return len;
    },
    exit(code: number) {
      throw new Exit(code);
    },
    ...options.host,
  };
  const kernel = new WebAssembly.Instance(base, { env: { memory, table }, goloom: host, [WASI_MODULE]: noWasi }).exports as Record<string, CallableFunction>;
  const program = new WebAssembly.Instance(new WebAssembly.Module(binary as BufferSource), { env: { memory, table }, k: kernel as never })
    .exports as Record<string, CallableFunction>;
  const tables = writeTables(memory, layouts, options);
  kernel.kernel_init(tables.info, pages, options.nativeLimit ?? 100000, options.flags ?? 8, 1);
  const view = new Uint32Array(memory.buffer);
  return {
    memory,
    exports: { ...kernel, ...program },
    output,
    get exitCode() {
      return state.exitCode;
    },
    type: (name) => tables.types.get(name)!,
    fn: (name) => tables.funcValues + 8 * funcs.findIndex((f) => f.name === name),
    u32: (a) => view[a >>> 2],
    run() {
      try {
        return kernel.run() as bigint;
      } catch (e) {
        if (!(e instanceof Exit)) throw e;
        state.exitCode = e.code;
        return undefined;
      }
    },
  };
}

/** Variables at GLOBALS: words traced by the collector. */
export const GLOBALS = 3 * 65536;
/** Memory that tests may use as they like: not traced, not in the heap. */
export const SCRATCH = GLOBALS + 65536;

function writeTables(
  memory: WebAssembly.Memory,
  layouts: readonly Layout[],
  options: Options,
): { info: number; types: Map<string, number>; funcValues: number } {
  const v = new DataView(memory.buffer);
  const w = (a: number, x: number): void => v.setUint32(a, x, true);
  let at = DATA;
  const take = (n: number): number => {
    const a = at;
    at += (n + 7) & ~7;
    return a;
  };
  const info = take(ProgramInfo.SIZE),
    nsites = 1 + layouts.reduce((k, l) => k + l.sites.length, 0);
  const sites = take(nsites * Site.SIZE),
    funcs = take((layouts.length + 1) * FuncRecord.SIZE),
    codes = take((2 * layouts.length + 1) * 4),
    bitmaps = take(65536);
  let blob = 0;
  const bitmap = (n: number): number => {
    if (n <= 31) return n === 31 ? 0x7fffffff : (1 << n) - 1;
    const off = blob;
    w(bitmaps + off, n);
    for (let i = 0; i < n; i += 32) w(bitmaps + off + 4 + i / 8, n - i >= 32 ? 0xffffffff : (1 << (n - i)) - 1);
    blob += 4 + Math.ceil(n / 32) * 4;
    return (off | BITMAP_INDIRECT) >>> 0;
  };
  /** One object that is live throughout. */
  const objectTable = (objects: readonly [number, number] | undefined): number => {
    if (objects === undefined || objects[1] === 0) return 0;
    const off = blob;
    [0, 1, 0, 0, objects[0], objects[1]].forEach((x, i) => w(bitmaps + off + 4 * i, x));
    blob += 24;
    return 1 + off;
  };
  for (const l of layouts) {
    l.sites.forEach((s, k) => {
      const r = sites + (l.firstSite + k) * Site.SIZE;
      w(r + Site.FUNC, l.id | (s.kind << 24));
      w(r + Site.LIVE, s.kind === 3 ? 0 : bitmap(l.nptr));
    });
    const r = funcs + l.id * FuncRecord.SIZE;
    w(r + FuncRecord.CODE, l.code);
    w(r + FuncRecord.STUB, l.code + layouts.length);
    w(r + FuncRecord.OBJ_SIZE, l.func.objects?.[0] ?? 0);
    w(r + FuncRecord.OBJECTS, objectTable(l.func.objects));
    const dr = l.sites.findIndex((s) => s.kind === 3);
    w(r + FuncRecord.DEFER_RETURN, dr < 0 ? 0 : l.firstSite + dr);
    w(codes + 4 * l.code, l.id);
  }
  const funcValues = take(8 * layouts.length);
  layouts.forEach((l, i) => w(funcValues + 8 * i, l.code));
  const types = new Map<string, number>();
  for (const t of options.types ?? []) {
    const a = take(48),
      mask = take(Math.ceil(t.size / 64) + 8);
    w(a + TypeField.SIZE, t.size);
    w(a + TypeField.PTR_BYTES, t.ptrs.length ? t.ptrs[t.ptrs.length - 1] + 8 : 0);
    w(a + TypeField.GC_DATA, mask);
    for (const p of t.ptrs) {
      const i = p / 8;
      v.setUint8(mask + (i >> 3), v.getUint8(mask + (i >> 3)) | (1 << (i & 7)));
    }
    types.set(t.name, a);
  }
  const nglobals = options.globals ?? 64,
    mask = take(nglobals / 8);
  for (let i = 0; i < nglobals / 8; i++) v.setUint8(mask + i, 255);
  if (at > GLOBALS) throw new Error('test data too large');
  w(info + ProgramInfo.VERSION, TABLES_VERSION);
  w(info + ProgramInfo.SITES, sites);
  w(info + ProgramInfo.NSITES, nsites);
  w(info + ProgramInfo.FUNCS, funcs);
  w(info + ProgramInfo.NFUNCS, layouts.length + 1);
  w(info + ProgramInfo.CODES, codes);
  w(info + ProgramInfo.NCODES, 2 * layouts.length + 1);
  w(info + ProgramInfo.BITMAPS, bitmaps);
  w(info + ProgramInfo.ROOTS, GLOBALS);
  w(info + ProgramInfo.ROOTS_END, GLOBALS + 8 * nglobals);
  w(info + ProgramInfo.ROOTS_MASK, mask);
  w(info + ProgramInfo.ENTRY, funcValues);
  w(info + ProgramInfo.HEAP_BASE, SCRATCH + 65536);
  return { info, types, funcValues };
}

/** Names and wasm types that base.wasm must export, for the table test. */
export function expectedExports(): Map<string, string> {
  const out = new Map<string, string>();
  const sig = (p: readonly string[], r: readonly string[]): string => `(${p.join(' ')}) -> (${r.join(' ')})`;
  for (const k of kernelFuncs)
    out.set(
      k.name,
      sig(
        k.params.map((t) => goTypes[t]),
        k.suspends ? ['i32'] : k.results.map((t) => goTypes[t]),
      ),
    );
  for (const [name, s] of [...Object.entries(codegenFuncs), ...Object.entries(hostEntries)]) out.set(name, sig(s.params, s.results));
  return out;
}
