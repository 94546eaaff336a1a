// parseFile: the entry of the syntax stage. Bytes in, File out, messages to the sink; never throws for what is in the file.

import { NoPos } from '../base/pos.ts';
import type { Pos } from '../base/pos.ts';
import { errorAt } from '../base/diagnostic.ts';
import type { DiagnosticSink } from '../base/diagnostic.ts';
import { goVersionOfBuildLine } from '../source/constraint.ts';
import type { FileSet } from '../source/fileset.ts';
import { Kind } from './ast.ts';
import type { BlockStmt, Expr, File } from './ast.ts';
import { Code } from './codes.ts';
import { DeclParser } from './parse-decl.ts';
import type { LateParts } from './parser-base.ts';

export interface ParseOptions {
  /** Parse the package clause and imports only. */
  readonly importsOnly?: boolean;
  /** Don't check labels and branches (BranchStmt.target stays null). */
  readonly skipBranches?: boolean;
  /** Parse bodies of declared functions, and elements of literals at package level, when they are first asked for, and take expression ids from here then. */
  readonly lateIds?: LateIds;
}

/** Ids for expressions that are parsed late: a row that goes on from the ids of the package's files. */
export interface LateIds { next: number }


/** The parser, with the one entry that must not be seen by the classes it builds on. */
class FileParser extends DeclParser {
  /** Parses; a JavaScript stack that is too small for the nesting is reported like nesting over the limit. */
  run(): void {
    try {
      this.parseFile();
    } catch (e) {
      if (!(e instanceof RangeError)) throw e;
      this.tooDeep();
    }
    this.finishLines();
  }

  /** Leaves bodies and literals for later. */
  leaveOut(parts: LateParts): void {
    this.late = parts;
  }

  /** Parses what was left out from the brace on. */
  private parseLate<T>(lbrace: Pos, ids: LateIds, parse: () => T): T {
    this.nextId = ids.next;
    this.startAt(lbrace - this.base);
    this.next();
    const part = parse();
    ids.next = this.idEnd;
    return part;
  }

  lateBody(lbrace: Pos, ids: LateIds): BlockStmt {
    return this.parseLate(lbrace, ids, () => this.funcBody());
  }

  lateElements(lbrace: Pos, ids: LateIds): Expr[] {
    return this.parseLate(lbrace, ids, () => this.litValue(null).elts);
  }

  file(fileSet: FileSet, idLo: number): File {
    const parts = this.found;
    fileSet.nextExprId = this.idEnd;
    const d = this.directives;
    return {
      kind: Kind.File,
      pos: parts.package,
      package: parts.package,
      name: parts.name,
      imports: parts.imports,
      decls: parts.decls,
      comments: this.commentPairs(),
      pragmas: d.all,
      headPragmas: parts.headPragmas,
      localTypes: this.late === null ? this.localTypes : null,
      goBuild: d.goBuild,
      goBuildPos: d.goBuildPos,
      goVersion: d.goBuild === '' ? '' : goVersionOfBuildLine(d.goBuild),
      eof: this.base + this.size,
      idLo,
      idHi: this.idEnd,
      source: this.source,
      bad: this.bad,
      gofmtRejects: this.gofmtRejects,
    };
  }
}

/** Above this, positions no longer fit comfortably; gc has limits of the same order. */
const maxFileSize = 1 << 28;

/** Parses one Go source file. The result is never null; `bad` tells whether an error was reported. */
export function parseFile(fileSet: FileSet, name: string, bytes: Uint8Array, sink: DiagnosticSink, options: ParseOptions = {}): File {
  if (bytes.length > maxFileSize) {
    sink.report(errorAt(Code.size, NoPos, `${name}: file too large`));
    bytes = bytes.subarray(0, 0);
  }
  const source = fileSet.addFile(name, bytes);
  const idLo = fileSet.nextExprId;
  const p = new FileParser(fileSet, source, sink);
  p.importsOnly = options.importsOnly === true;
  p.branches = options.skipBranches !== true;
  const ids = options.lateIds;
  if (ids !== undefined) {
    const parser = (): FileParser => new FileParser(fileSet, source, sink);
    p.leaveOut({ body: (lbrace) => parser().lateBody(lbrace, ids), elements: (lbrace) => parser().lateElements(lbrace, ids) });
  }
  p.run();
  return p.file(fileSet, idLo);
}
