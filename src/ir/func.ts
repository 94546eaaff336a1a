// A function in SSA form: blocks of values, phis first, one control per block. Ids are dense integers.
// Only `src/build` and `src/passes` change a function; analyses read it.

import type { Type } from './type.ts';
import { Op } from './op.ts';

/** Call datum of call, calli and callk. */
export interface CallAux {
  /** Function symbol (call), kernel export or `module.name` import (callk), empty for calli. */
  readonly sym: string;
  readonly params: readonly Type[];
  readonly results: readonly Type[];
  /** May the callee suspend or panic? For `call` the analysis decides and writes it; calli: true; callk: declared. */
  suspends: boolean;
  /** The callee never returns (panics); the block ends in `unreachable`. */
  readonly noreturn?: boolean;
  /** Inlining forbidden at this call. */
  readonly noinline?: boolean;
  /** For calli through an itab: "<interface type>.<method>" for devirtualisation and reports. */
  readonly method?: string;
}

/** Objects above this many bytes stay on the heap (gc's limit for implicit variables). */
export const maxStackObject = 64 << 10;

/** Stack object. `ptrmask`: one bit per 8-byte word, bit 0 of element 0 first; empty: no pointers. */
export interface SlotAux { readonly size: number; readonly align: number; readonly ptrmask: readonly number[]; readonly name: string }
/** size < 0: given by the last argument. */
export interface MoveAux { readonly size: number; readonly align: number; readonly ptrs: boolean }
/**
 * Heap object: descriptor symbol, size, pointer words as in SlotAux, name or source text for reports. `closure`: a func value's object,
 * whose words are stored once, where it is made, and never change.
 */
export interface AllocAux { readonly typ: string; readonly size: number; readonly align: number; readonly ptrmask: readonly number[]; readonly name: string; readonly closure?: boolean }

export type AuxDatum = number | bigint | string | CallAux | SlotAux | MoveAux | AllocAux | null;

/** An SSA value. `pos` is an index in Program.positions (0 = none). */
export class Value {
  readonly id: number;
  op: number;
  type: Type;
  args: Value[];
  aux: AuxDatum;
  block: Block;
  pos: number;
  /** Number of uses by values and block controls; kept by Func's helpers, recomputed by `countUses`. */
  uses: number;
  constructor(id: number, op: number, type: Type, block: Block, pos: number) {
    this.id = id; this.op = op; this.type = type; this.args = []; this.aux = null; this.block = block; this.pos = pos; this.uses = 0;
  }
}

/** How a block ends. */
export const BlockKind = {
  /** One successor. */
  plain: 0,
  /** control: i32; succs[0] if non-zero, else succs[1]. */
  branch: 1,
  /** control: i32 index; succs[i], the last one is the default. */
  switch: 2,
  /** returns `results`. */
  ret: 3,
  /** Never reached (after a call that does not return). */
  unreachable: 4,
} as const;
export type BlockKind = (typeof BlockKind)[keyof typeof BlockKind];

export class Block {
  readonly id: number;
  kind: BlockKind;
  values: Value[] = [];
  control: Value | null = null;
  /** Values returned by a `ret` block. */
  results: Value[] = [];
  succs: Block[] = [];
  preds: Block[] = [];
  /** 1: succs[0] likely, -1: unlikely, 0: unknown. */
  likely = 0;
  pos = 0;
  constructor(id: number, kind: BlockKind) { this.id = id; this.kind = kind; }
}

/** Functions that a function mentions, by order of first mention, and how often: those that it calls directly, those whose address it takes. */
export interface Mentions { readonly calls: ReadonlyMap<string, number>; readonly addresses: ReadonlyMap<string, number> }

/**
 * What is known of a function whose code an earlier build made. It has no blocks until somebody needs them, so what
 * walks over blocks of other functions asks here instead.
 */
export interface Compiled {
  /** What it mentions as built. */
  readonly built: Mentions;
  /** Its final form, once it is known which of those that earlier builds made is the one for this program. */
  form: CompiledForm | null;
}

/** The final form of such a function. */
export interface CompiledForm {
  /** Functions called directly. */
  readonly final: readonly string[];
  /** Something else in it may suspend than a call of those. */
  readonly waits: boolean;
  /** Gives f, which this belongs to, its blocks; false if they were not kept. */
  load(f: Func): boolean;
}

export class Func {
  readonly name: string;
  params: Type[];
  results: Type[];
  /** Has the context parameter (last). */
  closure = false;
  /** Address is taken or in a method table: always has the suspending signature. */
  addressTaken = false;
  /** Written by the analysis: has the suspending signature. */
  suspends = true;
  noinline = false;
  /** Compiler-made wrapper: left out of tracebacks. */
  wrapper = false;
  entry: Block;
  /** Block that runs the remaining deferred calls and returns (contract, section 7), or null. */
  deferReturn: Block | null = null;
  blocks: Block[] = [];
  pos = 0;
  /** Set while the blocks are not there. */
  compiled: Compiled | null = null;
  private nextValue = 1;
  private nextBlock = 1;

  constructor(name: string, params: Type[], results: Type[]) {
    this.name = name; this.params = params; this.results = results;
    this.entry = this.newBlock(BlockKind.unreachable);
  }
  get numValues(): number { return this.nextValue; }
  get numBlocks(): number { return this.nextBlock; }
  newBlock(kind: BlockKind): Block { const b = new Block(this.nextBlock++, kind); this.blocks.push(b); return b; }
  /** The next block gets this id (text form). */
  reserveBlockIds(id: number): void { this.nextBlock = id; }
  /** The next value gets this id (text form). */
  reserveValueIds(id: number): void { this.nextValue = id; }
  /** Takes the body of a function that was built anew in place of this one. */
  adopt(f: Func): void {
    this.params = f.params;
    this.results = f.results;
    this.entry = f.entry;
    this.deferReturn = f.deferReturn;
    this.blocks = f.blocks;
    this.pos = f.pos;
    this.nextValue = f.nextValue;
    this.nextBlock = f.nextBlock;
    this.compiled = null;
  }
  /** Makes a value that is in no block's list yet. */
  newValueNoAdd(b: Block, op: number, type: Type, pos: number): Value { return new Value(this.nextValue++, op, type, b, pos); }
  /** Appends a value to b. */
  newValue(b: Block, op: number, type: Type, args: Value[], aux: AuxDatum, pos: number): Value {
    const v = new Value(this.nextValue++, op, type, b, pos);
    v.args = args; v.aux = aux;
    for (const a of args) a.uses++;
    b.values.push(v);
    return v;
  }
}

export function addEdge(from: Block, to: Block): void { from.succs.push(to); to.preds.push(from); }
export function isPhi(v: Value): boolean { return v.op === Op.phi; }
