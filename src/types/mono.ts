// Detection of instantiation cycles: programs whose generic functions would need infinitely many instances.
// Vertices are type parameters (and local types that depend on them), an edge says that one is instantiated with a type made
// of the other; its weight is 0 if it is that parameter itself. A cycle of positive weight is an error.
import type { Expr } from '../syntax/ast.ts';
import type { Checker } from './checker.ts';
import { ErrorDesc, startPos } from './errors.ts';
import type { Named, Type, TypeName, TypeParam, Var } from './model.ts';
import { ObjKind, TypeKind, unalias } from './model.ts';
import { typeSet } from './typeset.ts';
import { typeString } from './typestring.ts';

interface Vertex {
  weight: number;
  /** Index of the edge that the heaviest path arrives by. */
  pre: number;
  len: number;
  readonly obj: TypeName;
}

interface Edge {
  readonly dst: number;
  readonly src: number;
  readonly weight: number;
  readonly pos: number;
  readonly type: Type;
}

/** The graph of one package. */
export class MonoGraph {
  readonly vertices: Vertex[] = [];
  readonly edges: Edge[] = [];
  /** Receiver type parameters and the declared ones they stand for. */
  readonly canon = new Map<TypeParam, TypeParam>();
  private readonly index = new Map<TypeName, number>();
  private readonly c: Checker;

  constructor(c: Checker) {
    this.c = c;
  }

  /** Adds the edges of one instantiation. */
  record(pos: number, tparams: readonly TypeParam[], targs: readonly Type[], xlist: readonly Expr[]): void {
    for (let i = 0; i < tparams.length; i++) {
      this.assign(i < xlist.length ? startPos(xlist[i]) : pos, tparams[i], targs[i]);
    }
  }

  private assign(pos: number, tpar: TypeParam, targ: Type): void {
    if (tpar.obj.pkg !== this.c.pkg) return;
    const flow = (src: number, t: Type): void => {
      this.edges.push({ dst: this.paramVertex(tpar), src, weight: t === targ ? 0 : 1, pos, type: targ });
    };
    const vars = (list: readonly Var[]): void => list.forEach((v) => walk(v.type));
    const walk = (t0: Type): void => {
      const t = unalias(t0);
      switch (t.kind) {
        case TypeKind.TypeParam:
          flow(this.paramVertex(t), t);
          break;
        case TypeKind.Named: {
          const src = this.localVertex(t.origin);
          if (src >= 0) flow(src, t);
          t.typeArgs.forEach(walk);
          break;
        }
        case TypeKind.Array:
        case TypeKind.Chan:
        case TypeKind.Pointer:
        case TypeKind.Slice:
          walk(t.elem);
          break;
        case TypeKind.Map:
          walk(t.key);
          walk(t.elem);
          break;
        case TypeKind.Interface:
          typeSet(t).methods.forEach((m) => walk(m.type));
          break;
        case TypeKind.Signature:
          vars(t.params.vars);
          vars(t.results.vars);
          break;
        case TypeKind.Struct:
          vars(t.fields);
          break;
      }
    };
    walk(targ);
  }

  private paramVertex(p: TypeParam): number {
    return this.vertex((this.canon.get(p) ?? p).obj);
  }

  private vertex(obj: TypeName): number {
    let i = this.index.get(obj);
    if (i === undefined) {
      i = this.vertices.length;
      this.vertices.push({ weight: 0, pre: -1, len: 0, obj });
      this.index.set(obj, i);
    }
    return i;
  }

  /** Returns the vertex of a local type that is declared where type parameters are in scope, else -1. */
  private localVertex(t: Named): number {
    const obj = t.obj;
    const root = this.c.pkg.scope;
    if (obj.pkg !== this.c.pkg || obj.parent === root) return -1;
    const known = this.index.get(obj);
    if (known !== undefined) return known;
    let v = -1;
    for (let s = obj.parent; s !== null && s !== root; s = s.parent) {
      for (const e of s.elems?.values() ?? []) {
        if (e.kind !== ObjKind.TypeName || e.isAlias || e.pos >= obj.pos || e.type.kind !== TypeKind.TypeParam) continue;
        if (v < 0) v = this.vertex(obj);
        this.edges.push({ dst: v, src: this.paramVertex(e.type), weight: 1, pos: obj.pos, type: e.type });
      }
    }
    if (v < 0) this.index.set(obj, -1);
    return v;
  }
}

function graph(c: Checker): MonoGraph {
  return (c.mono ??= new MonoGraph(c)) as MonoGraph;
}

/** Notes that tparams are instantiated with targs. */
export function reportInstance(
  c: Checker,
  pos: number,
  tparams: readonly TypeParam[],
  targs: readonly Type[],
  xlist: readonly Expr[],
): void {
  graph(c).record(pos, tparams, targs, xlist);
}

/** Notes that the receiver's type parameter stands for that of the type's declaration. */
export function recordCanon(c: Checker, receiver: TypeParam, declared: TypeParam): void {
  graph(c).canon.set(receiver, declared);
}

/** Reports an instantiation cycle, if there is one: looks for ever heavier paths. */
export function monomorph(c: Checker): void {
  const g = c.mono as MonoGraph | null;
  if (g === null) return;
  for (let again = true; again; ) {
    again = false;
    for (let i = 0; i < g.edges.length; i++) {
      const e = g.edges[i];
      const src = g.vertices[e.src];
      const dst = g.vertices[e.dst];
      const w = src.weight + e.weight;
      if (w <= dst.weight) continue;
      dst.pre = i;
      dst.len = src.len + 1;
      if (dst.len === g.vertices.length) {
        reportLoop(c, g, e.dst);
        return;
      }
      dst.weight = w;
      again = true;
    }
  }
}

function reportLoop(c: Checker, g: MonoGraph, v: number): void {
  let stack: number[] = [];
  const seen = new Set<number>();
  while (!seen.has(v)) {
    stack.push(v);
    seen.add(v);
    v = g.edges[g.vertices[v].pre].src;
  }
  stack = stack.slice(stack.indexOf(v));
  const err = new ErrorDesc(c, 'InvalidInstanceCycle');
  err.add(g.vertices[v].obj, 'instantiation cycle:');
  for (const u of stack) {
    const e = g.edges[g.vertices[u].pre];
    const obj = g.vertices[e.dst].obj;
    const how = obj.type.kind === TypeKind.Named ? 'implicitly parameterized by' : 'instantiated as';
    err.add(e.pos, `${obj.name} ${how} ${typeString(e.type, (pkg) => (pkg === c.pkg ? '' : pkg.path))}`);
  }
  err.report();
}
