// Functions as plain arrays that JSON keeps, for the build cache: unlike the text form they keep every id, so that a
// function that is read back is treated exactly as the one that was written. Positions are written out, as a table of
// the function's own; reading enters them in the program.

import { Block, Value } from './func.ts';
import type { AuxDatum, BlockKind, CallAux, Func } from './func.ts';
import { Op } from './op.ts';
import type { Position, Program } from './program.ts';
import type { Type } from './type.ts';

/** Position: file, line, column, function, place in the table (1-based) of the call that it is inlined at. */
export type SerialPosition = readonly [string, number, number, string, number];
type SerialAux = number | string | null | object;
type SerialValue = readonly [id: number, op: number, type: number, pos: number, args: readonly number[], aux: SerialAux];
type SerialBlock = readonly [
  id: number, kind: number, likely: number, pos: number, control: number, results: readonly number[], succs: readonly number[], preds: readonly number[],
  values: readonly SerialValue[],
];
/** The blocks of a function. */
export interface SerialBody {
  readonly ids: readonly [values: number, blocks: number];
  readonly entry: number;
  readonly deferReturn: number;
  readonly pos: number;
  readonly blocks: readonly SerialBlock[];
  readonly positions: readonly SerialPosition[];
}

/** Collects the positions that something refers to. */
export class PositionWriter {
  readonly list: SerialPosition[] = [];
  private readonly p: Program;
  private readonly places = new Map<number, number>();

  constructor(p: Program) { this.p = p; }

  /** The place of a position in the list, 1-based; 0 is none. */
  place(pos: number): number {
    if (pos === 0) return 0;
    let at = this.places.get(pos);
    if (at !== undefined) return at;
    const q = this.p.positions[pos]!;
    const outer = this.place(q.inlinedAt);
    at = this.list.push([this.p.files[q.file] ?? '', q.line, q.column, q.func, outer]);
    this.places.set(pos, at);
    return at;
  }
}

const fileIndices = new WeakMap<Program, Map<string, number>>();

function fileIndex(p: Program, name: string): number {
  let known = fileIndices.get(p);
  if (known === undefined) fileIndices.set(p, (known = new Map()));
  let i = known.get(name);
  if (i === undefined) {
    i = p.files.indexOf(name);
    if (i < 0) i = p.files.push(name) - 1;
    known.set(name, i);
  }
  return i;
}

/** Enters positions in the program; gives their indices by place. */
export function readPositions(p: Program, list: readonly SerialPosition[]): number[] {
  const at = [0];
  for (const [file, line, column, func, outer] of list) {
    const made: Position = { file: fileIndex(p, file), line, column, func, inlinedAt: at[outer]! };
    at.push(p.positions.push(made) - 1);
  }
  return at;
}

/** Bigints, and numbers that JSON would change. Whether a call suspends is found anew in each program. */
function writeAux(op: number, aux: AuxDatum): SerialAux {
  if (op === Op.call) return { ...(aux as CallAux), suspends: true };
  if (typeof aux === 'bigint') return { big: String(aux) };
  if (typeof aux === 'number' && (!Number.isFinite(aux) || Object.is(aux, -0))) return { num: Object.is(aux, -0) ? '-0' : String(aux) };
  return aux;
}

function readAux(aux: SerialAux): AuxDatum {
  if (aux !== null && typeof aux === 'object') {
    if ('big' in aux) return BigInt(aux.big as string);
    if ('num' in aux) return Number(aux.num);
  }
  return aux as AuxDatum;
}

/** The blocks of f. */
export function writeBody(p: Program, f: Func): SerialBody {
  const positions = new PositionWriter(p);
  const at = (pos: number): number => positions.place(pos);
  const ids = (list: readonly { id: number }[]): number[] => list.map((x) => x.id);
  const blocks = f.blocks.map((b): SerialBlock => [
    b.id, b.kind, b.likely, at(b.pos), b.control === null ? 0 : b.control.id, ids(b.results), ids(b.succs), ids(b.preds),
    b.values.map((v): SerialValue => [v.id, v.op, v.type, at(v.pos), ids(v.args), writeAux(v.op, v.aux)]),
  ]);
  return {
    ids: [f.numValues, f.numBlocks], entry: f.entry.id, deferReturn: f.deferReturn === null ? 0 : f.deferReturn.id, pos: at(f.pos), blocks, positions: positions.list,
  };
}

/** Gives f, which has none, the blocks that were written. */
export function readBody(p: Program, f: Func, body: SerialBody): void {
  const positions = readPositions(p, body.positions);
  const blocks = new Map<number, Block>();
  const values = new Map<number, Value>();
  f.blocks = body.blocks.map(([id, kind, likely, pos]) => {
    const b = new Block(id, kind as BlockKind);
    b.likely = likely;
    b.pos = positions[pos]!;
    blocks.set(id, b);
    return b;
  });
  body.blocks.forEach((s, i) => {
    const b = f.blocks[i]!;
    b.values = s[8].map(([id, op, type, pos, , aux]) => {
      const v = new Value(id, op, type as Type, b, positions[pos]!);
      v.aux = readAux(aux);
      values.set(id, v);
      return v;
    });
  });
  const block = (id: number): Block => blocks.get(id)!;
  const value = (id: number): Value => values.get(id)!;
  body.blocks.forEach((s, i) => {
    const b = f.blocks[i]!;
    if (s[4] !== 0) b.control = value(s[4]);
    b.results = s[5].map(value);
    b.succs = s[6].map(block);
    b.preds = s[7].map(block);
    s[8].forEach((v, k) => { b.values[k]!.args = v[4].map(value); });
    if (b.control !== null) b.control.uses++;
    for (const r of b.results) r.uses++;
    for (const v of b.values) for (const a of v.args) a.uses++;
  });
  f.entry = block(body.entry);
  f.deferReturn = body.deferReturn === 0 ? null : block(body.deferReturn);
  f.pos = positions[body.pos]!;
  f.reserveValueIds(body.ids[0]);
  f.reserveBlockIds(body.ids[1]);
}
