// FileSet: gives each source file a range of positions, and turns a position back into file, line and column, with or
// without `//line` directives. In: files as the parser meets them. Out: positions as plain numbers (base/pos.ts).
//
// Invariants: files are in rising order of base; file i occupies base..base+size inclusive (size is the EOF position);
// columns are byte columns from 1. Line starts are found while scanning and kept as offsets.

import type { Pos } from '../base/pos.ts';

/** A position spelled out; column 0 means unknown (a //line directive without a column). */
export interface Position {
  readonly filename: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A //line or /*line directive: from `offset` on, positions are `line`:`column` of `filename`; atLine is offset's real line. */
interface LineInfo {
  readonly offset: number;
  readonly filename: string;
  readonly line: number;
  readonly column: number;
  readonly atLine: number;
}

/** One file of a FileSet: its text and its line table. */
export class SourceFile {
  readonly name: string;
  readonly base: Pos;
  readonly size: number;
  readonly bytes: Uint8Array;
  /** Offsets of line starts; filled by the scanner. */
  lines: Int32Array = new Int32Array(1);
  private infos: LineInfo[] = [];

  constructor(name: string, base: Pos, bytes: Uint8Array) {
    this.name = name;
    this.base = base;
    this.size = bytes.length;
    this.bytes = bytes;
  }

  /** Records a line directive that takes effect at the offset, which is on the real line atLine. */
  addLineInfo(offset: number, filename: string, line: number, column: number, atLine: number): void {
    this.infos.push({ offset, filename, line, column, atLine });
  }

  /** The text between two positions of this file. */
  text(from: Pos, to: Pos): string {
    return decoder.decode(this.bytes.subarray(from - this.base, to - this.base));
  }

  /** The real line of an offset, from 1; line directives are ignored. */
  lineOf(offset: number): number {
    return lastAtMost(this.lines, offset) + 1;
  }

  /** The real position of an offset. */
  physical(offset: number): Position {
    const i = lastAtMost(this.lines, offset);
    return { filename: this.name, offset, line: i + 1, column: offset - this.lines[i] + 1 };
  }

  /** The position of an offset as line directives tell it. */
  position(offset: number): Position {
    const p = this.physical(offset);
    if (this.infos.length === 0) return p;
    const info = this.infoAt(offset);
    if (info === null) return p;
    let column = 0;
    if (info.column > 0) column = p.line === info.atLine ? info.column + (offset - info.offset) : p.column;
    return { filename: info.filename, offset, line: info.line + (p.line - info.atLine), column };
  }

  private infoAt(offset: number): LineInfo | null {
    let lo = 0;
    let hi = this.infos.length;
    while (lo < hi) {
      const mid = (lo + hi) >>> 1;
      if (this.infos[mid].offset <= offset) lo = mid + 1;
      else hi = mid;
    }
    return lo === 0 ? null : this.infos[lo - 1];
  }
}

/** The files of one compilation, and the counter of their expression ids. */
export class FileSet {
  readonly files: SourceFile[] = [];
  /** Next free expression id; the parser takes from it. 0 is never given out. */
  nextExprId = 1;
  private nextBase = 1;
  private lastFile: SourceFile | null = null;

  addFile(name: string, bytes: Uint8Array): SourceFile {
    const f = new SourceFile(name, this.nextBase, bytes);
    this.nextBase += bytes.length + 1;
    this.files.push(f);
    return f;
  }

  /** The file that holds a position, or null. */
  file(pos: Pos): SourceFile | null {
    const last = this.lastFile;
    if (last !== null && pos >= last.base && pos <= last.base + last.size) return last;
    let lo = 0;
    let hi = this.files.length;
    while (lo < hi) {
      const mid = (lo + hi) >>> 1;
      if (this.files[mid].base <= pos) lo = mid + 1;
      else hi = mid;
    }
    if (lo === 0) return null;
    const f = this.files[lo - 1];
    if (pos > f.base + f.size) return null;
    this.lastFile = f;
    return f;
  }

  /** The position as line directives tell it; null for NoPos. */
  position(pos: Pos): Position | null {
    const f = this.file(pos);
    return f === null ? null : f.position(pos - f.base);
  }

  /** The real position, line directives ignored; null for NoPos. */
  physical(pos: Pos): Position | null {
    const f = this.file(pos);
    return f === null ? null : f.physical(pos - f.base);
  }

  /** The real line of a position, 0 if unknown. */
  line(pos: Pos): number {
    const f = this.file(pos);
    return f === null ? 0 : f.lineOf(pos - f.base);
  }

  /** "file:line:column", as gc prints it: no column where it is unknown, or too large for a byte. */
  format(pos: Pos): string {
    const p = this.position(pos);
    if (p === null) return '-';
    return p.column > 0 && p.column < maxColumn ? `${p.filename}:${p.line}:${p.column}` : `${p.filename}:${p.line}`;
  }
}

/** gc keeps columns in a byte; the largest value means unknown. */
const maxColumn = 255;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Index of the last element that is <= x; a[0] must be. */
function lastAtMost(a: Int32Array, x: number): number {
  let lo = 0;
  let hi = a.length;
  while (hi - lo > 1) {
    const mid = (lo + hi) >>> 1;
    if (a[mid] <= x) lo = mid;
    else hi = mid;
  }
  return lo;
}
