// Diagnostics as the go command shows those of gc: a header with the package, then the messages by line, each once, and after
// ten of them a line that says so.
import type { Diagnostic } from '../base/diagnostic.ts';
import { Severity } from '../base/diagnostic.ts';
import type { FileSet } from '../source/fileset.ts';

const limit = 10;

/** The text for one package's diagnostics; `all` lifts the limit of ten. */
export function formatPackageErrors(importPath: string, diagnostics: readonly Diagnostic[], fset: FileSet, all: boolean): string {
  return `# ${importPath}\n${formatDiagnostics(diagnostics, fset, all).join('\n')}`;
}

interface Line {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  /** A message of the linker: it names symbols, not places. */
  readonly bare: boolean;
}

/** One message a line: `file:line:col: text`; further lines of a message are indented by a tab. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], fset: FileSet, all: boolean): string[] {
  const lines = withoutRepeatedSyntaxErrors(diagnostics.map((diagnostic) => toLine(diagnostic, fset)));
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === Severity.error).length;
  // gc stops at the tenth error it meets and shows what it has met, in the order of the file.
  const stopped = !all && errors >= limit && lines.length >= limit;
  const shown = stopped ? lines.slice(0, limit) : lines;
  const last = shown.at(-1);
  shown.sort((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1));
  const out: string[] = [];
  shown.forEach((line, i) => {
    const before = shown[i - 1];
    const isRepeated = before !== undefined && before.file === line.file && before.line === line.line && before.text === line.text;
    if (!isRepeated) out.push(line.bare ? line.text : `${place(line)}: ${line.text}`);
  });
  if (stopped) out.push(`${place(last!)}: too many errors`);
  return out;
}

function toLine(diagnostic: Diagnostic, fset: FileSet): Line {
  const at = fset.position(diagnostic.pos);
  const related = diagnostic.related.map((note) => {
    const where = fset.position(note.pos);
    return where === null ? `\n\t${note.message}` : `\n\t${where.filename}:${where.line}:${where.column}: ${note.message}`;
  });
  return { file: at?.filename ?? '', line: at?.line ?? 0, column: at?.column ?? 0, text: diagnostic.message + related.join(''), bare: diagnostic.code.startsWith('link.') };
}

/** gc says only the first syntax error of a line. */
function withoutRepeatedSyntaxErrors(lines: readonly Line[]): Line[] {
  let lastLine = '';
  return lines.filter((line) => {
    if (!line.text.startsWith('syntax error')) return true;
    const here = `${line.file}:${line.line}`;
    if (here === lastLine) return false;
    lastLine = here;
    return true;
  });
}

function place(line: Line): string {
  if (line.line === 0) return line.file === '' ? '<unknown line number>' : line.file;
  return line.column > 0 ? `${line.file}:${line.line}:${line.column}` : `${line.file}:${line.line}`;
}
