// Unification: makes two types equal by choosing types for the type parameters in them. Spec: "Type unification".
// A unifier holds one cell per type parameter; joined parameters share a cell. Nothing is undone on failure.
import type { Func, InterfaceType, Signature, Type, TypeParam } from './model.ts';
import { ChanDir, TypeKind, asNamed, idOf, sameId, unalias, under, declared } from './model.ts';
import { lookupFieldOrMethod } from './lookup.ts';
import { isInterface, isTypeLit, isTypeParam } from './predicates.ts';
import { identical, termsEqual, typeSet } from './typeset.ts';
import { commonUnder } from './under.ts';

/** How strictly two types are unified. */
export const UnifyMode = {
  /** Assignability is enough at the top; element types must match exactly. */ Assign: 1,
  /** The types must be identical. */ Exact: 2,
} as const;

interface Cell {
  type: Type | null;
}

interface Pair {
  readonly x: InterfaceType;
  readonly y: InterfaceType;
  readonly prev: Pair | null;
}

/** Unifications nested deeper than this fail: they are infinite. */
const depthLimit = 50;

export class Unifier {
  private readonly params: readonly TypeParam[];
  private readonly cells: Cell[];
  private readonly interfaces: boolean;
  private depth = 0;

  /** interfaces enables inexact unification of interfaces by their methods (since go1.21). */
  constructor(params: readonly TypeParam[], targs: readonly (Type | null)[], interfaces: boolean) {
    this.params = params;
    this.cells = params.map((_, i) => ({ type: targs[i] ?? null }));
    this.interfaces = interfaces;
  }

  /** Unifies x and y; reports whether that was possible. */
  unify(x: Type, y: Type, mode: number): boolean {
    return this.nify(x, y, mode, null);
  }

  /** Returns the type chosen for p, or null. */
  at(p: TypeParam): Type | null {
    return this.cells[this.params.indexOf(p)].type;
  }

  /** Chooses the type for p. */
  set(p: TypeParam, t: Type): void {
    this.cells[this.params.indexOf(p)].type = t;
  }

  /** Returns how many parameters have no type yet. */
  unknowns(): number {
    let n = 0;
    for (const c of this.cells) if (c.type === null) n++;
    return n;
  }

  /** Returns the types chosen so far. */
  inferred(): (Type | null)[] {
    return this.cells.map((c) => c.type);
  }

  private bound(t: Type): TypeParam | null {
    const p = unalias(t);
    return p.kind === TypeKind.TypeParam && this.params.includes(p) ? p : null;
  }

  /** Makes two parameters share a cell; false if both have types. */
  private join(x: TypeParam, y: TypeParam): boolean {
    const cx = this.cells[this.params.indexOf(x)];
    const cy = this.cells[this.params.indexOf(y)];
    if (cx === cy) return true;
    if (cx.type !== null && cy.type !== null) return false;
    const [keep, drop] = cx.type !== null ? [cx, cy] : [cy, cx];
    for (let i = 0; i < this.cells.length; i++) if (this.cells[i] === drop) this.cells[i] = keep;
    return true;
  }

  private nify(x: Type, y: Type, mode: number, p: Pair | null): boolean {
    if (x === y || unalias(x) === unalias(y)) return true;
    if (this.depth > depthLimit) return false;
    this.depth++;
    const ok = this.nifyDistinct(x, y, mode, p);
    this.depth--;
    return ok;
  }

  private nifyDistinct(x: Type, y: Type, mode: number, p: Pair | null): boolean {
    // A defined type goes to y, a bound type parameter to x.
    if (asNamed(x) !== null || this.bound(y) !== null) [x, y] = [y, x];
    // If exactly one of them is a defined type, its underlying type will do, unless methods decide.
    const exact = (mode & UnifyMode.Exact) !== 0;
    const ny = asNamed(y);
    if (!exact && ny !== null && isTypeLit(x) && !(this.interfaces && isInterface(x))) {
      y = under(ny);
      if (x === y || unalias(x) === y) return true;
    }
    const px = this.bound(x);
    if (px !== null) {
      const py = this.bound(y);
      if (py !== null) return this.join(px, py) || this.nify(this.at(px)!, this.at(py)!, mode, p);
      return this.nifyParam(px, y, mode, p);
    }
    if (this.interfaces && !exact) {
      const r = this.nifyMethods(x, y, p);
      if (r !== null) return r;
    }
    // An unbound type parameter goes to x.
    if (isTypeParam(y)) [x, y] = [y, x];
    return this.nifyStructure(x, y, mode, p);
  }

  /** Unifies a bound type parameter with a type. */
  private nifyParam(px: TypeParam, y: Type, mode: number, p: Pair | null): boolean {
    const x = this.at(px);
    if (x === null) {
      this.set(px, y);
      return true;
    }
    if (!this.nify(x, y, mode, p)) return false;
    const xi = interfaceOf(x);
    const yi = interfaceOf(y);
    const xn = asNamed(x) !== null;
    const yn = asNamed(y) !== null;
    if (xi !== null && yi !== null) {
      // Two different defined interfaces can't both be chosen; of others, those with the same methods are equal.
      if (xn && yn) return identical(x, y);
      if (typeSet(xi).methods.length !== typeSet(yi).methods.length) return false;
    } else if (xi !== null || yi !== null) return false;
    if ((mode & UnifyMode.Exact) === 0 && !xn) {
      // Prefer a defined type, and a directional channel, since it will be assigned to.
      if (yn) this.set(px, y);
      else {
        const yc = under(y);
        if (yc.kind === TypeKind.Chan && yc.dir !== ChanDir.SendRecv) this.set(px, y);
      }
    }
    return true;
  }

  /** Inexact unification where interfaces are involved: their common methods must unify. Null if neither is one. */
  private nifyMethods(x: Type, y: Type, p: Pair | null): boolean | null {
    const xi = interfaceOf(x);
    const yi = interfaceOf(y);
    if (xi !== null && yi !== null) return this.nifyInterfaces(xi, yi, false, p);
    const i = xi ?? yi;
    if (i === null) return null;
    const t = xi !== null ? y : x;
    for (const m of typeSet(i).methods) {
      const obj = lookupFieldOrMethod(t, false, m.pkg, m.name).obj;
      if (obj === null || declared(obj).type === null || obj.type.kind !== TypeKind.Signature || 'varKind' in obj) return false;
      if (!this.nify(m.type, obj.type, UnifyMode.Exact, p)) return false;
    }
    return true;
  }

  private nifyInterfaces(x: InterfaceType, y: InterfaceType, exact: boolean, p: Pair | null): boolean {
    const xs = typeSet(x);
    const ys = typeSet(y);
    if (xs.comparable !== ys.comparable || !termsEqual(xs.terms, ys.terms)) return false;
    let a: readonly Func[] = xs.methods;
    let b: readonly Func[] = ys.methods;
    if (exact && a.length !== b.length) return false;
    for (let q = p; q !== null; q = q.prev) {
      if ((q.x === x && q.y === y) || (q.x === y && q.y === x)) return true;
    }
    const q: Pair = { x, y, prev: p };
    if (a.length > b.length) [a, b] = [b, a];
    const byId = new Map(b.map((m) => [idOf(m.pkg, m.name), m]));
    for (const m of a) {
      const n = byId.get(idOf(m.pkg, m.name));
      if (n === undefined || !this.nify(m.type, n.type, UnifyMode.Exact, q)) return false;
    }
    return true;
  }

  /** Unifies two types that are neither bound type parameters nor (inexactly) interfaces. */
  private nifyStructure(x0: Type, y0: Type, mode: number, p: Pair | null): boolean {
    // Element types must match exactly if the types are to be assignable.
    const emode = (mode & UnifyMode.Assign) !== 0 ? mode | UnifyMode.Exact : mode;
    const x = unalias(x0);
    const y = unalias(y0);
    if (x.kind === TypeKind.TypeParam) {
      // An unbound type parameter: its core type may unify.
      const core = commonUnder(x, null).type;
      return core !== null && this.nify(core, y0, UnifyMode.Assign, p);
    }
    if (x.kind !== y.kind) return false;
    switch (x.kind) {
      case TypeKind.Basic:
        return x.basic === (y as typeof x).basic;
      case TypeKind.Array: {
        const a = y as typeof x;
        return (x.len < 0 || a.len < 0 || x.len === a.len) && this.nify(x.elem, a.elem, emode, p);
      }
      case TypeKind.Slice:
      case TypeKind.Pointer:
        return this.nify(x.elem, (y as typeof x).elem, emode, p);
      case TypeKind.Struct: {
        const s = y as typeof x;
        if (x.fields.length !== s.fields.length) return false;
        return x.fields.every((f, i) => {
          const g = s.fields[i];
          return (
            f.embedded === g.embedded && x.tag(i) === s.tag(i) && sameId(f, g.pkg, g.name, false) && this.nify(f.type, g.type, emode, p)
          );
        });
      }
      case TypeKind.Tuple:
        return this.nifyVars(x.vars, (y as typeof x).vars, mode, p);
      case TypeKind.Signature:
        return this.nifySignatures(x, y as Signature, emode, p);
      case TypeKind.Interface:
        return this.nifyInterfaces(x, y as InterfaceType, true, p);
      case TypeKind.Map: {
        const m = y as typeof x;
        return this.nify(x.key, m.key, emode, p) && this.nify(x.elem, m.elem, emode, p);
      }
      case TypeKind.Chan: {
        const ch = y as typeof x;
        return ((mode & UnifyMode.Exact) === 0 || x.dir === ch.dir) && this.nify(x.elem, ch.elem, emode, p);
      }
      case TypeKind.Named: {
        const n = y as typeof x;
        const a = x.typeArgs;
        const b = n.typeArgs;
        return x.origin === n.origin && a.length === b.length && a.every((t, i) => this.nify(t, b[i], mode, p));
      }
      default:
        return false;
    }
  }

  private nifySignatures(x: Signature, y: Signature, mode: number, p: Pair | null): boolean {
    return (
      x.variadic === y.variadic &&
      this.nifyVars(x.params.vars, y.params.vars, mode, p) &&
      this.nifyVars(x.results.vars, y.results.vars, mode, p)
    );
  }

  private nifyVars(x: readonly { type: Type }[], y: readonly { type: Type }[], mode: number, p: Pair | null): boolean {
    return x.length === y.length && x.every((v, i) => this.nify(v.type, y[i].type, mode, p));
  }
}

/** Returns the interface that is t's underlying type; null for all other types and for type parameters. */
function interfaceOf(t: Type): InterfaceType | null {
  if (isTypeParam(t)) return null;
  const u = under(t);
  return u.kind === TypeKind.Interface ? u : null;
}
