// Diagnostics as the go command shows those of gc: a header with the package, sorted by place, each once, at most ten.
import type { Diagnostic } from '../base/diagnostic.ts';
import type { FileSet } from '../source/fileset.ts';

const limit = 10;

/** The text for one package's diagnostics; `all` lifts the limit of ten. */
export function formatPackageErrors(importPath: string, diagnostics: readonly Diagnostic[], fset: FileSet, all: boolean): string {
  return `# ${importPath}\n${formatDiagnostics(diagnostics, fset, all).join('\n')}`;
}

/** One message a line: `file:line:col: text`; further lines of a message are indented by a tab. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], fset: FileSet, all: boolean): string[] {
  const lines: { file: string; line: number; column: number; text: string }[] = diagnostics.map((diagnostic) => {
    const at = fset.position(diagnostic.pos);
    const related = diagnostic.related.map((note) => {
      const where = fset.position(note.pos);
      return where === null ? `\n\t${note.message}` : `\n\t${where.filename}:${where.line}:${where.column}: ${note.message}`;
    });
    return { file: at?.filename ?? '', line: at?.line ?? 0, column: at?.column ?? 0, text: diagnostic.message + related.join('') };
  });
  lines.sort((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1));
  const out: string[] = [];
  let last = '';
  for (const { file, line, column, text } of lines) {
    const place = column > 0 ? `${file}:${line}:${column}` : `${file}:${line}`;
    // gc shows one error a line and text.
    const same = `${file}:${line}: ${text}`;
    if (same === last) continue;
    last = same;
    if (!all && out.length === limit) {
      out.push(`${out[limit - 1]!.split(': ')[0]}: too many errors`);
      break;
    }
    out.push(`${place}: ${text}`);
  }
  return out;
}
