// Intrinsics: functions of std that are IR operations here, whatever their Go body says (contract, section 9).
//
// Every function of sync/atomic and internal/runtime/atomic is one, because GOARCH=wasm's bodies are not atomic.
// A name in this table is never built from its body; if its address is taken, a function around the operation is made.

import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import type { FuncBuilder } from './builder.ts';
import { GoKind, type GoType } from './gotype.ts';
import type { Registry } from './registry.ts';

type Expand = (f: FuncBuilder, args: readonly Value[], targs: readonly GoType[]) => Value[];

const table = new Map<string, Expand>();

/** The name without type arguments. */
function baseName(sym: string): string {
  const i = sym.indexOf('[');
  return i < 0 ? sym : sym.slice(0, i);
}

/** Whether calls of sym are replaced by IR. */
export function hasIntrinsic(sym: string): boolean { return table.has(sym) || (sym.endsWith(']') && table.has(baseName(sym))); }

/** The IR for a call of sym with these arguments, or null if it is no intrinsic. */
export function expandIntrinsic(_r: Registry, f: FuncBuilder, sym: string, args: readonly Value[], targs: readonly GoType[]): readonly Value[] | null {
  const e = table.get(sym) ?? (sym.endsWith(']') ? table.get(baseName(sym)) : undefined);
  return e === undefined ? null : e(f, args, targs);
}

function def(names: string | readonly string[], e: Expand): void {
  for (const n of typeof names === 'string' ? [names] : names) table.set(n, e);
}

// ---- atomics

/** Operations of one width. */
interface Width { load: number; store: number; add: number; and: number; or: number; xchg: number; cas: number; plus: number }
const w32: Width = { load: Op.aload_i32, store: Op.astore_i32, add: Op.aadd_i32, and: Op.aand_i32, or: Op.aor_i32, xchg: Op.axchg_i32, cas: Op.acas_i32, plus: Op.add_i32 };
const w64: Width = { load: Op.aload_i64, store: Op.astore_i64, add: Op.aadd_i64, and: Op.aand_i64, or: Op.aor_i64, xchg: Op.axchg_i64, cas: Op.acas_i64, plus: Op.add_i64 };

/** An operation at offset 0 of a pointer that may be nil. */
function at(op: number): Expand {
  return (f, args) => {
    f.emit(Op.nilcheck, [args[0]!]);
    const v = f.emit(op, [...args], 0);
    return v.type === 0 ? [] : [v];
  };
}

/** The same, its result dropped. */
function drop(op: number): Expand {
  return (f, args) => {
    at(op)(f, args, []);
    return [];
  };
}

/** Adds and gives the new value. */
function addNew(w: Width): Expand {
  return (f, args) => {
    f.emit(Op.nilcheck, [args[0]!]);
    const old = f.emit(w.add, [...args], 0);
    return [f.emit(w.plus, [old, args[1]!])];
  };
}

const syncAtomic = (op: string, kinds: readonly string[]): string[] => kinds.map((k) => `sync/atomic.${op}${k}`);
const runtimeAtomic = (...names: string[]): string[] => names.map((n) => `internal/runtime/atomic.${n}`);
const kinds32 = ['Int32', 'Uint32'];
const kinds64 = ['Int64', 'Uint64', 'Uintptr'];

for (const [kinds, w] of [[kinds32, w32], [kinds64, w64]] as const) {
  def(syncAtomic('Load', kinds), at(w.load));
  def(syncAtomic('Store', kinds), at(w.store));
  def(syncAtomic('Add', kinds), addNew(w));
  def(syncAtomic('And', kinds), at(w.and));
  def(syncAtomic('Or', kinds), at(w.or));
  def(syncAtomic('Swap', kinds), at(w.xchg));
  def(syncAtomic('CompareAndSwap', kinds), at(w.cas));
}
def('sync/atomic.LoadPointer', at(Op.aload_ptr));
def('sync/atomic.StorePointer', at(Op.astore_ptr));
def('sync/atomic.SwapPointer', at(Op.axchg_ptr));
def('sync/atomic.CompareAndSwapPointer', at(Op.acas_ptr));

def(runtimeAtomic('Load', 'LoadAcq', 'Loadint32'), at(w32.load));
def(runtimeAtomic('Load64', 'LoadAcq64', 'LoadAcquintptr', 'Loaduintptr', 'Loaduint', 'Loadint64'), at(w64.load));
def(runtimeAtomic('Load8'), at(Op.aload8));
def(runtimeAtomic('Loadp'), at(Op.aload_ptr));
def(runtimeAtomic('Store', 'StoreRel', 'Storeint32'), at(w32.store));
def(runtimeAtomic('Store64', 'StoreRel64', 'StoreReluintptr', 'Storeuintptr', 'Storeint64'), at(w64.store));
def(runtimeAtomic('Store8'), at(Op.astore8));
def(runtimeAtomic('StorepNoWB', 'storePointer', 'Storep'), at(Op.astore_ptr));
def(runtimeAtomic('Xadd', 'Xaddint32'), addNew(w32));
def(runtimeAtomic('Xadd64', 'Xadduintptr', 'Xaddint64'), addNew(w64));
def(runtimeAtomic('Xchg', 'Xchgint32'), at(w32.xchg));
def(runtimeAtomic('Xchg64', 'Xchguintptr', 'Xchgint64'), at(w64.xchg));
def(runtimeAtomic('Xchg8'), at(Op.axchg8));
def(runtimeAtomic('And32'), at(w32.and));
def(runtimeAtomic('Or32'), at(w32.or));
def(runtimeAtomic('And64', 'Anduintptr'), at(w64.and));
def(runtimeAtomic('Or64', 'Oruintptr'), at(w64.or));
def(runtimeAtomic('And'), drop(w32.and));
def(runtimeAtomic('Or'), drop(w32.or));
def(runtimeAtomic('And8'), drop(Op.aand8));
def(runtimeAtomic('Or8'), drop(Op.aor8));
def(runtimeAtomic('Cas', 'CasRel', 'Casint32'), at(w32.cas));
def(runtimeAtomic('Cas64', 'Casuintptr', 'Casint64'), at(w64.cas));
def(runtimeAtomic('Casp1', 'casPointer'), at(Op.acas_ptr));

// ---- math

const one = (op: number): Expand => (f, args) => [f.emit(op, [...args])];
def(['math.Sqrt', 'math.sqrt'], one(Op.sqrt_f64));
def('math.Abs', one(Op.abs_f64));
def(['math.Floor', 'math.archFloor'], one(Op.floor_f64));
def(['math.Ceil', 'math.archCeil'], one(Op.ceil_f64));
def(['math.Trunc', 'math.archTrunc'], one(Op.trunc_f64));
def('math.RoundToEven', one(Op.nearest_f64));
def('math.Copysign', one(Op.copysign_f64));
def('math.Float64bits', one(Op.bits_i64));
def('math.Float64frombits', one(Op.frombits_f64));
def('math.Float32bits', one(Op.bits_i32));
def('math.Float32frombits', one(Op.frombits_f32));

// ---- bits

const toInt = (f: FuncBuilder, v: Value): Value[] => [f.emit(Op.extend_u, [v])];
const bits = (...names: string[]): string[] => names.map((n) => `math/bits.${n}`);
const sys = (...names: string[]): string[] => names.map((n) => `internal/runtime/sys.${n}`);

def([...bits('Len64', 'Len'), ...sys('Len64')], (f, [x]) => [f.emit(Op.sub_i64, [f.i64(64), f.emit(Op.clz_i64, [x!])])]);
def([...bits('Len32', 'Len16', 'Len8'), ...sys('Len8')], (f, [x]) => toInt(f, f.emit(Op.sub_i32, [f.i32(32), f.emit(Op.clz_i32, [x!])])));
def([...bits('LeadingZeros64', 'LeadingZeros'), ...sys('LeadingZeros64')], (f, [x]) => [f.emit(Op.clz_i64, [x!])]);
def(bits('LeadingZeros32'), (f, [x]) => toInt(f, f.emit(Op.clz_i32, [x!])));
def(bits('LeadingZeros16'), (f, [x]) => toInt(f, f.emit(Op.sub_i32, [f.emit(Op.clz_i32, [x!]), f.i32(16)])));
def([...bits('LeadingZeros8'), ...sys('LeadingZeros8')], (f, [x]) => toInt(f, f.emit(Op.sub_i32, [f.emit(Op.clz_i32, [x!]), f.i32(24)])));
def([...bits('TrailingZeros64', 'TrailingZeros'), ...sys('TrailingZeros64')], (f, [x]) => [f.emit(Op.ctz_i64, [x!])]);
def([...bits('TrailingZeros32'), ...sys('TrailingZeros32')], (f, [x]) => toInt(f, f.emit(Op.ctz_i32, [x!])));
// A bit just above the type's width bounds the count.
def(bits('TrailingZeros16'), (f, [x]) => toInt(f, f.emit(Op.ctz_i32, [f.emit(Op.or_i32, [x!, f.i32(0x10000)])])));
def([...bits('TrailingZeros8'), ...sys('TrailingZeros8')], (f, [x]) => toInt(f, f.emit(Op.ctz_i32, [f.emit(Op.or_i32, [x!, f.i32(0x100)])])));
def([...bits('OnesCount64', 'OnesCount'), ...sys('OnesCount64')], (f, [x]) => [f.emit(Op.popcnt_i64, [x!])]);
def(bits('OnesCount32', 'OnesCount16', 'OnesCount8'), (f, [x]) => toInt(f, f.emit(Op.popcnt_i32, [x!])));
def(bits('RotateLeft64', 'RotateLeft'), (f, [x, k]) => [f.emit(Op.rotl_i64, [x!, k!])]);
def(bits('RotateLeft32'), (f, [x, k]) => [f.emit(Op.rotl_i32, [x!, f.emit(Op.wrap_i64, [k!])])]);
def(bits('ReverseBytes16'), (f, [x]) => {
  const hi = f.emit(Op.and_i32, [f.emit(Op.shl_i32, [x!, f.i32(8)]), f.i32(0xff00)]);
  return [f.emit(Op.or_i32, [hi, f.emit(Op.shru_i32, [x!, f.i32(8)])])];
});
def([...bits('ReverseBytes32'), ...sys('Bswap32')], (f, [x]) => [reverse32(f, x!)]);
def([...bits('ReverseBytes64', 'ReverseBytes'), ...sys('Bswap64')], (f, [x]) => [reverse64(f, x!)]);

/** rotl(x & 0x00ff00ff, 24) | rotl(x & 0xff00ff00, 8). */
function reverse32(f: FuncBuilder, x: Value): Value {
  const a = f.emit(Op.rotl_i32, [f.emit(Op.and_i32, [x, f.i32(0x00ff00ff)]), f.i32(24)]);
  const b = f.emit(Op.rotl_i32, [f.emit(Op.and_i32, [x, f.i32(0xff00ff00)]), f.i32(8)]);
  return f.emit(Op.or_i32, [a, b]);
}

/** Swaps bytes, then 16-bit pairs, then halves. */
function reverse64(f: FuncBuilder, x: Value): Value {
  const m8 = f.i64(0x00ff00ff00ff00ffn);
  const m16 = f.i64(0x0000ffff0000ffffn);
  const swap = (v: Value, mask: Value, n: number): Value => {
    const up = f.emit(Op.shl_i64, [f.emit(Op.and_i64, [v, mask]), f.i64(n)]);
    return f.emit(Op.or_i64, [up, f.emit(Op.and_i64, [f.emit(Op.shru_i64, [v, f.i64(n)]), mask])]);
  };
  return f.emit(Op.rotl_i64, [swap(swap(x, m8, 8), m16, 16), f.i64(32)]);
}

/** The high half of x*y, from four products of 32-bit halves. */
function mulHigh(f: FuncBuilder, x: Value, y: Value): Value {
  const mask = f.i64(0xffffffffn);
  const n32 = f.i64(32);
  const low = (v: Value): Value => f.emit(Op.and_i64, [v, mask]);
  const high = (v: Value): Value => f.emit(Op.shru_i64, [v, n32]);
  const mul = (a: Value, b: Value): Value => f.emit(Op.mul_i64, [a, b]);
  const add = (a: Value, b: Value): Value => f.emit(Op.add_i64, [a, b]);
  const x0 = low(x), x1 = high(x), y0 = low(y), y1 = high(y);
  const t = add(mul(x1, y0), high(mul(x0, y0)));
  const w = add(low(t), mul(x0, y1));
  return add(add(mul(x1, y1), high(t)), high(w));
}

const mul64: Expand = (f, [x, y]) => [mulHigh(f, x!, y!), f.emit(Op.mul_i64, [x!, y!])];
def([...bits('Mul64', 'Mul'), 'internal/runtime/math.Mul64'], mul64);
def('internal/runtime/math.MulUintptr', (f, [x, y]) => [f.emit(Op.mul_i64, [x!, y!]), f.emit(Op.ne_i64, [mulHigh(f, x!, y!), f.i64(0)])]);
def([...bits('Add64', 'Add'), 'internal/runtime/math.Add64'], (f, [x, y, carry]) => {
  const s = f.emit(Op.add_i64, [x!, y!]);
  const sum = f.emit(Op.add_i64, [s, carry!]);
  const over = f.emit(Op.or_i32, [f.emit(Op.ltu_i64, [s, x!]), f.emit(Op.ltu_i64, [sum, s])]);
  return [sum, f.emit(Op.extend_u, [over])];
});
def(bits('Sub64', 'Sub'), (f, [x, y, borrow]) => {
  const d = f.emit(Op.sub_i64, [x!, y!]);
  const diff = f.emit(Op.sub_i64, [d, borrow!]);
  const under = f.emit(Op.or_i32, [f.emit(Op.ltu_i64, [x!, y!]), f.emit(Op.ltu_i64, [d, borrow!])]);
  return [diff, f.emit(Op.extend_u, [under])];
});

// ---- memory, code addresses

const size32 = (f: FuncBuilder, n: Value): Value => f.emit(Op.wrap_i64, [n]);
def('runtime.memmove', (f, [to, from, n]) => {
  f.emit(Op.move, [to!, from!, size32(f, n!)], { size: -1, align: 1, ptrs: false });
  return [];
});
def('runtime.memclrNoHeapPointers', (f, [p, n]) => {
  f.emit(Op.zero, [p!, size32(f, n!)], { size: -1, align: 1, ptrs: false });
  return [];
});
def('runtime.memequal', (f, [p, q, n]) => [f.emit(Op.memequal, [p!, q!, size32(f, n!)])]);
// The size is in the second word of the func value.
def('runtime.memequal_varlen', (f, [p, q]) => [f.emit(Op.memequal, [p!, q!, f.emit(Op.load_i32, [f.context()], 8)])]);

def('runtime.stringDataOnStack', (f, [p]) => [f.call(Op.callk, { sym: 'onstack', params: [Type.ptr], results: [Type.i32], suspends: false }, [p!])[0]!]);

// A bool is 0 or 1.
def('crypto/internal/constanttime.boolToUint8', (_f, args) => [...args]);

// The argument is a func in an interface: its data word points to the code word.
const codeWord: Expand = (f, args) => [f.emit(Op.extend_u, [f.emit(Op.load_i32, [args[1]!], 0)])];
def(['internal/abi.FuncPCABI0', 'internal/abi.FuncPCABIInternal'], codeWord);
// Stack objects don't move here: the address of one may be hashed.
def('internal/abi.EscapeNonString', () => []);

/** v, whose pointers flow to the result but for those of strings: escape analysis does not see where a type of strings alone comes from. */
def('internal/abi.EscapeToResultNonString', (f, args, [t]) => {
  const type = t!;
  if (type.mem) {
    const [to, from] = args;
    const source = hasOtherPointers(type) ? from! : hide(f, from!);
    f.emit(Op.move, [to!, source], { size: type.size, align: type.align, ptrs: type.hasPtr });
    return [];
  }
  return hasOtherPointers(type) ? [...args] : args.map((v) => (v.type === Type.ptr ? hide(f, v) : v));
});

/** The pointer as internal/abi.NoEscape hides it. */
function hide(f: FuncBuilder, p: Value): Value {
  return f.emit(Op.ptr_from_i64, [f.emit(Op.xor_i64, [f.emit(Op.ptr_i64, [p]), f.i64(0)])]);
}

/** Does a value of the type hold pointers besides those of strings? */
function hasOtherPointers(t: GoType): boolean {
  if (!t.hasPtr || t.kind === GoKind.String) return false;
  if (t.kind === GoKind.Array) return t.len > 0 && hasOtherPointers(t.elem!);
  return t.kind !== GoKind.Struct || t.fields.some((x) => hasOtherPointers(x.type));
}
def(sys('Prefetch', 'PrefetchStreamed'), () => []);
def(sys('GetCallerPC', 'GetCallerSP'), (f) => [f.i64(0)]);
def(sys('GetClosurePtr'), (f) => {
  f.ctx.markAddressTaken(f.name);
  return [f.emit(Op.ptr_i64, [f.context()])];
});

