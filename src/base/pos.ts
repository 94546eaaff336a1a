// Positions are plain non-negative integers, as in go/token: a file's base in the FileSet plus a byte offset.
// 0 is "no position". source/fileset.ts turns one into file, line and column. Plain numbers keep AST nodes small.

/** A source position: file base + byte offset; 0 means unknown. */
export type Pos = number;

/** The unknown position. */
export const NoPos: Pos = 0;
