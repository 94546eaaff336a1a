// The text of an operand in diagnostics: `x (variable of type T)`, `1 << 3 (untyped int constant 8)`, as gc words it.
import { toString } from '../constant/format.ts';
import { exprString } from '../syntax/expr-string.ts';
import type { Checker } from './checker.ts';
import { ts } from './errors.ts';
import { TypeKind, asTypeParam, under, type Basic, type Type } from './model.ts';
import { Mode, type Operand } from './operand.ts';
import { hasEmptyTypeset, isGeneric, isUntyped, isValid } from './predicates.ts';
import { Typ, builtins } from './universe.ts';

const modeText: readonly string[] = [
  'invalid operand',
  'no value',
  'built-in',
  'type',
  'constant',
  'variable',
  'map index expression',
  'value',
  'nil',
  'comma, ok expression',
  'comma, error expression',
  'cgo function',
];

const kindText: Partial<Record<TypeKind, string>> = {
  [TypeKind.Array]: 'array',
  [TypeKind.Slice]: 'slice',
  [TypeKind.Struct]: 'struct',
  [TypeKind.Pointer]: 'pointer',
  [TypeKind.Signature]: 'func',
  [TypeKind.Interface]: 'interface',
  [TypeKind.Map]: 'map',
  [TypeKind.Chan]: 'chan',
  [TypeKind.Tuple]: 'tuple',
  [TypeKind.Union]: 'union',
};

/** What kind of composite type t is ("slice", "func", ...); '' for a basic type. */
export function compositeKind(t: Type): string {
  return kindText[under(t).kind] ?? '';
}

/** Describes an operand: its expression, mode, value and type. */
export function operandString(c: Checker, x: Operand): string {
  if (x.mode === Mode.NilValue) return nilString(c, x);
  const subject = subjectText(c, x);
  let text = modeText[x.mode];
  let typed = false;
  if (x.mode > Mode.TypeExpr && x.type !== null) {
    if (isUntyped(x.type)) text = (x.type as Basic).name + ' ' + text;
    else typed = true;
  }
  if (x.mode === Mode.Constant) {
    const v = toString(x.val!);
    if (v !== subject) text += ' ' + v;
  }
  if (typed) text += typeText(c, x.type);
  return subject === '' ? text : `${subject} (${text})`;
}

function nilString(c: Checker, x: Operand): string {
  if (x.type === null || x.type === Typ.invalid) return 'nil (with invalid type)';
  return x.type === Typ.untypedNil ? 'nil' : `nil (of type ${ts(c, x.type)})`;
}

function subjectText(c: Checker, x: Operand): string {
  if (x.expr !== null) return exprString(x.expr);
  switch (x.mode) {
    case Mode.Builtin:
      return builtins[x.id].name;
    case Mode.TypeExpr:
      return ts(c, x.type);
    case Mode.Constant:
      return toString(x.val!);
  }
  return '';
}

/** " of type T", with what T is if its name doesn't say so. */
function typeText(c: Checker, t: Type): string {
  if (!isValid(t)) return ' with invalid type';
  const tpar = asTypeParam(t);
  let what = isGeneric(t) ? 'generic ' : '';
  if (tpar === null && (t.kind === TypeKind.Alias || t.kind === TypeKind.Named)) {
    const u = under(t);
    what += (u.kind === TypeKind.Basic ? u.name : compositeKind(t)) + ' ';
  }
  let text = ` of ${what}type ${ts(c, t)}`;
  if (tpar !== null) {
    text += ` constrained by ${ts(c, tpar.bound)}`;
    if (hasEmptyTypeset(tpar)) text += ' with empty type set';
  }
  return text;
}
