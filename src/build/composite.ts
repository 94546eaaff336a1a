// Composite literals. Spec: "Composite literals". Constant ones come from static data; the rest is stored part by part
// into memory that nothing else refers to yet.

import type { Value } from '../ir/func.ts';
import { Kind, type CompositeLit, type Expr, type KeyValueExpr } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { constIndex } from './checks.ts';
import { GoKind, type GoType } from './gotype.ts';
import { makeMap, mapAssign } from './map.ts';
import { move, newObject, store, zeroAt } from './mem.ts';
import { hasCall, hoist } from './order.ts';
import { rec } from './rec.ts';
import { sourceText } from './source.ts';

/** Literals with at least this many elements are tried as static data. */
const minStatic = 4;

/** The value of a literal of type t. */
export function composite(f: FuncBuilder, e: CompositeLit, t: GoType): Vals {
  switch (t.kind) {
    case GoKind.Pointer: { // &T in a list whose element type is *T
      const p = newObject(f, t.elem!, `&${f.ctx.typeName(t.elem!)}{...}`);
      compositeTo(f, e, t.elem!, p, 0, true);
      return [p];
    }
    case GoKind.Slice: return sliceLit(f, e, t);
    case GoKind.Map: return mapLit(f, e, t);
  }
  if (!t.mem) return flatLit(f, e, t);
  const addr = f.temp(t);
  compositeTo(f, e, t, addr, 0, false);
  return [addr];
}

/** A struct or array whose value is a list of components. */
function flatLit(f: FuncBuilder, e: CompositeLit, t: GoType): Vals {
  const parts = elements(f, e, t);
  const vals = rec.exprs(f, parts.map((p) => p.value), parts.map((p) => p.type));
  if (t.kind === GoKind.Array) return vals.length > 0 ? vals[0]! : t.values.map((c) => f.zero(c));
  const byField: (Vals | undefined)[] = [];
  parts.forEach((p, i) => { byField[p.index] = vals[i]!; });
  const out: Value[] = [];
  t.fields.forEach((fld, i) => {
    const v = byField[i];
    if (v !== undefined && fld.name !== '_') out.push(...v);
    else for (const c of fld.type.values) out.push(f.zero(c));
  });
  return out;
}

interface Part { readonly index: number; readonly type: GoType; readonly value: Expr }

/** The elements of a struct, array or slice literal with their indices. */
function elements(f: FuncBuilder, e: CompositeLit, t: GoType): Part[] {
  const out: Part[] = [];
  if (t.kind === GoKind.Struct) {
    e.elts.forEach((x, i) => {
      if (x.kind !== Kind.KeyValueExpr) out.push({ index: i, type: t.fields[i]!.type, value: x });
      else {
        const name = (x.key as { name: string }).name;
        const k = t.fields.findIndex((fld) => fld.name === name);
        out.push({ index: k, type: t.fields[k]!.type, value: x.value });
      }
    });
    return out;
  }
  let next = 0;
  for (const x of e.elts) {
    let value = x;
    if (x.kind === Kind.KeyValueExpr) {
      next = constIndex(f, x.key);
      value = x.value;
    }
    out.push({ index: next++, type: t.elem!, value });
  }
  return out;
}

/** Stores a literal of a struct or array type at addr + off. */
export function compositeTo(f: FuncBuilder, e: CompositeLit, t: GoType, addr: Value, off: number, zeroed: boolean): void {
  if (t.kind !== GoKind.Struct && t.kind !== GoKind.Array) {
    store(f, t, addr, off, composite(f, e, t));
    return;
  }
  partsTo(f, e, t, elements(f, e, t), addr, off, zeroed);
}

function partsTo(f: FuncBuilder, e: CompositeLit, t: GoType, parts: readonly Part[], addr: Value, off: number, zeroed: boolean): void {
  if (parts.length >= minStatic || (t.mem && parts.length > 0 && t.size > 64)) {
    const sym = f.ctx.staticValue(e, t, f.unit, f.env);
    if (sym !== null) {
      move(f, t, f.offset(addr, off), f.addr(sym));
      return;
    }
  }
  if (!zeroed && !covers(t, parts)) {
    zeroAt(f, t, addr, off);
    zeroed = true;
  }
  hoistParts(f, parts);
  for (const p of parts) {
    if (isBlankField(t, p)) {
      rec.exprAs(f, p.value, p.type);
      continue;
    }
    const o = t.kind === GoKind.Struct ? t.offsets[p.index]! : p.index * t.elem!.size;
    if (zeroed && isZeroConst(f, p.value, p.type)) continue;
    rec.exprTo(f, p.value, p.type, addr, off + o, zeroed);
  }
}

/** Whether every byte is stored by some part, so that nothing needs to be zeroed before. */
function covers(t: GoType, parts: readonly Part[]): boolean {
  let size = 0;
  for (const p of parts) if (!isBlankField(t, p)) size += p.type.size;
  return size === t.size;
}

/** A field named _ stays zero whatever the literal says. */
function isBlankField(t: GoType, p: Part): boolean { return t.kind === GoKind.Struct && t.fields[p.index]!.name === '_'; }

function isZeroConst(f: FuncBuilder, e: Expr, t: GoType): boolean {
  const c = f.info.valueOf(e);
  if (c === null || t.isInterface) return false;
  return (c.kind === 3 && c.val === 0) || (c.kind === 1 && !c.val) || (c.kind === 2 && c.val === '');
}

/** Runs the elements' calls ahead where an element before one reads variables. */
function hoistParts(f: FuncBuilder, parts: readonly Part[]): void {
  let last = parts.length - 1;
  while (last > 0 && !hasCall(f, parts[last]!.value)) last--;
  if (last <= 0) return;
  let reads = false;
  for (let i = 0; i < last; i++) {
    const v = parts[i]!.value;
    if (f.info.valueOf(v) === null && v.kind !== Kind.CallExpr && v.kind !== Kind.FuncLit) reads = true;
  }
  if (reads) for (const p of parts) hoist(f, p.value);
}

function sliceLit(f: FuncBuilder, e: CompositeLit, t: GoType): Vals {
  let n = 0;
  let next = 0;
  for (const x of e.elts) {
    if (x.kind === Kind.KeyValueExpr) next = constIndex(f, x.key);
    if (++next > n) n = next;
  }
  const array = f.ctx.arrayOf(t.elem!, n);
  const p = newObject(f, array, sourceText(f, e));
  if (n > 0) compositeTo(f, e, array, p, 0, true);
  const len = f.i64(n);
  return [p, len, len];
}

function mapLit(f: FuncBuilder, e: CompositeLit, t: GoType): Vals {
  const m = makeMap(f, t, e.elts.length === 0 ? null : f.i64(e.elts.length));
  for (const kv of e.elts as KeyValueExpr[]) {
    const mark = f.markTemps();
    const [k, v] = rec.exprs(f, [kv.key, kv.value], [t.key!, t.elem!]);
    const old = f.at(gcPos(kv));
    store(f, t.elem!, mapAssign(f, t, m, k!), 0, v!);
    f.at(old);
    f.releaseTemps(mark);
  }
  return [m];
}
