// Literals: basic, function and composite ones. (Spec: Composite literals, Function literals.)
import { float64Val } from '../constant/rounding.ts';
import { fromLiteral, intLiteral, type LiteralKind } from '../constant/literal.ts';
import { toFloat, toInt } from '../constant/convert.ts';
import { toString } from '../constant/format.ts';
import { Kind as VKind, type RealValue, type Value } from '../constant/value.ts';
import { Kind, type BasicLit, type CompositeLit, type Expr, type FuncLit, type KeyValueExpr } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import { assignment } from './assignment.ts';
import type { Checker } from './checker.ts';
import { overflow } from './constants.ts';
import { err, ts, versionErr } from './errors.ts';
import { expr, exprWithHint } from './values.ts';
import { exprString } from '../syntax/expr-string.ts';
import { index } from './index.ts';
import { fieldIndex, lookupError } from './lookup.ts';
import { ArrayType, TypeKind, type Basic, type MapType, type Struct, type Type } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { isNonTypeParamInterface, isValid } from './predicates.ts';
import { identical } from './typeset.ts';
import { recordTypeAndValue, recordUse } from './record.ts';
import { typ, varType } from './typexpr.ts';
import { commonUnder } from './under.ts';
import { Typ } from './universe.ts';
import { use } from './use.ts';
import { allowVersion } from './version.ts';

// ---- basic literals

const literalKinds: Partial<Record<Token, LiteralKind>> = {
  [Token.Int]: 'int',
  [Token.Float]: 'float',
  [Token.Imag]: 'imag',
  [Token.Char]: 'rune',
  [Token.String]: 'string',
};
const literalTypes: Partial<Record<Token, Basic>> = {
  [Token.Int]: Typ.untypedInt,
  [Token.Float]: Typ.untypedFloat,
  [Token.Imag]: Typ.untypedComplex,
  [Token.Char]: Typ.untypedRune,
  [Token.String]: Typ.untypedString,
};

/** Longer numbers are refused: they have more digits than any precision uses, and cost time and space. */
const maxNumberLength = 10000;

/** Checks a basic literal: an untyped constant. */
export function basicLit(c: Checker, x: Operand, e: BasicLit): void {
  if (e.bad) return;
  const text = e.value;
  if (e.tok !== Token.String && e.tok !== Token.Char) {
    if (text.length > 2 && !allowVersion(c, 13)) checkNotation(c, e);
    if (text.length > maxNumberLength) {
      err(c, e, 'InvalidConstVal', `excessively long constant: ${text.slice(0, 10)}... (${text.length} chars)`);
      return;
    }
  }
  const val = e.tok === Token.Int ? intLiteral(text) : fromLiteral(text, literalKinds[e.tok]!);
  if (val.kind === VKind.Unknown) {
    err(c, e, 'InvalidConstVal', `malformed constant: ${text}`);
    return;
  }
  x.mode = Mode.Constant;
  x.type = literalTypes[e.tok]!;
  x.val = val;
  x.expr = e;
  if (val.kind === VKind.Int && typeof val.val === 'bigint') overflow(c, x, e.pos);
}

/** Reports notations that came with go1.13. */
function checkNotation(c: Checker, e: BasicLit): void {
  const text = e.value.toLowerCase();
  let what = '';
  if (text.includes('_')) what = 'underscore in numeric literal';
  else if (text.startsWith('0b')) what = 'binary literal';
  else if (text.startsWith('0o')) what = '0o/0O-style octal literal';
  else if (text.startsWith('0x') && e.tok !== Token.Int) what = 'hexadecimal floating-point literal';
  if (what !== '') versionErr(c, e, 13, what);
}

// ---- function literals

/** Checks a function literal. Its body is checked at the end of the statement: its types may not be complete before. */
export function funcLit(c: Checker, x: Operand, e: FuncLit): void {
  const sig = typ(c, e.type);
  if (sig.kind !== TypeKind.Signature) {
    err(c, e, 'InvalidSyntaxTree', `invalid function literal ${exprString(e)}`);
    return;
  }
  if (c.conf.ignoreFuncBodies !== true) {
    const { decl, iota } = c.env;
    c.later(() => c.rec.funcBody(c, decl, '<function literal>', sig, e.body, iota));
  }
  x.mode = Mode.Value;
  x.type = sig;
}

// ---- composite literals

/** Checks a composite literal; hint is the element type of the enclosing one, for a literal without a type. */
export function compositeLit(c: Checker, x: Operand, e: CompositeLit, hint: Type | null): void {
  const t = literalType(c, e, hint);
  let base = t;
  if (e.type === null && hint !== null) {
    // Spec: "elements or keys that are addresses of composite literals may elide the &T when the type is *T"
    const u = commonUnder(t, null).type;
    if (u !== null && u.kind === TypeKind.Pointer) base = u.elem;
  }
  const u = commonUnder(base, null).type;
  switch (u === null ? -1 : u.kind) {
    case TypeKind.Struct:
      structLit(c, x, e, u as Struct, base);
      break;
    case TypeKind.Array:
      arrayLit(c, e, u as ArrayType);
      break;
    case TypeKind.Slice:
      indexedElements(c, e.elts, (u as ArrayType).elem, -1);
      break;
    case TypeKind.Map:
      mapLit(c, x, e, u as MapType);
      break;
    default:
      for (const elt of e.elts) use(c, [elt.kind === Kind.KeyValueExpr ? elt.value : elt]);
      if (u !== null && !isValid(u)) break;
      err(
        c,
        e,
        'InvalidLit',
        `invalid composite literal${e.type === null ? ' element' : ''} type ${ts(c, t)}${u === null ? ' (no common underlying type)' : ''}`,
      );
      x.mode = Mode.Invalid;
      return;
  }
  x.mode = Mode.Value;
  x.type = t;
}

function literalType(c: Checker, e: CompositeLit, hint: Type | null): Type {
  const te = e.type;
  if (te !== null) {
    if (te.kind === Kind.ArrayType && te.len !== null && te.len.kind === Kind.Ellipsis) return new ArrayType(varType(c, te.elt), -1);
    return typ(c, te);
  }
  if (hint !== null) return hint;
  err(c, e, 'UntypedLit', 'missing type in composite literal');
  return Typ.invalid;
}

function structLit(c: Checker, x: Operand, e: CompositeLit, t: Struct, base: Type): void {
  if (e.elts.length === 0) return;
  if (e.elts[0].kind === Kind.KeyValueExpr) keyedFields(c, x, e.elts, t, base);
  else positionalFields(c, x, e, t, base);
}

function keyedFields(c: Checker, x: Operand, elts: readonly Expr[], t: Struct, base: Type): void {
  const fields = t.fields;
  const seen = new Uint8Array(fields.length);
  for (const elt of elts) {
    if (elt.kind !== Kind.KeyValueExpr) {
      mixture(c, elt);
      continue;
    }
    const key = elt.key;
    const i = key.kind === Kind.Ident ? fieldIndex(fields, c.pkg, key.name, false) : -1;
    expr(c, null, x, elt.value);
    if (key.kind !== Kind.Ident) {
      err(c, elt, 'InvalidLitField', `invalid field name ${exprString(key)} in struct literal`);
      continue;
    }
    if (i < 0) {
      const j = fieldIndex(fields, c.pkg, key.name, true);
      err(c, key, 'MissingLitField', lookupError(c, base, key.name, j >= 0 ? fields[j] : null, true));
      continue;
    }
    recordUse(c, key, fields[i]);
    assignment(c, x, fields[i].type, 'struct literal');
    if (seen[i] === 1) err(c, elt, 'DuplicateLitField', `duplicate field name ${key.name} in struct literal`);
    seen[i] = 1;
  }
}

function mixture(c: Checker, e: Expr): void {
  err(c, e, 'MixedStructLit', 'mixture of field:value and value elements in struct literal');
}

function positionalFields(c: Checker, x: Operand, e: CompositeLit, t: Struct, base: Type): void {
  const fields = t.fields;
  for (let i = 0; i < e.elts.length; i++) {
    const elt = e.elts[i];
    if (elt.kind === Kind.KeyValueExpr) {
      mixture(c, elt);
      continue;
    }
    expr(c, null, x, elt);
    if (i >= fields.length) {
      err(c, x, 'InvalidStructLit', `too many values in struct literal of type ${ts(c, base)}`);
      break;
    }
    const f = fields[i];
    if (!f.exported && f.pkg !== c.pkg) {
      err(c, x, 'UnexportedLitField', `implicit assignment to unexported field ${f.name} in struct literal of type ${ts(c, base)}`);
      continue;
    }
    assignment(c, x, f.type, 'struct literal');
  }
  if (e.elts.length < fields.length) err(c, e.rbrace, 'InvalidStructLit', `too few values in struct literal of type ${ts(c, base)}`);
}

function arrayLit(c: Checker, e: CompositeLit, t: ArrayType): void {
  const n = indexedElements(c, e.elts, t.elem, t.len);
  if (t.len >= 0) return;
  // [...]T, or an array whose length is wrong: guess it from the literal.
  t.len = n;
  if (e.type !== null) recordTypeAndValue(c, e.type, Mode.TypeExpr, t, null);
}

/** Checks the elements of an array or slice literal; returns its length. length is the array's, -1 if there is none. */
function indexedElements(c: Checker, elts: readonly Expr[], t: Type, length: number): number {
  // Indices are collected only once an index is given: without any they can't repeat.
  let seen: Set<number> | null = null;
  let next = 0;
  let max = 0;
  const x = new Operand();
  for (let i = 0; i < elts.length; i++) {
    const elt = elts[i];
    let value = elt;
    let valid = false;
    if (elt.kind === Kind.KeyValueExpr) {
      if (seen === null) {
        seen = new Set();
        for (let k = 0; k < i; k++) seen.add(k);
      }
      const at = explicitIndex(c, elt, length);
      if (at >= 0) {
        next = at;
        valid = true;
      }
      value = elt.value;
    } else if (length >= 0 && next >= length) {
      err(c, elt, 'OversizeArrayLit', `index ${next} is out of bounds (>= ${length})`);
    } else {
      valid = true;
    }
    if (valid && seen !== null) {
      if (seen.has(next)) err(c, elt, 'DuplicateLitKey', `duplicate index ${next} in array or slice literal`);
      seen.add(next);
    }
    next++;
    if (next > max) max = next;
    exprWithHint(c, x, value, t);
    assignment(c, x, t, 'array or slice literal');
  }
  return max;
}

function explicitIndex(c: Checker, e: KeyValueExpr, length: number): number {
  const { type, val } = index(c, e.key, length);
  if (val < 0 && isValid(type)) err(c, e, 'InvalidLitIndex', `index ${exprString(e.key)} must be integer constant`);
  return val;
}

/** A constant map key so that equal keys are the same value of a Set. */
function keyOf(v: Value): unknown {
  switch (v.kind) {
    case VKind.Bool:
      return v.val;
    case VKind.String:
      return 's' + v.val;
    case VKind.Unknown:
      return v;
  }
  const i = toInt(v);
  if (i.kind === VKind.Int) return i.val;
  const f = toFloat(v);
  if (f.kind === VKind.Float) return float64Val(f);
  if (v.kind !== VKind.Complex) return v;
  return `c${float64Val(v.re as RealValue)},${float64Val(v.im as RealValue)}`;
}

function mapLit(c: Checker, x: Operand, e: CompositeLit, t: MapType): void {
  // In a map of interfaces, keys of different types are different.
  const perType = isNonTypeParamInterface(t.key);
  const seen = new Map<unknown, Type[]>();
  for (const elt of e.elts) {
    if (elt.kind !== Kind.KeyValueExpr) {
      err(c, elt, 'MissingLitKey', 'missing key in map literal');
      continue;
    }
    exprWithHint(c, x, elt.key, t.key);
    assignment(c, x, t.key, 'map literal');
    if (x.mode === Mode.Invalid) continue;
    if (x.mode === Mode.Constant) {
      const key = keyOf(x.val!);
      const types = seen.get(key);
      if (types === undefined) seen.set(key, [x.type]);
      else if (!perType || types.some((other) => identical(other, x.type))) {
        err(c, x, 'DuplicateLitKey', `duplicate key ${toString(x.val!)} in map literal`);
        continue;
      } else types.push(x.type);
    }
    exprWithHint(c, x, elt.value, t.elem);
    assignment(c, x, t.elem, 'map literal');
  }
}
