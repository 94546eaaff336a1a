// Method wrappers: functions that take another receiver than the declared method does. Made for methods promoted through
// embedded fields, for pointer receivers of value methods, and for interface method expressions.

import { Op } from '../ir/op.ts';
import type { Value } from '../ir/func.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { forwardRecover, mayRecover } from './defer.ts';
import { GoKind, type GoType, type MethodSel } from './gotype.ts';
import { copyToTemp, load } from './mem.ts';
import type { Registry } from './registry.ts';
import { flatSignature, methodCallAux } from './signature.ts';
import { methodSig } from './typedesc.ts';
import { linkString, symbolPath, typeNameWithArgs } from './typestring.ts';

/** Offset of Fun[0] in an itab. */
const ITAB_FUN = 24;

/** Symbol of the function that implements m for receivers of exactly type recv: the method itself, or a wrapper. */
export function implSym(r: Registry, recv: GoType, m: MethodSel): string {
  const isPtr = recv.kind === GoKind.Pointer && recv.named === null;
  if (m.path.length === 0 && m.decl !== null && isPtr === m.ptrRecv) return r.funcSym(m.decl, m.base.named!.targs);
  const sym = wrapperName(recv, m);
  const sig = methodSig(r, m);
  const flat = flatSignature(sig, recv);
  r.noteSignature(sym, { recv, sig });
  r.generate(sym, flat.params, flat.results, [recv], (f) => wrapperBody(r, f, recv, m, sig));
  return sym;
}

function wrapperName(recv: GoType, m: MethodSel): string {
  const isPtr = recv.kind === GoKind.Pointer && recv.named === null;
  const base = isPtr ? recv.elem! : recv;
  const name = m.pkg === '' ? m.name : base.named !== null ? m.name : `${symbolPath(m.pkg)}.${m.name}`;
  if (base.named === null || base.named.obj.pkg === null) return `go.${isPtr ? `(${linkString(recv)})` : linkString(recv)}.${name}`;
  const path = symbolPath(base.named.obj.pkg.path);
  const own = base.named.obj.pkg.path;
  const text = typeNameWithArgs(base, true);
  const method = m.pkg !== '' && m.pkg !== own ? `${symbolPath(m.pkg)}.${m.name}` : m.name;
  return isPtr ? `${path}.(*${text}).${method}` : `${path}.${text}.${method}`;
}

/** Where the walk along embedded fields is: a value in registers, or the address of one. */
type At = { readonly type: GoType; readonly vals: Vals } | { readonly type: GoType; readonly addr: Value };

function wrapperBody(r: Registry, f: FuncBuilder, recv: GoType, m: MethodSel, sig: GoType): void {
  f.fn.wrapper = true;
  const flat = flatSignature(sig, recv);
  const isPtr = recv.kind === GoKind.Pointer && recv.named === null;
  const nrecv = recv.values.length;
  const own: Value[] = [];
  for (let i = 0; i < nrecv; i++) own.push(f.param(flat.sretCount + i));
  if (isPtr && m.path.length === 0) panicIfNil(f, own[0]!, recv, m);
  const base: GoType = isPtr ? recv.elem! : recv;
  let at: At = isPtr || base.mem ? { type: base, addr: own[0]! } : { type: base, vals: own };
  for (const i of m.path) at = step(f, at, i);
  const sret: Value[] = [];
  for (let i = 0; i < flat.sretCount; i++) sret.push(f.param(i));
  const args: Value[] = [];
  for (let i = flat.sretCount + nrecv; i < flat.params.length; i++) args.push(f.param(i));
  if (m.decl === null) {
    const iface = valueAt(f, at);
    f.ret(callMethod(f, at.type, m.index, iface, sret, args));
    return;
  }
  const target = r.funcSym(m.decl, m.base.named!.targs);
  if (mayRecover(m.decl)) forwardRecover(f, target);
  const self = m.ptrRecv ? [addrOf(at)] : copyToTemp(f, m.base, valueAt(f, at));
  const call = r.callTarget(target);
  f.ret(f.call(call.op, call.aux, [...sret, ...self, ...args]));
}

/** gc: a value method called through a nil pointer panics in its wrapper. */
function panicIfNil(f: FuncBuilder, p: Value, recv: GoType, m: MethodSel): void {
  const bad = f.block();
  const good = f.block();
  f.branch(f.emit(Op.isnil, [p]), bad, good, -1);
  f.start(bad);
  const name = linkString(recv.elem!);
  const text = new TextEncoder().encode(`value method ${name}.${m.name} called using nil *${name.slice(name.lastIndexOf('.') + 1)} pointer`);
  const bytes = String.fromCharCode(...text);
  f.runtime('panicwrapText', f.addr(f.ctx.stringSym(bytes)), f.i64(bytes.length));
  f.jump(good);
  f.start(good);
}

/** Goes to field i of the struct at `at`; an embedded pointer is followed. */
function step(f: FuncBuilder, at: At, i: number): At {
  const s = at.type;
  const field = s.fields[i]!.type;
  const isPtr = field.kind === GoKind.Pointer && field.named === null;
  if ('vals' in at) {
    let first = 0;
    for (let k = 0; k < i; k++) first += s.fields[k]!.type.comps.length;
    const vals = at.vals.slice(first, first + field.comps.length);
    return isPtr ? { type: field.elem!, addr: vals[0]! } : { type: field, vals };
  }
  f.emit(Op.nilcheck, [at.addr]);
  const off = s.offsets[i]!;
  if (isPtr) return { type: field.elem!, addr: f.emit(Op.load_ptr, [at.addr], off) };
  return { type: field, addr: f.offset(at.addr, off) };
}

function valueAt(f: FuncBuilder, at: At): Vals {
  if ('vals' in at) return at.vals;
  f.emit(Op.nilcheck, [at.addr]);
  return load(f, at.type, at.addr);
}

function addrOf(at: At): Value {
  if ('vals' in at) throw new Error('a pointer method of a value that is not in memory');
  return at.addr;
}

/** Calls method i of an interface value. */
function callMethod(f: FuncBuilder, iface: GoType, i: number, value: Vals, sret: Value[], args: Value[]): Value[] {
  f.ctx.useInterfaceMethod(iface, i);
  const m = iface.imethods[i]!;
  f.emit(Op.nilcheck, [value[0]!]);
  const code = f.emit(Op.load_i32, [value[0]!], ITAB_FUN + 8 * i);
  forwardRecover(f, code);
  const aux = methodCallAux(flatSignature(m.sig, null), `${linkString(iface)}.${m.name}`);
  return f.call(Op.calli, aux, [code, ...sret, value[1]!, ...args, f.nil()]);
}

/** Symbol of the function that the method expression recv.name denotes. */
export function methodExpr(r: Registry, recv: GoType, name: string, pkg: string): string {
  const m = r.methodOf(recv, name, pkg)!;
  return implSym(r, recv, m);
}
