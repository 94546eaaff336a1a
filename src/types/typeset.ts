// Type sets of interfaces, the lists of terms they are made of, comparability, and identity of types. One file because
// each of these needs the others: identity of interfaces compares type sets, type sets are intersected by identity.
// Spec: "An interface type defines a type set", "Type identity", "Comparison operators".
import type { Checker } from './checker.ts';
import type { Problem } from './errors.ts';
import { ErrorDesc, err, ts } from './errors.ts';
import type { Func, InterfaceType, Named, Signature, Term, Tuple, Type, TypeParam, TypeSet, Union } from './model.ts';
import { BasicKind, TypeKind, asNamed, idOf, invalidType, isExported, sameId, unalias, under } from './model.ts';
import { typeString } from './typestring.ts';
import { allowVersion, verifyVersion } from './version.ts';

// ---- identity

/** Flags of `identicalWith`. */
export const IgnoreTags = 1;
export const IgnoreInvalids = 2;

/** Interfaces being compared, and type parameters taken as equal, on the way to the current types. */
interface Pair {
  readonly x: InterfaceType | TypeParam;
  readonly y: InterfaceType | TypeParam;
  readonly prev: Pair | null;
}

/** Reports whether x and y are identical types. */
export function identical(x: Type, y: Type): boolean {
  return x === y || same(x, y, 0, null);
}

/** Is `identical` but for struct tags. */
export function identicalIgnoreTags(x: Type, y: Type): boolean {
  return x === y || same(x, y, IgnoreTags, null);
}

/** Is `identical` with flags. */
export function identicalWith(x: Type, y: Type, flags: number): boolean {
  return x === y || same(x, y, flags, null);
}

function same(x: Type, y: Type, flags: number, p: Pair | null): boolean {
  x = unalias(x);
  y = unalias(y);
  if (x === y) return true;
  if ((flags & IgnoreInvalids) !== 0 && (x === invalidType() || y === invalidType())) return true;
  if (x.kind !== y.kind) return false;
  switch (x.kind) {
    case TypeKind.Basic:
      return x.basic === (y as typeof x).basic;
    case TypeKind.Named:
      return sameNamed(x, y as Named, flags, p);
    case TypeKind.Pointer:
    case TypeKind.Slice:
      return same(x.elem, (y as typeof x).elem, flags, p);
    case TypeKind.Array: {
      const a = y as typeof x;
      return (x.len < 0 || a.len < 0 || x.len === a.len) && same(x.elem, a.elem, flags, p);
    }
    case TypeKind.Map: {
      const m = y as typeof x;
      return same(x.key, m.key, flags, p) && same(x.elem, m.elem, flags, p);
    }
    case TypeKind.Chan: {
      const ch = y as typeof x;
      return x.dir === ch.dir && same(x.elem, ch.elem, flags, p);
    }
    case TypeKind.Struct: {
      const s = y as typeof x;
      const n = x.fields.length;
      if (n !== s.fields.length) return false;
      for (let i = 0; i < n; i++) {
        const f = x.fields[i];
        const g = s.fields[i];
        if (f.embedded !== g.embedded || !sameId(f, g.pkg, g.name, false)) return false;
        if ((flags & IgnoreTags) === 0 && x.tag(i) !== s.tag(i)) return false;
        if (!same(f.type, g.type, flags, p)) return false;
      }
      return true;
    }
    case TypeKind.Tuple:
      return sameTuple(x, y as Tuple, flags, p);
    case TypeKind.Signature:
      return sameSignature(x, y as Signature, flags, p);
    case TypeKind.Union:
      return termsEqual(unionTerms(null, 0, x), unionTerms(null, 0, y as Union));
    case TypeKind.Interface:
      return sameInterface(x, y as InterfaceType, flags, p);
    case TypeKind.TypeParam:
      for (let q = p; q !== null; q = q.prev) {
        if (q.x === x && q.y === y) return true;
      }
      return false;
    default:
      return false;
  }
}

function sameNamed(x: Named, y: Named, flags: number, p: Pair | null): boolean {
  if (x.inst === null || y.inst === null) return false; // x !== y
  const xargs = x.inst.targs;
  const yargs = y.inst.targs;
  if (x.inst.orig !== y.inst.orig || xargs.length !== yargs.length) return false;
  for (let i = 0; i < xargs.length; i++) {
    if (!same(xargs[i], yargs[i], flags & ~IgnoreTags, p)) return false;
  }
  return true;
}

function sameTuple(x: Tuple, y: Tuple, flags: number, p: Pair | null): boolean {
  const n = x.vars.length;
  if (n !== y.vars.length) return false;
  for (let i = 0; i < n; i++) {
    if (!same(x.vars[i].type, y.vars[i].type, flags, p)) return false;
  }
  return true;
}

function sameSignature(x: Signature, y: Signature, flags: number, p: Pair | null): boolean {
  if (x.variadic !== y.variadic || x.tparams.length !== y.tparams.length) return false;
  // Generic signatures are identical up to renaming of their type parameters.
  for (let i = 0; i < x.tparams.length; i++) p = { x: x.tparams[i], y: y.tparams[i], prev: p };
  for (let i = 0; i < x.tparams.length; i++) {
    if (!same(x.tparams[i].bound, y.tparams[i].bound, flags, p)) return false;
  }
  return sameTuple(x.params, y.params, flags, p) && sameTuple(x.results, y.results, flags, p);
}

function sameInterface(x: InterfaceType, y: InterfaceType, flags: number, p: Pair | null): boolean {
  const xset = typeSet(x);
  const yset = typeSet(y);
  if (xset.comparable !== yset.comparable || !termsEqual(xset.terms, yset.terms)) return false;
  const a = xset.methods;
  const b = yset.methods;
  if (a.length !== b.length) return false;
  if (a.length === 0) return true;
  for (let q = p; q !== null; q = q.prev) {
    if ((q.x === x && q.y === y) || (q.x === y && q.y === x)) return true; // being compared already
  }
  const q: Pair = { x, y, prev: p };
  for (let i = 0; i < a.length; i++) {
    if (!sameId(a[i], b[i].pkg, b[i].name, false) || !same(a[i].type, b[i].type, flags, q)) return false;
  }
  return true;
}

// ---- terms; a list of terms is null for all types, empty for none

/** Reports whether the types of two terms have nothing in common. */
export function disjointTerms(x: Term, y: Term): boolean {
  const ux = y.tilde ? under(x.type!) : x.type!;
  const uy = x.tilde ? under(y.type!) : y.type!;
  return !identical(ux, uy);
}

/** Reports whether t is in the term. */
export function termIncludes(x: Term, t: Type): boolean {
  if (x.type === null) return true;
  return identical(x.type, x.tilde ? under(t) : t);
}

/** Returns the list without terms that others contain. */
export function normalTerms(list: readonly Term[]): Term[] {
  const out: Term[] = [];
  const used = new Array<boolean>(list.length).fill(false);
  for (let i = 0; i < list.length; i++) {
    if (used[i]) continue;
    let x = list[i];
    for (let j = i + 1; j < list.length; j++) {
      if (used[j]) continue;
      const y = list[j];
      if (disjointTerms(x, y)) continue;
      if (!x.tilde && y.tilde) x = y;
      used[j] = true;
    }
    out.push(x);
  }
  return out;
}

/** Returns the intersection of two lists. */
export function intersectTerms(xs: Term[] | null, ys: Term[] | null): Term[] | null {
  if (xs === null) return ys;
  if (ys === null) return xs;
  const out: Term[] = [];
  for (const x of xs) {
    for (const y of ys) {
      if (!disjointTerms(x, y)) out.push(x.tilde && !y.tilde ? y : x);
    }
  }
  return normalTerms(out);
}

/** Reports whether all types of xs are in ys. */
export function termsSubset(xs: Term[] | null, ys: Term[] | null): boolean {
  if (ys === null) return true;
  if (xs === null) return false;
  if (ys.length === 0) return xs.length === 0;
  return xs.every((x) => ys.some((y) => !disjointTerms(x, y) && (!x.tilde || y.tilde)));
}

/** Reports whether two lists stand for the same types. */
export function termsEqual(xs: Term[] | null, ys: Term[] | null): boolean {
  if (xs === ys) return true;
  return termsSubset(xs, ys) && termsSubset(ys, xs);
}

/** Returns the text of a list of terms, with full package paths (as types2 has it). */
export function termsString(list: readonly Term[] | null): string {
  if (list === null) return '𝓤';
  if (list.length === 0) return '∅';
  return list.map((t) => (t.tilde ? '~' : '') + typeString(t.type!, null)).join(' | ');
}

// ---- type sets

/** The type set of all types. */
export const topTypeSet: TypeSet = { methods: [], terms: null, comparable: false };

/** The largest number of terms of a union. */
export const maxTermCount = 100;

/** Returns the type set of an interface, which it computes at the first call. */
export function typeSet(t: InterfaceType): TypeSet {
  return t.tset ?? computeTypeSet(t.checker as Checker | null, 0, t);
}

/** Reports whether the set is given by methods alone. */
export function isMethodSet(s: TypeSet): boolean {
  return !s.comparable && s.terms === null;
}

/** Reports whether the set has no types. */
export function isEmptySet(s: TypeSet): boolean {
  return s.terms !== null && s.terms.length === 0;
}

/** Reports whether the set is that of all types. */
export function isAllTypes(s: TypeSet): boolean {
  return !s.comparable && s.terms === null && s.methods.length === 0;
}

/** Reports whether the set has specific types (and is not empty). */
export function hasTerms(s: TypeSet): boolean {
  return s.terms !== null && s.terms.length > 0;
}

/** Reports whether t is an interface that all types implement. */
export function isEmptyInterface(t: InterfaceType): boolean {
  return isAllTypes(typeSet(t));
}

/** Orders methods: exported ones first, then by name, then by package. */
export function compareMethods(a: Func, b: Func): number {
  const ea = isExported(a.name);
  if (ea !== isExported(b.name)) return ea ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (ea || a.pkg === b.pkg) return 0;
  const pa = a.pkg === null ? '' : a.pkg.path;
  const pb = b.pkg === null ? '' : b.pkg.path;
  return pa < pb ? -1 : pa > pb ? 1 : 0;
}

/** Computes the type set of t; pos is where t is embedded. Errors are reported if c is not null. */
export function computeTypeSet(c: Checker | null, pos: number, t: InterfaceType): TypeSet {
  if (t.tset !== null) return t.tset;
  // An interface that is being declared may be asked for its type set through a cycle: pretend it has no methods yet.
  if (!t.complete) return topTypeSet;
  if (t.methods.length === 0 && t.embeddeds.length === 0) return (t.tset = topTypeSet);
  // Guards against infinite recursion; such cycles are reported elsewhere.
  const tset: { methods: Func[]; terms: Term[] | null; comparable: boolean } = { methods: [], terms: null, comparable: false };
  t.tset = tset;
  const coll = new MethodCollector(c);
  for (const m of t.methods) coll.add(m.pos, m, true);
  let terms: Term[] | null = null;
  let comparable = false;
  for (let i = 0; i < t.embeddeds.length; i++) {
    const at = t.embedPos === null ? 0 : t.embedPos[i];
    const e = embeddedSet(c, at, t.embeddeds[i], coll);
    if (e === null) continue;
    terms = intersectTerms(terms, e.terms);
    comparable ||= e.comparable;
    if (comparable && terms !== null) {
      terms = terms.filter((x) => comparableType(x.type!, false) === null);
      comparable = false;
    }
  }
  tset.comparable = comparable;
  tset.terms = terms;
  tset.methods = coll.methods.sort(compareMethods);
  return tset;
}

/** Collects the methods of an interface and reports duplicates. */
class MethodCollector {
  readonly methods: Func[] = [];
  private readonly positions: number[] = [];
  private readonly c: Checker | null;
  private index: Map<string, number> | null = null;

  constructor(c: Checker | null) {
    this.c = c;
  }

  add(pos: number, m: Func, explicit: boolean): void {
    const i = this.find(m);
    if (i < 0) {
      this.index?.set(idOf(m.pkg, m.name), this.methods.length);
      this.methods.push(m);
      this.positions.push(pos);
      return;
    }
    const c = this.c;
    if (c === null) return;
    const other = this.methods[i];
    const otherPos = this.positions[i];
    const report = (): void => {
      new ErrorDesc(c, 'DuplicateDecl')
        .add(pos, `duplicate method ${m.name}`)
        .add(otherPos, `other declaration of method ${m.name}`)
        .report();
    };
    if (explicit) report();
    else {
      // Types may be incomplete still. Before go1.14 embedded interfaces could not overlap.
      c.later(() => {
        if ((pos !== 0 && !allowVersion(c, 14)) || !identical(m.type, other.type)) report();
      });
    }
  }

  private find(m: Func): number {
    const list = this.methods;
    if (list.length < 8) {
      for (let i = 0; i < list.length; i++) if (sameId(list[i], m.pkg, m.name, false)) return i;
      return -1;
    }
    if (this.index === null) {
      this.index = new Map();
      for (let i = 0; i < list.length; i++) this.index.set(idOf(list[i].pkg, list[i].name), i);
    }
    return this.index.get(idOf(m.pkg, m.name)) ?? -1;
  }
}

/** Returns terms and comparability of an embedded element and collects its methods; null if it is to be ignored. */
function embeddedSet(c: Checker | null, pos: number, t: Type, coll: MethodCollector): { terms: Term[] | null; comparable: boolean } | null {
  const u = under(t);
  const versioned = pos !== 0 && c !== null;
  if (u.kind === TypeKind.Interface) {
    const s = computeTypeSet(c, pos, u);
    if (versioned && isImportedConstraint(c, t) && !verifyVersion(c, pos, 18, `embedding constraint interface ${ts(c, t)}`)) return null;
    for (const m of s.methods) coll.add(pos, m, false);
    return s;
  }
  if (u.kind === TypeKind.Union) {
    if (versioned && !verifyVersion(c, pos, 18, `embedding interface element ${ts(c, u)}`)) return null;
    const terms = unionTerms(c, pos, u);
    return terms === undefined ? null : { terms, comparable: false };
  }
  if (u === invalidType()) return null;
  if (versioned && !verifyVersion(c, pos, 18, `embedding non-interface type ${ts(c, t)}`)) return null;
  return { terms: [{ tilde: false, type: t }], comparable: false };
}

/** Reports whether t is a constraint interface declared in another package. */
export function isImportedConstraint(c: Checker, t: Type): boolean {
  const named = asNamed(t);
  if (named === null || named.obj.pkg === c.pkg || named.obj.pkg === null) return false;
  const u = under(named);
  return u.kind === TypeKind.Interface && !isMethodSet(typeSet(u));
}

/** Returns the normalised terms of a union. An invalid union (too many terms) counts as all types. */
export function unionTerms(c: Checker | null, pos: number, u: Union): Term[] | null {
  if (u.tset !== null) return u.tset.terms;
  u.tset = { terms: [] }; // guards against cycles
  let all: Term[] | null = [];
  for (const t of u.terms) {
    const tu = under(t.type!);
    if (tu === invalidType()) continue;
    if (tu.kind === TypeKind.Interface) {
      const s = computeTypeSet(c, pos, tu);
      all = all === null || s.terms === null ? null : normalTerms([...all, ...s.terms]);
    } else if (!t.tilde || identical(t.type!, tu)) {
      if (all !== null) all = normalTerms([...all, t]);
    }
    if (all !== null && all.length > maxTermCount) {
      if (c !== null) err(c, pos, 'InvalidUnion', `cannot handle more than ${maxTermCount} union terms (implementation limitation)`);
      all = null;
      break;
    }
  }
  u.tset.terms = all;
  return all;
}

// ---- comparability

/** Reports whether values of t can be compared with ==. */
export function comparable(t: Type): boolean {
  return comparableType(t, true) === null;
}

const incomparable: Problem = { text: '', types: [] };

/** Returns null if t is comparable, else why not (the text may be empty). If dynamic is set, interfaces always are. */
export function comparableType(t: Type, dynamic: boolean, seen: Type[] | null = null): Problem | null {
  const u = under(t);
  switch (u.kind) {
    case TypeKind.Basic:
      return u.basic === BasicKind.UntypedNil ? incomparable : null;
    case TypeKind.Pointer:
    case TypeKind.Chan:
      return null;
    case TypeKind.Struct: {
      if (seen !== null && seen.includes(t)) return null;
      seen = seen === null ? [t] : [...seen, t];
      for (const f of u.fields) {
        if (comparableType(f.type, dynamic, seen) !== null) return { text: 'struct containing %s cannot be compared', types: [f.type] };
      }
      return null;
    }
    case TypeKind.Array:
      if (seen !== null && seen.includes(t)) return null;
      seen = seen === null ? [t] : [...seen, t];
      return comparableType(u.elem, dynamic, seen) === null ? null : { text: '%s cannot be compared', types: [t] };
    case TypeKind.Interface: {
      if (seen !== null && seen.includes(t)) return null;
      if (dynamic && unalias(t).kind !== TypeKind.TypeParam) return null;
      const s = typeSet(u);
      if (isComparableSet(s, seen === null ? [t] : [...seen, t])) return null;
      return { text: isEmptySet(s) ? 'empty type set' : 'incomparable types in type set', types: [] };
    }
    default:
      return incomparable;
  }
}

/** Reports whether all types of the set are (strictly) comparable. */
export function isComparableSet(s: TypeSet, seen: Type[] | null = null): boolean {
  if (s.terms === null) return s.comparable;
  if (s.terms.length === 0) return false;
  return s.terms.every((x) => comparableType(x.type!, false, seen) === null);
}
