// Calls of the predeclared functions: the common part, and those on values, types and channels. Those on numbers are in
// builtins-numeric.ts, package unsafe's in builtins-unsafe.ts. (Spec: Built-in functions.)
import { Kind as VKind, makeInt, unknown, type Value } from '../constant/value.ts';
import type { CallExpr } from '../syntax/ast.ts';
import { assignableTo } from './assignable.ts';
import { assignment } from './assignment.ts';
import { type BuiltinCall, invalidArg, invalidOp, makeSig, recordSig, type Handler } from './builtin-call.ts';
import { complexFn, minMax, realImag } from './builtins-numeric.ts';
import { unsafeHandlers } from './builtins-unsafe.ts';
import { checkArguments, exprList } from './arguments.ts';
import type { Checker } from './checker.ts';
import { problemString, err, ts, type Problem } from './errors.ts';
import { exclude, exprOrType } from './values.ts';
import { exprString } from '../syntax/expr-string.ts';
import { index } from './index.ts';
import {
  BuiltinId,
  ChanDir,
  InterfaceType,
  Pointer,
  Slice,
  TypeKind,
  unalias,
  under,
  type Signature,
  type Type,
  type Under,
} from './model.ts';
import { Mode, type Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { allString, isBoolean, isString, isTypeParam, isUntyped, isValid } from './predicates.ts';
import { identical } from './typeset.ts';
import { validVarType, varType } from './typexpr.ts';
import { commonUnder, typesetAll, underIs } from './under.ts';
import { Typ, builtins, universeByte } from './universe.ts';
import { use } from './use.ts';
import { verifyVersion } from './version.ts';

const emptyInterface = new InterfaceType([], []);
const byteSlice = new Slice(universeByte);

/** Checks a call of the predeclared function id; x gets the result. False after an error. */
export function builtin(c: Checker, x: Operand, call: CallExpr, id: number): boolean {
  const info = builtins[id];
  if (call.hasDots && id !== BuiltinId.Append) {
    err(c, call, 'InvalidDotDotDot', `${invalidOp}invalid use of ... with built-in ${info.name}`);
    use(c, call.args);
    return false;
  }
  // Whether len(x) is constant depends on calls and receives in x alone.
  const isLen = id === BuiltinId.Len || id === BuiltinId.Cap;
  const outer = c.env.hasCallOrRecv;
  if (isLen) c.env.hasCallOrRecv = false;
  const ok = checkBuiltin(c, x, call, id);
  if (isLen) c.env.hasCallOrRecv = outer;
  return ok;
}

/** These check their arguments themselves: a type is among them, or a selector that is not evaluated. */
function isSpecial(id: number): boolean {
  return id === BuiltinId.Make || id === BuiltinId.New || id === BuiltinId.Offsetof || id === BuiltinId.Trace;
}

function checkBuiltin(c: Checker, x: Operand, call: CallExpr, id: number): boolean {
  const info = builtins[id];
  let args: Operand[] = [];
  let nargs = call.args.length;
  if (!isSpecial(id)) {
    args = exprList(c, call.args);
    nargs = args.length;
    for (const a of args) if (a.mode === Mode.Invalid) return false;
    if (nargs > 0) x.set(args[0]);
  }
  const problem = nargs < info.nargs ? 'not enough' : !info.variadic && nargs > info.nargs ? 'too many' : '';
  if (problem !== '') {
    const counts = `(expected ${info.nargs}, found ${nargs})`;
    err(c, call, 'WrongArgCount', `${invalidOp}${problem} arguments for ${exprString(call)} ${counts}`);
    return false;
  }
  return handlers[id]({ c, x, call, args, id });
}

function append({ c, x, call, args }: BuiltinCall): boolean {
  // The first argument is a slice in any case; so an untyped nil won't do, assignable to []byte as it is.
  const { elem, problem } = sliceElem(c, x);
  if (problem !== '') return (err(c, x, 'InvalidAppend', `invalid append: ${problem}`), false);
  const s = x.type;
  let sig: Signature | null = null;
  if (args.length === 2 && call.hasDots && assignableTo(c, x, byteSlice).ok && isByteSource(args[1].type)) {
    sig = makeSig(s, s, args[1].type);
    sig.variadic = true;
  } else {
    sig = makeSig(s, s, new Slice(elem!));
    sig.variadic = true;
    checkArguments(c, call, sig, [], [], { list: args, targs: null });
  }
  recordSig(c, call, sig);
  x.mode = Mode.Value;
  x.type = s;
  return true;
}

/** Whether a type's type set consists of string types and perhaps []byte: what can be appended to bytes with "...". */
function isByteSource(t: Type): boolean {
  let hasString = false;
  const ok = typesetAll(t, (_, u) => {
    if (u === null) return false;
    if (isString(u)) return (hasString = true);
    return isByteSlice(u);
  });
  return ok && hasString;
}

function isByteSlice(u: Under): boolean {
  return u.kind === TypeKind.Slice && identical(u.elem, universeByte);
}

/** The element type of a slice operand, the same for all types of a type parameter; or the problem. */
function sliceElem(c: Checker, x: Operand): { elem: Type | null; problem: string } {
  let elem: Type | null = null;
  let problem = '';
  typesetAll(x.type, (_, u) => {
    if (u === null || u.kind !== TypeKind.Slice) {
      problem = `argument must be a slice; have ${x.mode === Mode.NilValue ? 'untyped nil' : operandString(c, x)}`;
    } else if (elem === null) {
      elem = u.elem;
    } else if (!identical(elem, u.elem)) {
      problem = `mismatched slice element types ${ts(c, elem)} and ${ts(c, u.elem)} in ${operandString(c, x)}`;
    }
    return problem === '';
  });
  return { elem, problem };
}

/** Returns A for *A if A is an array type, else t. */
export function arrayPtrDeref(t: Type): Type {
  const p = unalias(t);
  if (p.kind !== TypeKind.Pointer) return t;
  const a = under(p.elem);
  return a.kind === TypeKind.Array ? a : t;
}

/** Whether len (or cap) is defined on the type. */
function hasLength(u: Under, isLen: boolean): boolean {
  const t = arrayPtrDeref(u);
  switch (t.kind) {
    case TypeKind.Basic:
      return isLen && isString(t);
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Chan:
      return true;
    case TypeKind.Map:
      return isLen;
  }
  return false;
}

function lenCap({ c, x, call, id }: BuiltinCall): boolean {
  const isLen = id === BuiltinId.Len;
  const t = x.type;
  const u = under(t);
  const ok = isTypeParam(t) ? underIs(t, (tu) => tu !== null && hasLength(tu, isLen)) : hasLength(u, isLen);
  if (!ok) {
    if (isValid(u)) err(c, x, isLen ? 'InvalidLen' : 'InvalidCap', `${invalidArg}${operandString(c, x)} for built-in ${builtins[id].name}`);
    return false;
  }
  const val = isTypeParam(t) ? null : constantLength(c, x, arrayPtrDeref(u));
  if (val === null) recordSig(c, call, makeSig(Typ.int, t));
  x.mode = val === null ? Mode.Value : Mode.Constant;
  x.type = Typ.int;
  x.val = val;
  return true;
}

/** Spec: "The expression len(s) is constant if s is a string constant. The expressions len(s) and cap(s) are constants if the
 * type of s is an array or pointer to an array and the expression s does not contain channel receives or function calls." */
function constantLength(c: Checker, x: Operand, u: Type): Value | null {
  if (u.kind === TypeKind.Basic) return x.mode === Mode.Constant && x.val!.kind === VKind.String ? makeInt(x.val!.val.length) : null;
  if (u.kind !== TypeKind.Array || c.env.hasCallOrRecv) return null;
  return u.len >= 0 ? makeInt(u.len) : unknown;
}

function clear({ c, x, call }: BuiltinCall): boolean {
  verifyVersion(c, call.fun, 21, 'clear');
  const ok = underIs(x.type, (u) => {
    if (u !== null && (u.kind === TypeKind.Map || u.kind === TypeKind.Slice)) return true;
    err(c, x, 'InvalidClear', `${invalidArg}cannot clear ${operandString(c, x)}: argument must be (or constrained by) map or slice`);
    return false;
  });
  if (!ok) return false;
  return noResult(c, x, call, x.type);
}

function noResult(c: Checker, x: Operand, call: CallExpr, ...args: Type[]): boolean {
  x.mode = Mode.NoValue;
  recordSig(c, call, makeSig(null, ...args));
  return true;
}

function close({ c, x, call }: BuiltinCall): boolean {
  const ok = underIs(x.type, (u) => {
    if (u !== null && u.kind === TypeKind.Chan && u.dir !== ChanDir.RecvOnly) return true;
    const what = u !== null && u.kind === TypeKind.Chan ? 'receive-only channel' : 'non-channel';
    err(c, x, 'InvalidClose', `${invalidOp}cannot close ${what} ${operandString(c, x)}`);
    return false;
  });
  return ok && noResult(c, x, call, x.type);
}

function copy({ c, x, call, args }: BuiltinCall): boolean {
  const y = args[1];
  // Spec: "As a special case, copy also accepts a destination argument assignable to type []byte with a source argument of a string type."
  const special = assignableTo(c, x, byteSlice).ok && typesetAll(y.type, (_, u) => u !== null && (isByteSlice(u) || isString(u)));
  if (!special && !sameElements(c, x, y)) return false;
  recordSig(c, call, makeSig(Typ.int, x.type, y.type));
  x.mode = Mode.Value;
  x.type = Typ.int;
  return true;
}

function sameElements(c: Checker, x: Operand, y: Operand): boolean {
  const dst = sliceElem(c, x);
  if (dst.problem !== '') return (err(c, x, 'InvalidCopy', `invalid copy: ${dst.problem}`), false);
  const src = sliceElem(c, y);
  if (src.problem !== '' && !allString(y.type)) return (err(c, y, 'InvalidCopy', `invalid copy: ${src.problem}`), false);
  const elem = src.problem !== '' ? universeByte : src.elem!;
  if (identical(dst.elem!, elem)) return true;
  const types = `${ts(c, dst.elem!)} and ${ts(c, elem)}`;
  err(
    c,
    x,
    'InvalidCopy',
    `invalid copy: arguments ${operandString(c, x)} and ${operandString(c, y)} have different element types ${types}`,
  );
  return false;
}

function deleteFn({ c, x, call, args }: BuiltinCall): boolean {
  const m = x.type;
  let key: Type | null = null;
  const ok = underIs(m, (u) => {
    if (u === null || u.kind !== TypeKind.Map) {
      err(c, x, 'InvalidDelete', `${invalidArg}${operandString(c, x)} is not a map`);
      return false;
    }
    if (key !== null && !identical(u.key, key)) {
      err(c, x, 'InvalidDelete', `${invalidArg}maps of ${operandString(c, x)} must have identical key types`);
      return false;
    }
    key = u.key;
    return true;
  });
  if (!ok) return false;
  x.set(args[1]);
  assignment(c, x, key, 'argument to delete');
  return x.mode !== Mode.Invalid && noResult(c, x, call, m, key!);
}

function make({ c, x, call }: BuiltinCall): boolean {
  const arg0 = call.args[0];
  const t = varType(c, arg0);
  if (!isValid(t)) return false;
  const { type: u, problem } = commonUnder(t, (_, tu): Problem | null => {
    if (tu === null) return { text: 'no specific type', types: [] };
    const ok = tu.kind === TypeKind.Slice || tu.kind === TypeKind.Map || tu.kind === TypeKind.Chan;
    return ok ? null : { text: 'type must be slice, map, or channel', types: [] };
  });
  if (problem !== null) {
    err(c, arg0, 'InvalidMake', `${invalidArg}cannot make ${exprString(arg0)}: ${problemString(c, problem)}`);
    return false;
  }
  const min = u!.kind === TypeKind.Slice ? 2 : 1;
  const n = call.args.length;
  if (n < min || n > min + 1) {
    err(c, call, 'WrongArgCount', `${invalidOp}${exprString(call)} expects ${min} or ${min + 1} arguments; found ${n}`);
    return false;
  }
  const types: Type[] = [t];
  const sizes: number[] = [];
  for (const arg of call.args.slice(1)) {
    const { type, val } = index(c, arg, -1);
    types.push(type);
    if (val >= 0) sizes.push(val);
  }
  if (sizes.length === 2 && sizes[0] > sizes[1]) err(c, call.args[1], 'SwappedMakeArgs', `${invalidArg}length and capacity swapped`);
  x.mode = Mode.Value;
  x.type = t;
  recordSig(c, call, makeSig(t, ...types));
  return true;
}

/** new(T), or from go1.26 on new(expr): a pointer to a variable with that value. */
function newFn({ c, x, call }: BuiltinCall): boolean {
  const arg = call.args[0];
  exprOrType(c, x, arg, false);
  if (x.mode === Mode.Builtin) exclude(c, x, 'UncalledBuiltin', 'must be called');
  if (x.mode === Mode.Invalid) return false;
  if (x.mode === Mode.TypeExpr) {
    validVarType(c, arg, x.type);
  } else {
    if (isUntyped(x.type)) assignment(c, x, null, 'argument to new');
    if ((x.mode as Mode) === Mode.Invalid) return false;
    verifyVersion(c, call.fun, 26, `new(${exprString(arg)})`);
  }
  const t = x.type;
  x.mode = Mode.Value;
  x.type = new Pointer(t);
  recordSig(c, call, makeSig(x.type, t));
  return true;
}

function panic({ c, x, call }: BuiltinCall): boolean {
  const sig = c.env.sig;
  if (sig !== null && sig.results.vars.length > 0) (c.env.isPanic ??= new Set()).add(call);
  assignment(c, x, emptyInterface, 'argument to panic');
  return x.mode !== Mode.Invalid && noResult(c, x, call, emptyInterface);
}

function print({ c, x, call, args, id }: BuiltinCall): boolean {
  for (const a of args) {
    assignment(c, a, null, `argument to built-in ${builtins[id].name}`);
    if (a.mode === Mode.Invalid) return false;
    const kind = under(a.type).kind;
    if (kind === TypeKind.Struct || kind === TypeKind.Array) c.restricted.push({ e: call, type: a.type });
  }
  return noResult(c, x, call, ...args.map((a) => a.type));
}

function recover({ c, x, call }: BuiltinCall): boolean {
  x.mode = Mode.Value;
  x.type = emptyInterface;
  recordSig(c, call, makeSig(x.type));
  return true;
}

/** assert(pred): in the checker's own tests only. */
function assertFn({ c, x, call }: BuiltinCall): boolean {
  if (x.mode !== Mode.Constant || !isBoolean(x.type) || x.val!.kind !== VKind.Bool) {
    err(c, x, 'Test', `${invalidArg}${operandString(c, x)} is not a boolean constant`);
    return false;
  }
  if (!x.val!.val) err(c, call, 'Test', `${exprString(call)} failed`);
  return true;
}

/** trace(x, ...): in the checker's own tests only; its result is its first argument. */
function traceFn({ c, x, call }: BuiltinCall): boolean {
  if (call.args.length === 0) {
    x.mode = Mode.NoValue;
    return true;
  }
  exprOrType(c, x, call.args[0], false);
  return use(c, call.args.slice(1)) && x.mode !== Mode.Invalid;
}

const handlers: Handler[] = [];
handlers[BuiltinId.Append] = append;
handlers[BuiltinId.Cap] = lenCap;
handlers[BuiltinId.Clear] = clear;
handlers[BuiltinId.Close] = close;
handlers[BuiltinId.Complex] = complexFn;
handlers[BuiltinId.Copy] = copy;
handlers[BuiltinId.Delete] = deleteFn;
handlers[BuiltinId.Imag] = realImag;
handlers[BuiltinId.Len] = lenCap;
handlers[BuiltinId.Make] = make;
handlers[BuiltinId.Max] = minMax;
handlers[BuiltinId.Min] = minMax;
handlers[BuiltinId.New] = newFn;
handlers[BuiltinId.Panic] = panic;
handlers[BuiltinId.Print] = print;
handlers[BuiltinId.Println] = print;
handlers[BuiltinId.Real] = realImag;
handlers[BuiltinId.Recover] = recover;
handlers[BuiltinId.Assert] = assertFn;
handlers[BuiltinId.Trace] = traceFn;
for (const [id, h] of unsafeHandlers) handlers[id] = h;
