// The Go files of one folder: which of them the build context takes, and what their headers say. The counterpart of
// go/build's Import, with the overlay applied for packages of the standard library.
import { buildHeader, goVersionOfBuildLine, isIgnoredName, matchFileName, matchHeader, tagHolds } from '../source/constraint.ts';
import type { BuildContext } from '../source/constraint.ts';
import type { DirEntry, FileTree } from './files.ts';
import { readHeader } from './header.ts';
import type { FileHeader } from './header.ts';
import { basename, join } from './paths.ts';
import type { PackageOverlay } from './overlay.ts';

/** A Go file that the build takes, with its header. */
export interface FolderFile {
  readonly path: string;
  readonly text: Uint8Array;
  readonly header: FileHeader;
  readonly goVersion: string;
}

/** What a folder holds for a build. */
export interface Folder {
  readonly dir: string;
  /** Package name; of the first file where they differ. */
  readonly name: string;
  readonly files: readonly FolderFile[];
  /** Paths of the `_test.go` files that their names don't leave out; readTestFiles judges their constraints. */
  readonly testFiles: readonly string[];
  /** Go files that names or constraints leave out. */
  readonly ignored: readonly string[];
  /** The first thing wrong with the folder as a package. */
  readonly error: FolderError | undefined;
}

/** Why a folder is not a package. */
export type FolderError =
  | { readonly kind: 'no-go-files' }
  | { readonly kind: 'multiple-packages'; readonly names: readonly [string, string]; readonly files: readonly [string, string] }
  | { readonly kind: 'header'; readonly file: string; readonly message: string; readonly line: number; readonly column: number }
  | { readonly kind: 'constraint'; readonly file: string; readonly message: string }
  | { readonly kind: 'nul'; readonly file: string }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Reads the folder as a package. */
export function readFolder(files: FileTree, dir: string, context: BuildContext, overlay?: PackageOverlay): Folder {
  const reader = new FolderReader(files, context);
  const entries = files.readDir(dir) ?? [];
  const own = new Set(overlay?.files ?? []);
  for (const entry of entries) {
    if (!isGoFile(entry) || own.has(entry.name) || overlay?.drop.has(entry.name)) continue;
    if (overlay?.use.has(entry.name)) reader.add(join(dir, entry.name), true);
    else if (!overlay?.replace || isTestFile(entry.name)) reader.add(join(dir, entry.name), false);
  }
  if (overlay !== undefined) {
    for (const name of overlay.files) reader.add(join(overlay.dir, name), false);
    reader.checkNames(overlay, entries);
  }
  return reader.finish(dir);
}

/** Reads named files as a package, whatever their constraints say. */
export function readNamedFiles(files: FileTree, dir: string, paths: readonly string[], context: BuildContext, withTests = false): Folder {
  const reader = new FolderReader(files, context);
  for (const path of [...paths].sort()) reader.add(path, true, withTests);
  return reader.finish(dir);
}

/** The test files of a folder that the build takes, as a folder of their own; `always` takes them whatever their constraints. */
export function readTestFiles(files: FileTree, folder: Folder, context: BuildContext, always: boolean): Folder {
  const reader = new FolderReader(files, context);
  for (const path of folder.testFiles) reader.add(path, always, true);
  return reader.finish(folder.dir);
}

/** Whether the folder has a Go file, whatever its constraints. */
export function hasGoFiles(entries: readonly DirEntry[]): boolean {
  return entries.some((entry) => isGoFile(entry));
}

function isGoFile(entry: DirEntry): boolean {
  return !entry.isDir && !entry.isIrregular && entry.name.endsWith('.go') && !isIgnoredName(entry.name);
}

function isTestFile(name: string): boolean {
  return name.endsWith('_test.go');
}

class FolderReader {
  private readonly tree: FileTree;
  private readonly context: BuildContext;
  private readonly files: FolderFile[] = [];
  private readonly testFiles: string[] = [];
  private readonly ignored: string[] = [];
  private error: FolderError | undefined;

  constructor(tree: FileTree, context: BuildContext) {
    this.tree = tree;
    this.context = context;
  }

  /** Takes the file unless its name or its constraints leave it out; `always` takes it in any case. */
  add(path: string, always: boolean, withTests = false): void {
    const name = basename(path);
    if (!always && !matchFileName(this.context, name)) return void this.ignored.push(name);
    if (!withTests && isTestFile(name)) return void this.testFiles.push(path);
    const text = this.read(path);
    if (text === undefined) return;
    const lines = buildHeader(text);
    const { ok, error } = matchHeader(lines, (tag) => tagHolds(this.context, tag));
    if (error !== null) {
      const message = lines.multiple ? error.message : `parsing //go:build line: ${error.message}`;
      return this.fail({ kind: 'constraint', file: path, message });
    }
    if (!always && !ok) return void this.ignored.push(name);
    const header = readHeader(text);
    if (header.hasNul) return this.fail({ kind: 'nul', file: path });
    if (header.error !== undefined) this.fail({ kind: 'header', file: path, ...header.error });
    if (header.packageName === 'documentation') return void this.ignored.push(name);
    // Without cgo, a file that imports "C" is left out.
    if (header.imports.some((spec) => spec.path === 'C')) return void this.ignored.push(name);
    const goVersion = goVersionOfBuildLine(lines.goBuild).replace(/^go/, '');
    this.files.push({ path, text, header, goVersion });
  }

  /** An overlay that names a file which GOROOT does not have was written for another release. */
  checkNames(overlay: PackageOverlay, entries: readonly DirEntry[]): void {
    const have = new Set(entries.map((entry) => entry.name));
    for (const name of [...overlay.use, ...overlay.drop]) {
      if (!have.has(name))
        this.fail({ kind: 'unreadable', message: `${overlay.dir}/overlay.txt names ${name}, which GOROOT does not have` });
    }
  }

  finish(dir: string): Folder {
    this.files.sort((a, b) => (basename(a.path) < basename(b.path) ? -1 : 1));
    const named = this.files.filter((file) => file.header.packageName !== '');
    const first = named[0];
    const other = named.find((file) => file.header.packageName !== first!.header.packageName);
    if (first === undefined && this.files.length === 0) this.fail({ kind: 'no-go-files' });
    if (first !== undefined && other !== undefined) {
      this.fail({
        kind: 'multiple-packages',
        names: [first.header.packageName, other.header.packageName],
        files: [basename(first.path), basename(other.path)],
      });
    }
    return {
      dir,
      name: first?.header.packageName ?? '',
      files: this.files,
      testFiles: this.testFiles,
      ignored: this.ignored,
      error: this.error,
    };
  }

  private read(path: string): Uint8Array | undefined {
    try {
      return this.tree.readFile(path);
    } catch (error) {
      this.fail({ kind: 'unreadable', message: `open ${path}: ${systemErrorText(error)}` });
      return undefined;
    }
  }

  private fail(error: FolderError): void {
    this.error ??= error;
  }
}

/** The operating system's words for an error that a file operation threw. */
export function systemErrorText(error: unknown): string {
  const code = (error as { code?: string }).code ?? '';
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    ENOENT: 'no such file or directory',
    EISDIR: 'is a directory',
    ENOTDIR: 'not a directory',
    ELOOP: 'too many levels of symbolic links',
    EMFILE: 'too many open files',
    EIO: 'input/output error',
  };
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}
