// Jobs of the builder that an earlier build did. A job makes one function from its source, with the functions inside it. All that
// it does to the rest of the program are calls of Context, so a record of those calls, made again in the same order,
// leaves the program as the job itself would: what becomes reachable is found as always, by the same code, and only
// the function's own body is neither checked nor built.
//
// Invariants: a record is used only where the packages that the job's source comes from are what they were (the store
// sees to it). Recorded calls are idempotent and refer to nothing but names, texts and references (refs.ts).

import type { Compiled } from '../ir/func.ts';
import type { DataSymbol, Reloc, RelocKind } from '../ir/program.ts';
import type { Type as IRType } from '../ir/type.ts';
import type { Package } from '../types/model.ts';
import type { InitOrder } from './package.ts';

/** A call of Context: its letter (program.ts), its arguments. */
export type Note = readonly [call: string, ...args: (string | number | readonly string[] | readonly number[] | SerialData)[]];

/** A function that a job made. */
export interface FuncShape {
  readonly name: string;
  readonly params: readonly IRType[];
  readonly results: readonly IRType[];
  /** 1 closure, 2 address taken, 4 not to be inlined, 8 wrapper. */
  readonly marks: number;
  /** Its Go signature, if it is a function without a declaration. */
  readonly sig: string;
}

/** What a job did. */
export interface JobRecord {
  readonly notes: readonly Note[];
  readonly funcs: readonly FuncShape[];
  /** Of the definition of a variable: its type, and whether it is initialised by static data, which the notes make. */
  readonly variable?: { readonly type: string; readonly isStatic: boolean };
}

/** A job that was done before. */
export interface StoredJob extends JobRecord {
  compiled(name: string): Compiled;
}

/** Where records are kept from build to build. */
export interface JobStore {
  /** The record of the job called `sym`, whose source comes from the packages `home`. */
  find(sym: string, home: ReadonlySet<Package>): StoredJob | null;
  keep(sym: string, home: ReadonlySet<Package>, record: JobRecord): void;
  keepOrder(p: Package, order: InitOrder): void;
}

/** A data symbol in a record. */
export type SerialData = readonly [
  name: string, bytes: string | 0, size: number, align: number, relocs: readonly (readonly [number, number, string, number])[], ptrmask: readonly number[],
  readonly: number, typelink: string,
];

/** Bytes as a string of one char each. */
export function bytesText(bytes: Uint8Array): string {
  let s = '';
  for (let i = 0; i < bytes.length; i += 8192) s += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return s;
}

export function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export function writeDatum(d: DataSymbol): SerialData {
  return [
    d.name, d.bytes === null ? 0 : bytesText(d.bytes), d.size, d.align, d.relocs.map((r) => [r.offset, r.kind, r.target, r.addend]), d.ptrmask, d.readonly ? 1 : 0, d.typelink,
  ];
}

export function readDatum([name, bytes, size, align, relocs, ptrmask, readonly, typelink]: SerialData): DataSymbol {
  return {
    name, bytes: bytes === 0 ? null : textBytes(bytes), size, align, ptrmask, readonly: readonly === 1, typelink,
    relocs: relocs.map(([offset, kind, target, addend]): Reloc => ({ offset, kind: kind as RelocKind, target, addend })),
  };
}

/** Notes the calls of a job; equal ones once. */
export class JobNotes {
  readonly notes: Note[] = [];
  readonly funcs: FuncShape[] = [];
  /** Something was done that can't be done again from a record. */
  spoilt = false;
  private readonly seen = new Set<string>();

  add(note: Note): void {
    const text = note.length === 2 ? `${note[0]}${note[1] as string}` : JSON.stringify(note);
    if (this.seen.has(text)) return;
    this.seen.add(text);
    this.notes.push(note);
  }
}
