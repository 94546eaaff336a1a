// Expressions: the dispatch over their kinds, and the forms in which other rules ask for them.
//
// All check an expression e into an operand x that the caller owns. After an error x.mode is Invalid and the error has been
// reported. What is found out is recorded in c.info as soon as it is known (untyped.ts tells how untyped types change).
import { Kind, type Expr, type StarExpr, type TypeAssertExpr } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import { callExpr } from './call.ts';
import type { Checker, Target } from './checker.ts';
import type { Code } from './codes.ts';
import { finiteSize } from './cycles.ts';
import { err } from './errors.ts';
import { genericInst, nonGeneric } from './generic.ts';
import { indexExpr } from './index.ts';
import { basicLit, compositeLit, funcLit } from './literals.ts';
import { Pointer, TypeKind, under, type Type } from './model.ts';
import { Mode, type Operand } from './operand.ts';
import { binary, unary } from './operators.ts';
import { operandString } from './operand-string.ts';
import { isTypeParam, isValid } from './predicates.ts';
import { selector } from './selector.ts';
import { sliceExpr } from './slice.ts';
import { typeAssertion } from './type-assertion.ts';
import { identical } from './typeset.ts';
import { ident, typ, validVarType, varType } from './typexpr.ts';
import { underIs } from './under.ts';
import { Typ } from './universe.ts';
import { record } from './untyped.ts';
import { use } from './use.ts';
import { ExprKind, expr, exprOrType } from './values.ts';

/** Deeper nesting than this is refused, before the host's stack ends. */
const maxDepth = 2500;

/**
 * Checks e, which may be anything. A target helps to infer the type arguments of a generic function; hint is the type of a
 * composite literal's element whose own type is omitted; allowGeneric lets uninstantiated functions and types pass.
 */
export function rawExpr(c: Checker, target: Target | null, x: Operand, e: Expr, hint: Type | null, allowGeneric: boolean): ExprKind {
  x.mode = Mode.Invalid;
  x.type = Typ.invalid;
  x.expr = e;
  if (c.depth > maxDepth) {
    err(c, e, 'InvalidSyntaxTree', 'expression nests too deeply');
    return ExprKind.Statement;
  }
  c.depth++;
  let kind = exprInternal(c, target, x, e, hint);
  c.depth--;
  if (x.mode > Mode.NoValue) {
    if (!allowGeneric) nonGeneric(c, target, x);
    if (x.mode > Mode.NoValue && !finiteSize(c, x.type)) invalidate(x);
  }
  if ((x.mode as Mode) === Mode.Invalid) kind = ExprKind.Statement;
  record(c, x);
  return kind;
}

function invalidate(x: Operand): void {
  x.mode = Mode.Invalid;
  x.type = Typ.invalid;
}

function exprInternal(c: Checker, target: Target | null, x: Operand, e: Expr, hint: Type | null): ExprKind {
  switch (e.kind) {
    case Kind.Ident:
      ident(c, x, e, false);
      break;
    case Kind.BasicLit:
      basicLit(c, x, e);
      break;
    case Kind.FuncLit:
      funcLit(c, x, e);
      break;
    case Kind.CompositeLit:
      compositeLit(c, x, e, hint);
      break;
    case Kind.ParenExpr: {
      // Inference does not look through parentheses: no target.
      const kind = rawExpr(c, null, x, e.x, null, false);
      x.expr = e;
      return kind;
    }
    case Kind.SelectorExpr:
      selector(c, x, e, false);
      break;
    case Kind.IndexExpr:
      if (indexExpr(c, x, e)) genericInst(c, target, x, e);
      break;
    case Kind.SliceExpr:
      sliceExpr(c, x, e);
      break;
    case Kind.TypeAssertExpr:
      typeAssertExpr(c, x, e);
      break;
    case Kind.CallExpr:
      return callExpr(c, x, e);
    case Kind.StarExpr:
      starExpr(c, x, e);
      break;
    case Kind.UnaryExpr:
      unary(c, x, e);
      x.expr = e;
      return e.op === Token.Arrow ? ExprKind.Statement : ExprKind.Expression;
    case Kind.BinaryExpr:
      binary(c, x, e, e.x, e.y, e.op);
      break;
    case Kind.ArrayType:
    case Kind.StructType:
    case Kind.FuncType:
    case Kind.InterfaceType:
    case Kind.MapType:
    case Kind.ChanType:
      x.mode = Mode.TypeExpr;
      x.type = typ(c, e);
      break;
    case Kind.KeyValueExpr:
      err(c, e, 'InvalidSyntaxTree', 'no key:value expected');
      break;
    case Kind.Ellipsis:
      err(c, e, 'InvalidSyntaxTree', 'invalid use of ...');
      break;
    case Kind.BadExpr:
      break; // reported by the parser
  }
  x.expr = e;
  return ExprKind.Expression;
}

/** *x: an indirection, or a pointer type. */
function starExpr(c: Checker, x: Operand, e: StarExpr): void {
  exprOrType(c, x, e.x, false);
  if (x.mode === Mode.Invalid) return;
  if (x.mode === Mode.TypeExpr) {
    validVarType(c, e.x, x.type);
    x.type = new Pointer(x.type);
    return;
  }
  let base: Type | null = null;
  const ok = underIs(x.type, (u) => {
    if (u === null || u.kind !== TypeKind.Pointer) {
      err(c, x, 'InvalidIndirection', `invalid operation: cannot indirect ${operandString(c, x)}`);
      return false;
    }
    if (base !== null && !identical(u.elem, base)) {
      err(c, x, 'InvalidIndirection', `invalid operation: pointers of ${operandString(c, x)} must have identical base types`);
      return false;
    }
    base = u.elem;
    return true;
  });
  if (!ok) {
    x.mode = Mode.Invalid;
    return;
  }
  x.mode = Mode.Variable;
  x.type = base!;
}

/** x.(T) */
function typeAssertExpr(c: Checker, x: Operand, e: TypeAssertExpr): void {
  if (e.type === null) {
    err(c, e, 'InvalidSyntaxTree', 'use of .(type) outside type switch');
    use(c, [e.x]);
    return;
  }
  expr(c, null, x, e.x);
  if (x.mode === Mode.Invalid) return;
  const fail = (code: Code, message: string): void => {
    err(c, x, code, message);
    x.mode = Mode.Invalid;
  };
  if (isTypeParam(x.type)) {
    return fail('InvalidAssert', `invalid operation: cannot use type assertion on type parameter value ${operandString(c, x)}`);
  }
  if (under(x.type).kind !== TypeKind.Interface)
    return fail('InvalidAssert', `invalid operation: ${operandString(c, x)} is not an interface`);
  const t = varType(c, e.type);
  if (!isValid(t)) {
    x.mode = Mode.Invalid;
    return;
  }
  typeAssertion(c, e, x, t, false);
  x.mode = Mode.CommaOk;
  x.type = t;
}
