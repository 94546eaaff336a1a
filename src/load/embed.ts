// Resolves `//go:embed` patterns to files. Spec: package embed's documentation; the messages are the go command's.
import type { FileTree } from './files.ts';
import { basename, dirname, join } from './paths.ts';
import type { EmbeddedFile } from './program.ts';

/** A pattern that can't be resolved; the message lacks its `pattern X: ` prefix. */
export class EmbedError extends Error {}

/** Finds the files of one package's patterns, reading each file once. */
export class EmbedResolver {
  readonly files = new Map<string, EmbeddedFile>();
  private readonly tree: FileTree;
  private readonly dir: string;

  constructor(tree: FileTree, dir: string) {
    this.tree = tree;
    this.dir = dir;
  }

  /** The names of the files that a pattern stands for, sorted. Throws EmbedError. */
  resolve(pattern: string): string[] {
    const all = pattern.startsWith('all:');
    const glob = all ? pattern.slice(4) : pattern;
    const matcher = globMatcher(glob);
    if (matcher === undefined || !isValidPath(glob)) throw new EmbedError('invalid pattern syntax');
    const matches = this.expand(matcher);
    if (matches.length === 0) throw new EmbedError('no matching files found');
    const names = new Set<string>();
    for (const name of matches) this.addMatch(name, all, names);
    return [...names].sort();
  }

  private addMatch(name: string, all: boolean, names: Set<string>): void {
    const path = join(this.dir, name);
    const kind = this.tree.kind(path);
    const what = kind === 'dir' ? 'directory' : 'file';
    for (let at = name; at !== '.'; at = dirname(at)) {
      if (this.tree.kind(join(this.dir, at, 'go.mod')) === 'file') {
        throw new EmbedError(`cannot embed ${what} ${name}: in different module`);
      }
      if (at !== name && this.tree.kind(join(this.dir, at)) !== 'dir') {
        throw new EmbedError(`cannot embed ${what} ${name}: in non-directory ${at}`);
      }
      if (isBadName(basename(at))) {
        throw new EmbedError(
          at === name
            ? `cannot embed ${what} ${name}: invalid name ${at}`
            : `cannot embed ${what} ${name}: in invalid directory ${basename(at)}`,
        );
      }
    }
    if (kind === 'other') throw new EmbedError(`cannot embed irregular file ${name}`);
    if (kind === 'file') return this.addFile(name, names);
    const before = names.size;
    this.addFolder(name, all, names);
    if (names.size === before) throw new EmbedError(`cannot embed directory ${name}: contains no embeddable files`);
  }

  private addFolder(name: string, all: boolean, names: Set<string>): void {
    for (const entry of this.tree.readDir(join(this.dir, name)) ?? []) {
      const child = join(name, entry.name);
      if (isBadName(entry.name) || (!all && (entry.name[0] === '.' || entry.name[0] === '_'))) continue;
      if (entry.isDir) {
        if (this.tree.kind(join(this.dir, child, 'go.mod')) !== 'file') this.addFolder(child, all, names);
      } else if (!entry.isIrregular) {
        this.addFile(child, names);
      }
    }
  }

  private addFile(name: string, names: Set<string>): void {
    names.add(name);
    if (this.files.has(name)) return;
    const path = join(this.dir, name);
    const data = this.tree.readFile(path);
    if (data === undefined) throw new EmbedError(`open ${path}: no such file or directory`);
    this.files.set(name, { name, path, data });
  }

  /** The paths below the folder that match the glob, element by element. */
  private expand(elements: readonly ((name: string) => boolean)[]): string[] {
    let found = [''];
    elements.forEach((matches, depth) => {
      const next: string[] = [];
      for (const name of found) {
        for (const entry of this.tree.readDir(join(this.dir, name)) ?? []) {
          if (depth < elements.length - 1 && !entry.isDir) continue;
          if (matches(entry.name)) next.push(name === '' ? entry.name : `${name}/${entry.name}`);
        }
      }
      found = next;
    });
    return found;
  }
}

/** Names of version control folders and names that no module may hold are never embedded. */
function isBadName(name: string): boolean {
  return name === '' || ['.bzr', '.hg', '.git', '.svn'].includes(name) || /["*<>?`'|/\\:]/.test(name) || name.endsWith('.');
}

/** Spec of io/fs.ValidPath, with "." refused as embed does. */
function isValidPath(path: string): boolean {
  return path !== '.' && path !== '' && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** Matchers for the elements of a glob in path.Match's syntax, or undefined where it is malformed. */
function globMatcher(glob: string): ((name: string) => boolean)[] | undefined {
  const matchers: ((name: string) => boolean)[] = [];
  for (const element of glob.split('/')) {
    const source = globToRegExp(element);
    if (source === undefined) return undefined;
    if (/[*?[\\]/.test(element)) {
      const expression = new RegExp(`^${source}$`, 'su');
      matchers.push((name) => expression.test(name));
    } else {
      matchers.push((name) => name === element);
    }
  }
  return matchers;
}

function globToRegExp(element: string): string | undefined {
  let out = '';
  for (let i = 0; i < element.length; i++) {
    const c = element[i]!;
    if (c === '*') out += '[^/]*';
    else if (c === '?') out += '[^/]';
    else if (c === '\\') {
      if (++i >= element.length) return undefined;
      out += escapeRegExp(element[i]!);
    } else if (c === '[') {
      const set = /^\[(\^?)((?:\\.|[^\]\\])+)\]/su.exec(element.slice(i));
      if (set === null || /^-|[^\\]-$/.test(set[2]!)) return undefined;
      out += `[${set[1]}${set[2]!.replace(/\\(.)|\[/gsu, (_, escaped: string | undefined) => escapeRegExp(escaped ?? '['))}]`;
      i += set[0].length - 1;
    } else {
      out += escapeRegExp(c);
    }
  }
  return out;
}

function escapeRegExp(c: string): string {
  return /[\^$.*+?()[\]{}|\\/-]/.test(c) ? '\\' + c : c;
}
