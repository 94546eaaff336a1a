// The packages that the command line's patterns name: folders, import paths, `./...`, `std`.
import { noGoMod } from './errors.ts';
import { hasGoFiles } from './folder.ts';
import type { FileTree } from './files.ts';
import { mainModuleOf } from './modules.ts';
import type { ModuleSet } from './modules.ts';
import { hasPathPrefix, isAbs, join, relative, resolve } from './paths.ts';
import { LoadError } from './program.ts';

/** A pattern and the import paths it stands for. */
export interface PatternMatch {
  readonly pattern: string;
  readonly paths: readonly string[];
  /** Whether it has a `...` (or is `std`), so that folders without Go files are passed over. */
  readonly isWild: boolean;
}

/** Folders below GOROOT/src that `std` does not mean: documentation, what the compiler provides, and what needs cgo. */
const notStd = new Set(['', 'builtin', 'unsafe', 'runtime/cgo']);

/** Whether the pattern names folders rather than import paths. */
export function isLocalPattern(pattern: string): boolean {
  return /^\.{1,2}($|\/)/.test(pattern) || isAbs(pattern);
}

/** Turns patterns into import paths. Throws LoadError for a folder that is not there or belongs to no module. */
export class PatternMatcher {
  private readonly files: FileTree;
  private readonly cwd: string;
  private readonly gorootSrc: string;
  private readonly modules: ModuleSet;

  constructor(files: FileTree, cwd: string, goroot: string, modules: ModuleSet) {
    this.files = files;
    this.cwd = cwd;
    this.gorootSrc = join(goroot, 'src');
    this.modules = modules;
  }

  match(pattern: string): PatternMatch {
    const isLocal = isLocalPattern(pattern);
    const isWild = pattern.includes('...');
    if (isLocal && !isWild) return { pattern, paths: [this.folderPath(pattern)], isWild };
    if (isLocal) return { pattern, paths: this.walkLocal(pattern), isWild };
    if (pattern === 'std')
      return {
        pattern,
        paths: this.walk(this.gorootSrc, '').filter((path) => !notStd.has(path) && !hasPathPrefix(path, 'cmd')),
        isWild: true,
      };
    if (pattern === 'all' || isWild) return { pattern, paths: this.walkAll(pattern === 'all' ? '...' : pattern), isWild: true };
    return { pattern, paths: [pattern.replace(/\/+$/, '')], isWild };
  }

  /** The import path of a folder. */
  private folderPath(pattern: string): string {
    const dir = resolve(this.cwd, pattern);
    if (hasPathPrefix(dir, this.gorootSrc) && dir !== this.gorootSrc) return relative(this.gorootSrc, dir);
    if (this.modules.mains.length === 0) throw new LoadError([`go: ${noGoMod}`]);
    if (this.files.kind(dir) !== 'dir') throw new LoadError([`stat ${dir}: directory not found`]);
    const module = mainModuleOf(this.modules, dir);
    if (module === undefined || this.inNestedModule(dir, module.dir)) {
      if (module === undefined) throw new LoadError([`directory ${pattern} outside main module or its selected dependencies`]);
      throw new LoadError([`main module (${module.path}) does not contain package ${join(module.path, relative(module.dir, dir))}`]);
    }
    const rel = relative(module.dir, dir);
    return rel === '.' ? module.path : `${module.path}/${rel}`;
  }

  private inNestedModule(dir: string, root: string): boolean {
    for (let at = dir; at !== root; at = at.slice(0, at.lastIndexOf('/'))) {
      if (this.files.kind(at + '/go.mod') === 'file') return true;
    }
    return false;
  }

  private walkLocal(pattern: string): string[] {
    const full = resolve(this.cwd, pattern);
    const fixed = full.slice(0, full.indexOf('...'));
    const root = fixed.endsWith('/') ? fixed.slice(0, -1) : fixed.slice(0, fixed.lastIndexOf('/'));
    const matches = wildcard(full);
    const inStd = hasPathPrefix(root, this.gorootSrc);
    if (!inStd && this.modules.mains.length === 0) throw new LoadError([`go: ${noGoMod}`]);
    const module = mainModuleOf(this.modules, root);
    if (module === undefined && !inStd)
      throw new LoadError([
        `pattern ${pattern}: directory prefix ${relative(this.cwd, root)} does not contain main module or its selected dependencies`,
      ]);
    const prefix = inStd ? '' : module!.path;
    const base = inStd ? this.gorootSrc : module!.dir;
    return this.walk(root, relative(base, root) === '.' ? prefix : [prefix, relative(base, root)].filter(Boolean).join('/')).filter(
      (path) => matches(prefix === '' ? join(base, path) : join(base, path.slice(prefix.length))),
    );
  }

  private walkAll(pattern: string): string[] {
    const matches = wildcard(pattern);
    const paths = this.modules.mains.flatMap((module) => this.walk(module.dir, module.path));
    const std = /^[^./]+(\/|$)/.test(pattern) ? this.walk(this.gorootSrc, '') : [];
    return [...paths, ...std].filter((path) => path !== '' && matches(path));
  }

  /** All folders below `dir` that have Go files, as import paths; `path` is that of `dir`. */
  private walk(dir: string, path: string): string[] {
    const entries = this.files.readDir(dir) ?? [];
    const found = hasGoFiles(entries) ? [path] : [];
    const inStd = hasPathPrefix(dir, this.gorootSrc);
    for (const entry of entries) {
      if (
        !entry.isDir ||
        entry.name[0] === '.' ||
        entry.name[0] === '_' ||
        entry.name === 'testdata' ||
        (entry.name === 'vendor' && !inStd)
      )
        continue;
      const child = `${dir}/${entry.name}`;
      if (this.files.kind(child + '/go.mod') === 'file') continue;
      found.push(...this.walk(child, path === '' ? entry.name : `${path}/${entry.name}`));
    }
    return found;
  }
}

/** A predicate for a pattern with `...`, which stands for any text; `x/...` matches `x` too. */
function wildcard(pattern: string): (path: string) => boolean {
  const source = pattern
    .split('...')
    .map((part) => part.replace(/[\^$.*+?()[\]{}|\\/]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(`^${source.replace(/\\\/\.\*$/, '(\\/.*)?')}$`, 's');
  return (path) => expression.test(path);
}
