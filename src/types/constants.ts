// Constants and their types: whether a value is representable by a basic type, the value as rounded to it, and overflow.
// Spec: "A constant x is representable by a value of type T ... if x is in the set of values determined by T", or "T is a
// floating-point type and x can be rounded to T's precision without overflow", or so for both parts of a complex.
import { toComplex, toFloat, toInt } from '../constant/convert.ts';
import { fitsInt, float32Val, float64Val, makeFloat64 } from '../constant/rounding.ts';
import { Kind, bitLen, makeComplex, unknown, type RealValue, type Value } from '../constant/value.ts';
import { Kind as NodeKind, type Expr } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import type { Checker } from './checker.ts';
import type { Code } from './codes.ts';
import { err } from './errors.ts';
import { BasicInfo, BasicKind, under, type Basic, type Type } from './model.ts';
import type { Operand } from './operand.ts';
import { Mode } from './operand.ts';
import { isInteger, isNumeric, isTyped } from './predicates.ts';
import { operandString } from './operand-string.ts';
import { ts } from './errors.ts';

const intBits = new Uint8Array(26);
intBits[BasicKind.Int] = intBits[BasicKind.Int64] = intBits[BasicKind.Uint] = intBits[BasicKind.Uint64] = intBits[BasicKind.Uintptr] = 64;
intBits[BasicKind.Int8] = intBits[BasicKind.Uint8] = 8;
intBits[BasicKind.Int16] = intBits[BasicKind.Uint16] = 16;
intBits[BasicKind.Int32] = intBits[BasicKind.Uint32] = 32;

/** The bits of an integer type of fixed size; 0 for other types. */
export function integerBits(t: Basic): number {
  return intBits[t.basic];
}

function roundReal(v: RealValue | typeof unknown, bits: 32 | 64): RealValue | null {
  if (v.kind === Kind.Unknown) return null;
  const f = bits === 32 ? float32Val(v) : float64Val(v);
  const r = makeFloat64(f);
  return r.kind === Kind.Unknown ? null : r;
}

/** Returns x as a value of the basic type, rounded if need be; null if it isn't representable. Unknown stays unknown. */
export function representation(x: Value, t: Basic): Value | null {
  if (x.kind === Kind.Unknown) return x;
  const info = t.info;
  if ((info & BasicInfo.IsInteger) !== 0) {
    const i = toInt(x);
    if (i.kind !== Kind.Int) return null;
    const bits = intBits[t.basic];
    return bits === 0 || fitsInt(i, bits, (info & BasicInfo.IsUnsigned) === 0) ? i : null;
  }
  if ((info & BasicInfo.IsFloat) !== 0) {
    const f = toFloat(x);
    if (f.kind !== Kind.Float) return null;
    if (t.basic === BasicKind.UntypedFloat) return x;
    return roundReal(f, t.basic === BasicKind.Float32 ? 32 : 64);
  }
  if ((info & BasicInfo.IsComplex) !== 0) {
    const z = toComplex(x);
    if (z.kind !== Kind.Complex) return null;
    if (t.basic === BasicKind.UntypedComplex) return x;
    const bits = t.basic === BasicKind.Complex64 ? 32 : 64;
    const re = roundReal(z.re, bits),
      im = roundReal(z.im, bits);
    return re === null || im === null ? null : makeComplex(re, im);
  }
  if ((info & BasicInfo.IsString) !== 0) return x.kind === Kind.String ? x : null;
  if ((info & BasicInfo.IsBoolean) !== 0) return x.kind === Kind.Bool ? x : null;
  return null;
}

/** The kind of error where the constant operand x is not representable by t. */
export function unrepresentableCode(x: Operand, t: Basic): Code {
  if (!isNumeric(x.type) || !isNumeric(t)) return 'InvalidConstVal';
  return !isInteger(x.type) && isInteger(t) ? 'TruncatedFloat' : 'NumericOverflow';
}

/** Gives the constant operand x its value as a t; reports an error and invalidates x if there is none. */
export function representable(c: Checker, x: Operand, t: Basic): void {
  const v = representation(x.val!, t);
  if (v !== null) {
    x.val = v;
    return;
  }
  invalidConversion(c, unrepresentableCode(x, t), x, t);
  x.mode = Mode.Invalid;
}

/** Reports that the operand can't become a `target`. */
export function invalidConversion(c: Checker, code: Code, x: Operand, target: Type): void {
  const xs = operandString(c, x),
    t = ts(c, target);
  let msg = `cannot convert ${xs} to type ${t}`;
  if (code === 'TruncatedFloat') msg = `${xs} truncated to ${t}`;
  else if (code === 'NumericOverflow') msg = `${xs} overflows ${t}`;
  err(c, x, code, msg);
}

/** Untyped integers may not have more bits than this. */
const maxUntypedBits = 512;

/** Checks the result x of a constant operation: it must be representable by its type; an untyped one must stay within bounds. */
export function overflow(c: Checker, x: Operand, opPos: number): void {
  const v = x.val!;
  if (v.kind === Kind.Unknown) {
    err(c, opPos, 'InvalidConstVal', 'constant result is not representable');
    return;
  }
  if (isTyped(x.type)) {
    representable(c, x, under(x.type) as Basic);
    return;
  }
  if (v.kind === Kind.Int && typeof v.val === 'bigint' && bitLen(v) > maxUntypedBits) {
    const name = operationName(x.expr);
    err(c, opPos, 'InvalidConstVal', `constant ${name === '' ? '' : name + ' '}overflow`);
    x.val = unknown;
  }
}

function operationName(e: Expr | null): string {
  if (e === null) return '';
  if (e.kind === NodeKind.UnaryExpr) return e.op === Token.Xor ? 'bitwise complement' : '';
  if (e.kind !== NodeKind.BinaryExpr) return '';
  switch (e.op) {
    case Token.Add:
      return 'addition';
    case Token.Sub:
      return 'subtraction';
    case Token.Xor:
      return 'bitwise XOR';
    case Token.Mul:
      return 'multiplication';
    case Token.Shl:
      return 'shift';
  }
  return '';
}
