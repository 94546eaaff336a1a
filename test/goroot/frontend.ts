// Parses and checks the packages of one test after another, keeping the standard library's declarations from test to test.
import { basename } from 'node:path';
import type { Diagnostic, RelatedInfo } from '../../src/base/diagnostic.ts';
import { DiagnosticList, Severity } from '../../src/base/diagnostic.ts';
import { FrontSession, runFront } from '../../src/compiler/front.ts';
import { clean } from '../../src/load/paths.ts';
import type { LoadedProgram } from '../../src/load/program.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import type { Message } from './match.ts';

/** Checks packages; those of std once. */
export class Frontend {
  /** What compiling the same programs goes on with. */
  readonly session = new FrontSession();

  /** The messages about the packages that have any. */
  check(program: LoadedProgram, complete: boolean): { readonly path: string; readonly messages: readonly Message[] }[] {
    const { errors } = runFront(program, { session: this.session, complete, importError: importPathError });
    return errors.map(({ loaded, diagnostics }) => ({ path: loaded.path, messages: this.messages(diagnostics) }));
  }

  /** Only syntax errors of one file. */
  parse(path: string, text: Uint8Array): Message[] {
    const sink = new DiagnosticList();
    parseFile(this.session.fset, path, text, sink);
    return this.messages(sink.items);
  }

  /** Diagnostics as the go harness reads gc's: no columns, files by their last elements. */
  messages(diagnostics: readonly Diagnostic[]): Message[] {
    return diagnostics
      .filter((diagnostic) => diagnostic.severity === Severity.error)
      .map((diagnostic) => {
        const at = this.session.fset.position(diagnostic.pos);
        const path = this.session.fset.file(diagnostic.pos)?.name ?? '';
        const text = diagnostic.message + diagnostic.related.map((note) => this.note(note)).join('');
        return {
          file: basename(at?.filename ?? ''),
          line: at?.line ?? 0,
          text: path === '' ? text : text.replaceAll(path, basename(path)),
        };
      });
  }

  private note(note: RelatedInfo): string {
    const at = this.session.fset.position(note.pos);
    return at === null ? `\n\t${note.message}` : `\n\t${basename(at.filename)}:${at.line}: ${note.message}`;
  }
}

/** What gc shows when it stops after ten errors: the tenth's line says so too. */
export function limitErrors(messages: readonly Message[]): Message[] {
  if (messages.length < 10) return [...messages];
  const shown = messages.slice(0, 10);
  return [...shown, { ...shown[9]!, text: 'too many errors' }];
}

/** What gc says of an import path that names no package; the go command has refused it long before. */
function importPathError(path: string): string {
  if (path === '') return 'import path is empty';
  if (path.startsWith('/')) return 'import path cannot be absolute path';
  const bad = /[\s\x00-\x1f\x7f\\!"#$%&'()*,:;<=>?[\]^`{|}\ufffd]/u.exec(path);
  if (bad !== null) return `import path contains invalid character '${bad[0]}'`;
  const canonical = clean(path);
  if (canonical !== path) return `non-canonical import path ${JSON.stringify(path)} (should be ${JSON.stringify(canonical)})`;
  return `package ${path} is not in std`;
}
