// gc's own restrictions on types, reported once a package has no other errors: an anonymous interface must not refer to
// itself, a channel's elements must not be larger than 64 kB, an array must fit the address space, and print takes no structs
// or arrays.
import { Kind, type Expr } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import type { Checker } from './checker.ts';
import { err, ts } from './errors.ts';
import { isParameterizedType } from './parameterized.ts';
import { TypeKind, unalias, type ArrayType, type Chan, type InterfaceType, type Type } from './model.ts';
import { typeSet } from './typeset.ts';

const maxChanElem = 1 << 16;
const maxSize = 2 ** 50;

/** Checks the types noted in c.restricted, and forgets them. */
export function checkRestrictions(c: Checker): void {
  const noted = c.restricted.splice(0).sort((a, b) => a.e.pos - b.e.pos);
  if (c.failed) return;
  let outer = 0; // the end of the last interface literal: those inside it are reached from it
  const cycles = new CycleFinder();
  for (const { e, type } of noted) {
    if (e.kind === Kind.CallExpr) {
      err(c, gcPos(e), 'InvalidCall', `illegal types for operand: print\n\t${backendText(ts(c, type))}`);
      continue;
    }
    if (type.kind === TypeKind.Interface && e.kind === Kind.InterfaceType) {
      if (e.pos < outer) continue;
      outer = e.methods.closing;
      if (cycles.isCyclic(type)) {
        err(
          c,
          gcPos(e),
          'InvalidTypeCycle',
          'invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)',
        );
      }
    } else if (type.kind === TypeKind.Chan) checkChan(c, e, type);
    else if (type.kind === TypeKind.Array) checkArray(c, e, type);
  }
}

/** The text of a type as gc's later stages print it: with blanks inside the braces of struct and interface types. */
export function backendText(t: string): string {
  return t.replace(/\b(struct|interface)\{/g, '$1 { ').replace(/\}/g, ' }').replaceAll('{  }', '{}');
}

function checkChan(c: Checker, e: Expr, t: Chan): void {
  if (isParameterizedType(t.elem)) return;
  const n = c.conf.sizes.sizeof(t.elem);
  if (n >= maxChanElem || n < 0) err(c, e, 'TypeTooLarge', 'channel element type too large (>64kB)');
}

function checkArray(c: Checker, e: Expr, t: ArrayType): void {
  if (isParameterizedType(t.elem)) return;
  const n = c.conf.sizes.sizeof(t.elem);
  if (n > 0 && t.len > (maxSize - 1) / n) err(c, e, 'TypeTooLarge', `type ${ts(c, t)} larger than address space`);
}

/** Finds interfaces that refer to themselves without a named type in between. */
class CycleFinder {
  /** Interfaces met: whether they are known, or still assumed, to be on a cycle. */
  private readonly seen = new Map<InterfaceType, boolean>();

  /** Reports whether t is on such a cycle that has not been reported. */
  isCyclic(t: InterfaceType): boolean {
    if (!this.methodsReach(t)) return false;
    for (const known of this.seen.keys()) this.seen.set(known, false);
    return true;
  }

  private methodsReach(t: InterfaceType): boolean {
    return typeSet(t).methods.some((m) => this.reaches(m.type));
  }

  private reaches(t: Type): boolean {
    const u = unalias(t);
    switch (u.kind) {
      case TypeKind.Pointer:
      case TypeKind.Slice:
      case TypeKind.Array:
      case TypeKind.Chan:
        return this.reaches(u.elem);
      case TypeKind.Map:
        return this.reaches(u.key) || this.reaches(u.elem);
      case TypeKind.Struct:
        return u.fields.some((f) => this.reaches(f.type));
      case TypeKind.Tuple:
        return u.vars.some((v) => this.reaches(v.type));
      case TypeKind.Signature:
        return this.reaches(u.params) || this.reaches(u.results);
      case TypeKind.Interface:
        return this.interfaceReaches(u);
    }
    return false; // a named type ends the search
  }

  private interfaceReaches(t: InterfaceType): boolean {
    if (t.methods.length === 0 && t.embeddeds.length === 0) return false;
    const known = this.seen.get(t);
    if (known !== undefined) return known;
    this.seen.set(t, true);
    if (this.methodsReach(t)) return true;
    this.seen.set(t, false);
    return false;
  }
}
