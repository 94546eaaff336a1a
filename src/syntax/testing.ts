// Helpers for this stage's tests.

import { DiagnosticList } from '../base/diagnostic.ts';
import { FileSet } from '../source/fileset.ts';
import { Kind } from './ast.ts';
import type { Expr, File } from './ast.ts';
import type { ParseOptions } from './parser.ts';
import { parseFile } from './parser.ts';

/** A parsed text with its messages as "line:column: text" and their codes. */
export interface Parsed {
  readonly file: File;
  readonly fset: FileSet;
  readonly messages: string[];
  readonly codes: string[];
}

/** Parses a file given as text. */
export function parseText(text: string, options: ParseOptions = {}): Parsed {
  const fset = new FileSet();
  const list = new DiagnosticList();
  const file = parseFile(fset, 'x.go', new TextEncoder().encode(text), list, options);
  const messages = list.items.map((d) => {
    const p = fset.physical(d.pos);
    return `${p?.line}:${p?.column}: ${d.message}`;
  });
  return { file, fset, messages, codes: list.items.map((d) => d.code) };
}

/** Parses an expression. */
export function parseExpr(text: string): Expr {
  const { file, messages } = parseText(`package p; var _ = ${text}`);
  if (messages.length > 0) throw new Error(messages[0]);
  const d = file.decls[0];
  if (d.kind !== Kind.GenDecl || d.specs[0].kind !== Kind.ValueSpec) throw new Error('no variable');
  return d.specs[0].values[0];
}
