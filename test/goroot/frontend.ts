// Parses and checks the packages of one test after another, keeping the standard library's declarations from test to test.
import { basename } from 'node:path';
import { DiagnosticList, Severity } from '../../src/base/diagnostic.ts';
import type { Diagnostic, RelatedInfo } from '../../src/base/diagnostic.ts';
import { clean } from '../../src/load/paths.ts';
import type { LoadedPackage } from '../../src/load/program.ts';
import { FileSet } from '../../src/source/fileset.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { checkPackage } from '../../src/types/check.ts';
import type { Package } from '../../src/types/model.ts';
import { wasmSizes } from '../../src/types/sizes.ts';
import { unsafePackage } from '../../src/types/universe.ts';
import type { Message } from './match.ts';

/** Checks packages; those of std once. */
export class Frontend {
  readonly fileSet = new FileSet();
  private readonly std = new Map<string, Package>();

  /** The messages about the packages; the last of them is the one that other rules (unused imports) end with. */
  check(packages: readonly LoadedPackage[]): Map<LoadedPackage, Message[]> {
    const done = new Map<LoadedPackage, Package>();
    const messages = new Map<LoadedPackage, Message[]>();
    for (const loaded of packages) {
      if (loaded.std) {
        done.set(loaded, this.checkStd(loaded, done));
        continue;
      }
      const sink = new DiagnosticList();
      done.set(loaded, this.checkOne(loaded, done, sink, false));
      messages.set(loaded, this.messages(sink.items));
    }
    return messages;
  }

  private checkStd(loaded: LoadedPackage, done: ReadonlyMap<LoadedPackage, Package>): Package {
    const known = this.std.get(loaded.path);
    if (known !== undefined) return known;
    const sink = new DiagnosticList();
    const pkg = this.checkOne(loaded, done, sink, true);
    if (sink.hasErrors()) throw new Error(`std package ${loaded.path}: ${this.messages(sink.items)[0]!.text}`);
    this.std.set(loaded.path, pkg);
    return pkg;
  }

  private checkOne(loaded: LoadedPackage, done: ReadonlyMap<LoadedPackage, Package>, sink: DiagnosticList, isStd: boolean): Package {
    const files = loaded.files.map((file) => parseFile(this.fileSet, file.path, file.text, sink));
    // Spec of the go tools: a package with syntax errors is not checked.
    if (sink.hasErrors()) return unsafePackage;
    return checkPackage({
      path: loaded.symbolPath,
      files,
      fileSet: this.fileSet,
      sizes: wasmSizes,
      goVersion: `go${loaded.goVersion}`,
      sink,
      importer: (path) => {
        if (path === 'unsafe') return unsafePackage;
        const imported = loaded.imports.get(path);
        return imported === undefined ? importPathError(path) : done.get(imported)!;
      },
      trusted: isStd,
      ignoreFuncBodies: isStd,
      complete: false,
    }).pkg;
  }

  /** Only syntax errors of one file. */
  parse(path: string, text: Uint8Array): Message[] {
    const sink = new DiagnosticList();
    parseFile(this.fileSet, path, text, sink);
    return this.messages(sink.items);
  }

  /** Diagnostics as the go harness reads gc's: no columns, files by their last elements. */
  messages(diagnostics: readonly Diagnostic[]): Message[] {
    return diagnostics
      .filter((diagnostic) => diagnostic.severity === Severity.error)
      .map((diagnostic) => {
        const at = this.fileSet.position(diagnostic.pos);
        const path = this.fileSet.file(diagnostic.pos)?.name ?? '';
        const text = diagnostic.message + diagnostic.related.map((note) => this.note(note)).join('');
        return {
          file: basename(at?.filename ?? ''),
          line: at?.line ?? 0,
          text: path === '' ? text : text.replaceAll(path, basename(path)),
        };
      });
  }

  private note(note: RelatedInfo): string {
    const at = this.fileSet.position(note.pos);
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
