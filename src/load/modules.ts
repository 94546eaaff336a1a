// The modules of a build: finds go.mod or go.work, chooses one version of each module (minimal version selection over
// the pruned module graph) or reads vendor/modules.txt, and answers which module an import path may come from.
import type { FileTree } from './files.ts';
import { defaultLanguageVersion, isPruned, moduleLanguageVersion, parseGoMod } from './gomod.ts';
import type { GoMod, ModuleVersion, Replacement } from './gomod.ts';
import { GoSum } from './gosum.ts';
import { moduleDir, readCachedGoMod } from './modcache.ts';
import { clean, dirname, hasPathPrefix, join, resolve, shortPath } from './paths.ts';
import { LoadError } from './program.ts';
import type { Module } from './program.ts';
import { compareGoVersions, compareVersions } from './semver.ts';
import { readVendor } from './vendor.ts';
import type { VendorList } from './vendor.ts';

/** What finding the modules depends on. */
export interface ModuleOptions {
  readonly files: FileTree;
  readonly cwd: string;
  readonly goModCache: string;
  /** The `-mod` flag: empty, `mod`, `readonly` or `vendor`. */
  readonly mod: string;
  /** The `-modfile` flag. */
  readonly modFile: string;
  /** The value of GOWORK. */
  readonly goWork: string;
  /** The running Go's version without `go`: `1.26.8`. */
  readonly goVersion: string;
  /** SHA-256. Where it is given, modules of the cache are checked against go.sum. */
  readonly sha256?: ((bytes: Uint8Array) => Uint8Array) | undefined;
}

/** All modules of a build. */
export interface ModuleSet {
  /** The main module, or those of the workspace; none where there is no go.mod. */
  readonly mains: readonly Module[];
  /** Path of the main module's go.mod or of go.work; empty where there is none. */
  readonly modFile: string;
  readonly vendor: VendorList | undefined;
  /** Whether the vendor folder is used because it is there, without `-mod=vendor`. */
  readonly vendorByDefault: boolean;
  /** Modules by path, main ones included. A folder that is missing shows when a package is looked for in it. */
  readonly byPath: ReadonlyMap<string, Module>;
  /** Modules that a `replace` names and nothing requires. */
  readonly replacedOnly: readonly string[];
  /** `replace ... => ./dir` as written, by module path. */
  readonly replacementText: ReadonlyMap<string, string>;
  readonly godebug: readonly { readonly key: string; readonly value: string }[];
  /** Undefined where hashes are not checked. */
  readonly sums: GoSum | undefined;
  /** What of the module cache a module is, by its path: itself, or what replaces it. */
  readonly cached: ReadonlyMap<string, ModuleVersion>;
}

/** No module at all: files on the command line outside any module. */
const noModules: ModuleSet = {
  mains: [],
  modFile: '',
  vendor: undefined,
  vendorByDefault: false,
  byPath: new Map(),
  replacedOnly: [],
  replacementText: new Map(),
  godebug: [],
  sums: undefined,
  cached: new Map(),
};

interface MainModule {
  readonly module: Module;
  readonly mod: GoMod;
}

/** Finds and reads the modules that `cwd` belongs to. */
export function loadModules(options: ModuleOptions): ModuleSet {
  const workFile = findWorkFile(options);
  if (workFile !== undefined) return loadWorkspace(options, workFile);
  const modFile = findUp(options.files, options.cwd, 'go.mod');
  if (modFile === undefined) return noModules;
  const main = readMain(options, modFile);
  const vendored = options.mod === 'vendor' || (options.mod === '' && usesVendor(options, main));
  if (vendored) {
    const vendor = readVendor(options.files, main.module, main.mod);
    return {
      mains: [main.module],
      modFile,
      vendor,
      vendorByDefault: options.mod === '',
      byPath: vendor.byPath,
      replacedOnly: [],
      replacementText: new Map(),
      godebug: main.mod.godebug,
      sums: undefined,
      cached: new Map(),
    };
  }
  return select(options, [main], modFile, main.mod.replace, dirname(modFile), main.mod.godebug);
}

function usesVendor(options: ModuleOptions, main: MainModule): boolean {
  return main.mod.go !== '' && compareGoVersions(main.mod.go, '1.14') >= 0 && options.files.kind(main.module.dir + '/vendor') === 'dir';
}

/** The nearest file of that name in `dir` or a folder above it. */
function findUp(files: FileTree, dir: string, name: string): string | undefined {
  for (let at = dir; ; at = dirname(at)) {
    const path = join(at, name);
    if (files.kind(path) === 'file') return path;
    if (at === dirname(at)) return undefined;
  }
}

function findWorkFile(options: ModuleOptions): string | undefined {
  if (options.goWork === 'off') return undefined;
  if (options.goWork !== '') return options.goWork;
  return findUp(options.files, options.cwd, 'go.work');
}

function readMain(options: ModuleOptions, modFile: string): MainModule {
  const path = options.modFile === '' ? modFile : resolve(options.cwd, options.modFile);
  const shown = shortPath(options.cwd, path);
  const text = options.files.readFile(path);
  if (text === undefined) throw new LoadError([`go: open ${path}: no such file or directory`]);
  const mod = parseGoMod(new TextDecoder().decode(text), path);
  if (mod.errors.length > 0) {
    throw new LoadError([`go: errors parsing ${shown}:\n` + mod.errors.map((error) => `${shown}:${error}`).join('\n')]);
  }
  if (mod.module === '') {
    throw new LoadError([
      `go: error reading ${shown}: missing module declaration. To specify the module path:\n\tgo mod edit -module=example.com/mod`,
    ]);
  }
  checkGoVersion(mod, shown, options.goVersion);
  const module: Module = { path: mod.module, version: '', dir: dirname(modFile), goVersion: moduleLanguageVersion(mod), isMain: true };
  return { module, mod };
}

function checkGoVersion(mod: GoMod, shown: string, running: string): void {
  if (mod.go !== '' && compareGoVersions(mod.go, running) > 0) {
    throw new LoadError([`go: ${shown} requires go >= ${mod.go} (running go ${running}; GOTOOLCHAIN=local)`]);
  }
}

function loadWorkspace(options: ModuleOptions, workFile: string): ModuleSet {
  const text = options.files.readFile(workFile);
  if (text === undefined) throw new LoadError([`go: open ${workFile}: no such file or directory`]);
  const work = parseGoMod(new TextDecoder().decode(text), workFile, 'work');
  const shown = shortPath(options.cwd, workFile);
  if (work.errors.length > 0) {
    throw new LoadError([`go: errors parsing ${shown}:\n` + work.errors.map((error) => `${shown}:${error}`).join('\n')]);
  }
  checkGoVersion(work, shown, options.goVersion);
  const root = dirname(workFile);
  const replace = [...work.replace];
  const mains = work.use.map((dir) => {
    const modFile = join(resolve(root, dir), 'go.mod');
    if (options.files.kind(modFile) !== 'file') {
      throw new LoadError([
        `go: cannot load module ${clean(dir)} listed in go.work file: open ${shortPath(options.cwd, modFile)}: no such file or directory`,
      ]);
    }
    const main = readMain({ ...options, modFile: '' }, modFile);
    for (const line of main.mod.replace) {
      if (!work.replace.some((other) => other.old.path === line.old.path)) replace.push(absoluteReplacement(line, main.module.dir));
    }
    return main;
  });
  return select(options, mains, workFile, replace, root, work.godebug);
}

function absoluteReplacement(line: Replacement, dir: string): Replacement {
  return line.new.version === '' ? { old: line.old, new: { path: resolve(dir, line.new.path), version: '' } } : line;
}

/** Chooses the highest required version of each module over the graph and finds each one's folder. */
function select(
  options: ModuleOptions,
  mains: readonly MainModule[],
  modFile: string,
  replace: readonly Replacement[],
  root: string,
  godebug: ModuleSet['godebug'],
): ModuleSet {
  const graph = new ModuleGraph(options, replace, root);
  for (const main of mains) graph.addMain(main);
  const byPath = new Map<string, Module>();
  const cached = new Map<string, ModuleVersion>();
  for (const main of mains) byPath.set(main.module.path, main.module);
  for (const [path, version] of graph.selected) {
    if (byPath.has(path)) continue;
    byPath.set(path, graph.locate({ path, version }));
    const source = graph.replacement({ path, version }) ?? { path, version };
    if (source.version !== '') cached.set(path, source);
  }
  const replacedOnly = replace.map((line) => line.old.path).filter((path) => !byPath.has(path));
  const replacementText = new Map(replace.filter((line) => line.new.version === '').map((line) => [line.old.path, line.new.path]));
  return {
    mains: mains.map((main) => main.module),
    modFile,
    vendor: undefined,
    vendorByDefault: false,
    byPath,
    replacedOnly,
    replacementText,
    godebug,
    sums: goSum(options, mains, modFile),
    cached,
  };
}

function goSum(options: ModuleOptions, mains: readonly MainModule[], modFile: string): GoSum | undefined {
  if (options.sha256 === undefined) return undefined;
  const { files, goModCache, sha256 } = options;
  const chosen = options.modFile === '' ? modFile : resolve(options.cwd, options.modFile);
  const isWork = !chosen.endsWith('.mod');
  const sumFiles = isWork ? [`${chosen}.sum`, ...mains.map((main) => `${main.module.dir}/go.sum`)] : [chosen.replace(/\.mod$/, '.sum')];
  return new GoSum({ files, goModCache, sha256, sumFiles, mayLack: options.mod === 'mod' });
}

class ModuleGraph {
  readonly selected = new Map<string, string>();
  private readonly options: ModuleOptions;
  private readonly replace: readonly Replacement[];
  private readonly root: string;
  private readonly mods = new Map<string, GoMod | undefined>();
  private readonly excluded = new Set<string>();
  private readonly loaded = new Set<string>();

  constructor(options: ModuleOptions, replace: readonly Replacement[], root: string) {
    this.options = options;
    this.replace = replace;
    this.root = root;
  }

  addMain(main: MainModule): void {
    for (const module of main.mod.exclude) this.excluded.add(`${module.path}@${module.version}`);
    for (const module of main.mod.require) this.require(module, isPruned(main.mod) ? 'roots' : 'all');
  }

  /** Notes a requirement and follows it: a pruned module's requirements count, theirs do not. */
  private require(module: ModuleVersion, follow: 'roots' | 'all' | 'no'): void {
    if (this.excluded.has(`${module.path}@${module.version}`)) return;
    const have = this.selected.get(module.path);
    if (have === undefined || compareVersions(have, module.version) < 0) this.selected.set(module.path, module.version);
    const visit = `${follow} ${module.path}@${module.version}`;
    if (follow === 'no' || this.loaded.has(visit)) return;
    this.loaded.add(visit);
    const mod = this.readMod(module);
    if (mod === undefined) return;
    const next = follow === 'all' || !isPruned(mod) ? 'all' : 'no';
    for (const dependency of mod.require) this.require(dependency, next);
  }

  private readMod(module: ModuleVersion): GoMod | undefined {
    const key = `${module.path}@${module.version}`;
    if (!this.mods.has(key)) this.mods.set(key, this.readModFile(module));
    return this.mods.get(key);
  }

  private readModFile(module: ModuleVersion): GoMod | undefined {
    const target = this.replacement(module);
    if (target === undefined) return readCachedGoMod(this.options.files, this.options.goModCache, module);
    if (target.version !== '') return readCachedGoMod(this.options.files, this.options.goModCache, target);
    const path = join(resolve(this.root, target.path), 'go.mod');
    const text = this.options.files.readFile(path);
    return text === undefined ? undefined : parseGoMod(new TextDecoder().decode(text), path, 'mod', false);
  }

  /** What a `replace` line puts in the module's place; without a version it is a folder. */
  replacement(module: ModuleVersion): ModuleVersion | undefined {
    const lines = this.replace.filter((line) => line.old.path === module.path);
    const exact = lines.find((line) => line.old.version === module.version);
    return (exact ?? lines.find((line) => line.old.version === ''))?.new;
  }

  /** The module with its folder. */
  locate(module: ModuleVersion): Module {
    const target = this.replacement(module);
    const mod = this.readMod(module);
    const dir =
      target !== undefined && target.version === ''
        ? resolve(this.root, target.path)
        : moduleDir(this.options.goModCache, target ?? module);
    const goVersion = mod === undefined ? defaultLanguageVersion : moduleLanguageVersion(mod);
    return { path: module.path, version: module.version, dir, goVersion, isMain: false };
  }
}

/** The modules whose paths are prefixes of the import path, longest first. */
export function modulesFor(set: ModuleSet, importPath: string): Module[] {
  const found: Module[] = [];
  for (let prefix = importPath; prefix !== '.'; prefix = dirname(prefix)) {
    const module = set.byPath.get(prefix);
    if (module !== undefined) found.push(module);
    if (!prefix.includes('/')) break;
  }
  return found;
}

/** The main module whose folder holds `dir`, the innermost if several do. */
export function mainModuleOf(set: ModuleSet, dir: string): Module | undefined {
  let best: Module | undefined;
  for (const module of set.mains) {
    if (hasPathPrefix(dir, module.dir) && (best === undefined || module.dir.length > best.dir.length)) best = module;
  }
  return best;
}
