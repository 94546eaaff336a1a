// Compiler directives: `//go:name args` comments. The parser collects them and hangs them on the declaration that
// follows, as gc does; each stage looks for the names it knows.

import type { Pos } from '../base/pos.ts';

/** A directive comment such as //go:linkname: `name` is "go:linkname", `args` the rest of the line, trimmed. */
export interface Pragma {
  readonly pos: Pos;
  readonly name: string;
  readonly args: string;
}

/** The list of a declaration without directives. */
export const noPragmas: readonly Pragma[] = [];

/** The first directive of that name, or null. */
export function findPragma(list: readonly Pragma[], name: string): Pragma | null {
  for (const p of list) if (p.name === name) return p;
  return null;
}

/** Tells whether a directive of that name is in the list. */
export function hasPragma(list: readonly Pragma[], name: string): boolean {
  return findPragma(list, name) !== null;
}
