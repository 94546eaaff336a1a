// Maps: which of the runtime's access functions a map type uses, as gc chooses, and calls of them.

import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { regularMemory } from './regular.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { GoKind, type GoType } from './gotype.ts';
import { load, spill } from './mem.ts';

const Fast = { slow: 0, f32: 1, f64: 2, f64ptr: 3, str: 4 } as const;

/** Larger elements are kept behind a pointer; such maps have no fast functions. */
const maxElemBytes = 128;
/** Larger elements don't fit runtime.zeroVal. */
const zeroValSize = 1024;

function fastKind(m: GoType): number {
  if (m.elem!.size > maxElemBytes) return Fast.slow;
  const k = m.key!;
  if (k.kind === GoKind.String) return Fast.str;
  if (!regularMemory(k)) return Fast.slow;
  if (k.size === 4) return Fast.f32;
  if (k.size === 8) return k.hasPtr ? Fast.f64ptr : Fast.f64;
  return Fast.slow;
}

const suffix = ['', '_fast32', '_fast64', '_fast64', '_faststr'];

/** The key as the access function takes it; `ptr`: assignment keeps pointers as such. */
function keyArgs(f: FuncBuilder, kind: number, k: GoType, key: Vals, ptr: boolean): Value[] {
  switch (kind) {
    case Fast.str: return [key[0]!, key[1]!];
    case Fast.f32: {
      const v = key[0]!;
      return [!k.mem && key.length === 1 && k.comps[0]!.store === Op.store_i32 ? v : f.emit(Op.load_i32, [spill(f, k, key)], 0)];
    }
    case Fast.f64: {
      const v = key[0]!;
      return [!k.mem && key.length === 1 && v.type === Type.i64 ? v : f.emit(Op.load_i64, [spill(f, k, key)], 0)];
    }
    case Fast.f64ptr: return [ptr ? key[0]! : f.emit(Op.ptr_i64, [key[0]!])];
    default: return [spill(f, k, key)];
  }
}

function typeWord(f: FuncBuilder, m: GoType): Value { return f.addr(f.ctx.typeSym(m, false)); }

/** Address of m[key]'s element, or of a zero value. */
export function mapAccess1(f: FuncBuilder, t: GoType, m: Value, key: Vals): Value {
  const kind = fastKind(t);
  if (kind === Fast.slow && t.elem!.size > zeroValSize) {
    return f.runtime('mapaccess1_fat', typeWord(f, t), m, ...keyArgs(f, kind, t.key!, key, false), zeroData(f, t.elem!))[0]!;
  }
  return f.runtime('mapaccess1' + suffix[kind], typeWord(f, t), m, ...keyArgs(f, kind, t.key!, key, false))[0]!;
}

function zeroData(f: FuncBuilder, t: GoType): Value {
  return f.addr(f.ctx.readonlySym(new Uint8Array(t.size), t.align));
}

/** Address of the element (or of a zero value), and whether the key is there. */
export function mapAccess2(f: FuncBuilder, t: GoType, m: Value, key: Vals): [Value, Value] {
  const kind = fastKind(t);
  const args = keyArgs(f, kind, t.key!, key, false);
  const r = kind === Fast.slow && t.elem!.size > zeroValSize
    ? f.runtime('mapaccess2_fat', typeWord(f, t), m, ...args, zeroData(f, t.elem!))
    : f.runtime('mapaccess2' + suffix[kind], typeWord(f, t), m, ...args);
  return [r[0]!, r[1]!];
}

/** Address of m[key]'s element, made if it was not there. */
export function mapAssign(f: FuncBuilder, t: GoType, m: Value, key: Vals): Value {
  const kind = fastKind(t);
  const name = kind === Fast.f64ptr ? 'mapassign_fast64ptr' : 'mapassign' + suffix[kind];
  return f.runtime(name, typeWord(f, t), m, ...keyArgs(f, kind, t.key!, key, true))[0]!;
}

export function mapDelete(f: FuncBuilder, t: GoType, m: Value, key: Vals): void {
  const kind = fastKind(t);
  f.runtime('mapdelete' + suffix[kind], typeWord(f, t), m, ...keyArgs(f, kind, t.key!, key, false));
}

/** m[key] as a value. */
export function mapIndex(f: FuncBuilder, t: GoType, m: Value, key: Vals): Vals {
  const p = mapAccess1(f, t, m, key);
  return load(f, t.elem!, p);
}

/** Number of elements; 0 for nil. */
export function mapLen(f: FuncBuilder, m: Value): Value {
  const id = f.newVar([Type.i64]);
  const some = f.block(), join = f.block();
  f.writeVar(id, f.i64(0));
  f.branch(f.emit(Op.isnil, [m]), join, some, -1);
  f.start(some);
  f.writeVar(id, f.emit(Op.load_i64, [m], 0)); // maps.Map.used
  f.jump(join);
  f.start(join);
  return f.readVar(id);
}

/** internal/runtime/maps.Map: where its parts are, and the control word of a group without entries. */
const mapHeader = { size: 48, seed: 8, dirPtr: 16, ptrmask: [0b100] } as const;
const emptyGroup = 0x8080808080808080n;
const groupSlots = 8;
/** Larger groups are left to the heap. */
const maxGroupBytes = 1024;

/** A map for eight entries at most: on the stack, with its one group, if it turns out not to escape. */
function smallMap(f: FuncBuilder, t: GoType): Value {
  const id = f.newVar([Type.ptr]);
  const header = f.tempbuf(mapHeader.size, mapHeader.ptrmask);
  const onStack = f.block(), onHeap = f.block(), join = f.block();
  f.branch(f.emit(Op.notnil, [header]), onStack, onHeap);
  f.start(onStack);
  f.emit(Op.zero, [header], { size: mapHeader.size, align: 8, ptrs: true });
  f.emit(Op.store_i64, [header, f.runtime('rand')[0]!], mapHeader.seed);
  addGroup(f, t, header);
  f.writeVar(id, header);
  f.jump(join);
  f.start(onHeap);
  f.writeVar(id, f.runtime('makemap_small')[0]!);
  f.jump(join);
  f.start(join);
  return f.readVar(id);
}

/** The group of a map on the stack. It escapes where the address of an element does, and is then made with the first entry. */
function addGroup(f: FuncBuilder, t: GoType, header: Value): void {
  const part = (x: GoType): GoType => (x.size > maxElemBytes ? f.ctx.pointerTo(x) : x);
  const slot = f.ctx.structOf([{ name: 'key', type: part(t.key!) }, { name: 'elem', type: part(t.elem!) }]);
  const group = f.ctx.structOf([{ name: 'ctrl', type: f.ctx.basic(GoKind.Uint64) }, { name: 'slots', type: f.ctx.arrayOf(slot, groupSlots) }]);
  if (group.size > maxGroupBytes) return;
  const p = f.tempbuf(group.size, group.ptrmask);
  const there = f.block(), join = f.block();
  f.branch(f.emit(Op.notnil, [p]), there, join);
  f.start(there);
  f.emit(Op.zero, [p], { size: group.size, align: 8, ptrs: group.hasPtr });
  f.emit(Op.store_i64, [p, f.i64(BigInt.asIntN(64, emptyGroup))], 0);
  f.emit(Op.store_ptr, [header, p], mapHeader.dirPtr);
  f.jump(join);
  f.start(join);
}

export function makeMap(f: FuncBuilder, t: GoType, hint: Value | null): Value {
  const small = hint === null || (hint.op === Op.const_i64 && (hint.aux as bigint) <= 8n);
  if (small) return smallMap(f, t);
  const header = f.tempbuf(mapHeader.size, mapHeader.ptrmask);
  const onStack = f.block(), join = f.block();
  f.branch(f.emit(Op.notnil, [header]), onStack, join);
  f.start(onStack);
  f.emit(Op.zero, [header], { size: mapHeader.size, align: 8, ptrs: true });
  addGroup(f, t, header);
  f.jump(join);
  f.start(join);
  return f.runtime('makemap', typeWord(f, t), hint!, header)[0]!;
}
