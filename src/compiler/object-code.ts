// The code of a function in bytes, for the build cache, with what the code generator asked about other functions to make it.

import { CodeReloc } from '../abi/object.ts';
import type { FuncCode } from '../abi/object.ts';
import type { Func } from '../ir/func.ts';
import type { Program } from '../ir/program.ts';
import { PositionWriter, readPositions } from '../ir/serial.ts';
import type { SerialPosition } from '../ir/serial.ts';

/** How the function and those that its code calls are called: 1 closure, 2 suspends, 4 compares its depth with the limit. */
export type CodeNotes = readonly (readonly [sym: string, marks: number])[];

type Binary = 'locals' | 'code' | 'relocs';

/** A function's code but for what is kept as bytes; positions are places in the list. */
interface Meta {
  readonly code: Omit<FuncCode, Binary>;
  readonly positions: readonly SerialPosition[];
  readonly sizes: readonly [locals: number, code: number, relocs: number];
}

const marksOf = (g: Func): number => (g.closure ? 1 : 0) | (g.suspends ? 2 : 0);

/** What the code of f depends on, apart from f's blocks. */
export function codeNotes(p: Program, f: Func, isLimited: boolean, code: FuncCode): CodeNotes {
  const out: [string, number][] = [[f.name, marksOf(f) | (isLimited ? 4 : 0)]];
  const { relocs, syms } = code;
  const seen = new Set<number>();
  for (let i = 0; i < relocs.length; i += 4) {
    const s = relocs[i + 2]!;
    if (relocs[i + 1] !== CodeReloc.func || seen.has(s)) continue;
    seen.add(s);
    out.push([syms[s]!, calleeMarks(p, syms[s]!)]);
  }
  return out;
}

function calleeMarks(p: Program, sym: string): number {
  const g = p.funcs.get(sym);
  return g === undefined ? 8 : marksOf(g);
}

/** Whether code that was made with these notes is right for f. */
export function notesHold(p: Program, f: Func, isLimited: boolean, notes: CodeNotes): boolean {
  return notes.every(([sym, marks], i) => marks === (i === 0 ? marksOf(f) | (isLimited ? 4 : 0) : calleeMarks(p, sym)));
}

export function writeCode(p: Program, c: FuncCode): Uint8Array {
  const positions = new PositionWriter(p);
  const { locals, code, relocs, ...rest } = c;
  const kept = { ...rest, pos: positions.place(c.pos), sites: c.sites.map((s) => ({ ...s, pos: positions.place(s.pos) })) };
  const relocBytes = new Uint8Array(relocs.buffer, relocs.byteOffset, relocs.byteLength);
  const meta: Meta = { code: kept, positions: positions.list, sizes: [locals.length, code.length, relocBytes.length] };
  const head = new TextEncoder().encode(JSON.stringify(meta));
  const out = new Uint8Array(4 + head.length + locals.length + code.length + relocBytes.length);
  new DataView(out.buffer).setUint32(0, head.length, true);
  let at = 4;
  for (const part of [head, locals, code, relocBytes]) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function readCode(p: Program, bytes: Uint8Array): FuncCode {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { code, positions: list, sizes } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size))) as Meta;
  let at = 4 + size;
  const part = (n: number): Uint8Array => bytes.subarray(at, (at += n));
  const positions = readPositions(p, list);
  return {
    ...code, pos: positions[code.pos]!, sites: code.sites.map((s) => ({ ...s, pos: positions[s.pos]! })),
    locals: part(sizes[0]), code: part(sizes[1]),
    // Copied, since numbers of four bytes must be aligned.
    relocs: new Int32Array(part(sizes[2]).slice().buffer),
  };
}
