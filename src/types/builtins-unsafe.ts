// The functions of package unsafe. (Spec: Package unsafe.)
import { makeInt } from '../constant/value.ts';
import { Kind } from '../syntax/ast.ts';
import { assignment } from './assignment.ts';
import { invalidArg, makeSig, recordSig, type BuiltinCall, type Handler } from './builtin-call.ts';
import type { Code } from './codes.ts';
import { err, ts } from './errors.ts';
import { expr } from './values.ts';
import { exprString } from '../syntax/expr-string.ts';
import { isValidIndex } from './index.ts';
import { lookupFieldOrMethod } from './lookup.ts';
import { BuiltinId, ObjKind, Pointer, SelectionKind, Slice, TypeKind, asNamed, unalias, under, type Named, type Type } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { isTypeParam } from './predicates.ts';
import { recordSelection } from './record.ts';
import { commonUnder } from './under.ts';
import { Typ, universeByte } from './universe.ts';
import { record } from './untyped.ts';
import { unparen } from './unparen.ts';
import { use } from './use.ts';
import { verifyVersion } from './version.ts';

const bytePtr = new Pointer(universeByte);

function value({ c, x, call }: BuiltinCall, result: Type, ...args: Type[]): boolean {
  x.mode = Mode.Value;
  x.type = result;
  recordSig(c, call, makeSig(result, ...args));
  return true;
}

/** Assigns the first argument to a parameter of type t (null: any type); false after an error. */
function argument({ c, x }: BuiltinCall, t: Type | null, name: string): boolean {
  assignment(c, x, t, `argument to unsafe.${name}`);
  return x.mode !== Mode.Invalid;
}

function length({ c, args }: BuiltinCall, code: Code, allowNegative = false): boolean {
  return isValidIndex(c, args[1], code, 'length', allowNegative);
}

function add(b: BuiltinCall): boolean {
  verifyVersion(b.c, b.call.fun, 17, 'unsafe.Add');
  if (!argument(b, Typ.unsafePointer, 'Add') || !length(b, 'InvalidUnsafeAdd', true)) return false;
  return value(b, Typ.unsafePointer, Typ.unsafePointer, b.args[1].type);
}

/** Makes x the size: a constant, or a value for a type whose size depends on type parameters (n null). */
function size(b: BuiltinCall, n: number | null, arg: Type): boolean {
  if (n === null) return value(b, Typ.uintptr, arg);
  b.x.mode = Mode.Constant;
  b.x.val = makeInt(n);
  b.x.type = Typ.uintptr;
  return true;
}

function tooLarge({ c, x }: BuiltinCall): boolean {
  err(c, x, 'TypeTooLarge', `${operandString(c, x)} is too large`);
  return false;
}

function alignof(b: BuiltinCall): boolean {
  if (!argument(b, null, 'Alignof')) return false;
  const t = b.x.type;
  return size(b, hasVarSize(t) ? null : b.c.conf.sizes.alignof(t), t);
}

function sizeof(b: BuiltinCall): boolean {
  if (!argument(b, null, 'Sizeof')) return false;
  const t = b.x.type;
  if (hasVarSize(t)) return size(b, null, t);
  const n = b.c.conf.sizes.sizeof(t);
  return n < 0 ? tooLarge(b) : size(b, n, t);
}

function offsetof(b: BuiltinCall): boolean {
  const { c, x } = b;
  const arg = b.call.args[0];
  const e = unparen(arg);
  if (e.kind !== Kind.SelectorExpr) {
    err(c, arg, 'BadOffsetofSyntax', `${invalidArg}${exprString(arg)} is not a selector expression`);
    use(c, [arg]);
    return false;
  }
  expr(c, null, x, e.x);
  if (x.mode === Mode.Invalid) return false;
  const base = derefStructPtr(x.type);
  const { obj, index, indirect } = lookupFieldOrMethod(base, false, c.pkg, e.sel.name, false);
  if (obj === null) {
    err(c, x, 'MissingFieldOrMethod', `${invalidArg}${ts(c, base)} has no single field ${e.sel.name}`);
    return false;
  }
  if (obj.kind === ObjKind.Func) {
    err(c, arg, 'InvalidOffsetof', `${invalidArg}${exprString(arg)} is a method value`);
    return false;
  }
  if (indirect) {
    err(c, x, 'InvalidOffsetof', `${invalidArg}field ${e.sel.name} is embedded via a pointer in ${ts(c, base)}`);
    return false;
  }
  recordSelection(c, e, SelectionKind.FieldVal, base, obj, index!, false);
  const field = new Operand();
  field.mode = x.mode === Mode.Variable ? Mode.Variable : Mode.Value;
  field.expr = e;
  field.type = obj.type;
  record(c, field);
  if (hasVarSize(base)) return size(b, null, obj.type);
  const n = c.conf.sizes.offsetof(base, index!);
  return n < 0 ? tooLarge(b) : size(b, n, obj.type);
}

function derefStructPtr(t: Type): Type {
  const p = unalias(under(t));
  return p.kind === TypeKind.Pointer && under(p.elem).kind === TypeKind.Struct ? p.elem : t;
}

function slice(b: BuiltinCall): boolean {
  const { c, x } = b;
  verifyVersion(c, b.call.fun, 17, 'unsafe.Slice');
  const p = commonUnder(x.type, null).type;
  if (p === null || p.kind !== TypeKind.Pointer) {
    err(c, x, 'InvalidUnsafeSlice', `${invalidArg}${operandString(c, x)} is not a pointer`);
    return false;
  }
  return length(b, 'InvalidUnsafeSlice') && value(b, new Slice(p.elem), p, b.args[1].type);
}

function sliceData(b: BuiltinCall): boolean {
  const { c, x } = b;
  verifyVersion(c, b.call.fun, 20, 'unsafe.SliceData');
  const s = commonUnder(x.type, null).type;
  if (s === null || s.kind !== TypeKind.Slice) {
    err(c, x, 'InvalidUnsafeSliceData', `${invalidArg}${operandString(c, x)} is not a slice`);
    return false;
  }
  return value(b, new Pointer(s.elem), s);
}

function string(b: BuiltinCall): boolean {
  verifyVersion(b.c, b.call.fun, 20, 'unsafe.String');
  if (!argument(b, bytePtr, 'String') || !length(b, 'InvalidUnsafeString')) return false;
  return value(b, Typ.string, bytePtr, b.args[1].type);
}

function stringData(b: BuiltinCall): boolean {
  verifyVersion(b.c, b.call.fun, 20, 'unsafe.StringData');
  return argument(b, Typ.string, 'StringData') && value(b, bytePtr, Typ.string);
}

/** Whether the size of t depends on type parameters (or on a cycle that is still to be reported). */
export function hasVarSize(t: Type, seen: Map<Named, boolean> | null = null): boolean {
  const named = asNamed(t);
  if (named === null) return partsHaveVarSize(t, seen);
  seen ??= new Map();
  const known = seen.get(named);
  if (known !== undefined) return known;
  seen.set(named, true); // possibly cyclic until it is known better
  const result = partsHaveVarSize(t, seen);
  seen.set(named, result);
  return result;
}

function partsHaveVarSize(t: Type, seen: Map<Named, boolean> | null): boolean {
  const u = under(t);
  switch (u.kind) {
    case TypeKind.Array:
      return hasVarSize(u.elem, seen);
    case TypeKind.Struct:
      return u.fields.some((f) => hasVarSize(f.type, seen));
    case TypeKind.Interface:
      return isTypeParam(t);
  }
  return false;
}

/** The handlers by BuiltinId. */
export const unsafeHandlers: readonly (readonly [number, Handler])[] = [
  [BuiltinId.Add, add],
  [BuiltinId.Alignof, alignof],
  [BuiltinId.Offsetof, offsetof],
  [BuiltinId.Sizeof, sizeof],
  [BuiltinId.Slice, slice],
  [BuiltinId.SliceData, sliceData],
  [BuiltinId.String, string],
  [BuiltinId.StringData, stringData],
];
