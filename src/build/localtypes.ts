// Numbers of local types: what tells types of one name, declared in several functions of a package, apart in symbols.
// They must not depend on which bodies have been parsed so far, nor on the order in which types are asked for: objects of
// other compilations name the same types.

import type { Pos } from '../base/pos.ts';
import type { File } from '../syntax/ast.ts';

/** The number of a local type of a package by the position of its name, from 1; undefined if no such type is declared. */
export type LocalTypeNumbers = (pos: Pos) => number | undefined;

/**
 * Numbers the local types of a package of these files: like gc in the order of the source, or, where bodies are parsed
 * only when asked for and so not all are known, by how far from the start of the package's text the name stands.
 */
export function localTypeNumbers(files: readonly File[]): LocalTypeNumbers {
  const lists = files.map((f) => f.localTypes);
  if (lists.includes(null)) return (pos) => distance(files, pos);
  const numbers = new Map(lists.flatMap((list) => list ?? []).map((pos, i) => [pos, i + 1]));
  return (pos) => numbers.get(pos);
}

/** Bytes of the files up to and with the one at pos. Positions themselves depend on what else the program holds. */
function distance(files: readonly File[], pos: Pos): number | undefined {
  let before = 0;
  for (const { source } of files) {
    const offset = pos - source.base;
    if (offset >= 0 && offset < source.size) return before + offset + 1;
    before += source.size;
  }
  return undefined;
}
