// The loader: from the command line's files or patterns to all packages of the program in dependency order. Finds
// everything that is wrong with the graph before it gives up, and says it in the go command's words and order.
import { buildContext } from './context.ts';
import type { BuildContext } from '../source/constraint.ts';
import { EmbedError, EmbedResolver } from './embed.ts';
import { folderErrorMessage, importStack, internalParent, isValidImportPath, malformedImportPath } from './errors.ts';
import type { ImportStep } from './errors.ts';
import type { FileTree } from './files.ts';
import { readFolder, readNamedFiles } from './folder.ts';
import type { Folder, FolderFile } from './folder.ts';
import { GodebugTable } from './godebug.ts';
import type { DebugSetting } from './header.ts';
import { isVendoredByStd, openGoroot } from './goroot.ts';
import type { Goroot } from './goroot.ts';
import { loadModules, mainModuleOf } from './modules.ts';
import type { ModuleSet } from './modules.ts';
import { readOverlay } from './overlay.ts';
import { basename, dirname, hasPathPrefix, join, relative, resolve, shortPath } from './paths.ts';
import { PatternMatcher } from './patterns.ts';
import { LoadError } from './program.ts';
import type { EmbedPattern, EmbeddedFile, ImportSpec, LoadedFile, LoadedPackage, LoadedProgram, Module } from './program.ts';
import { MissingSumError, ResolveError, Resolver } from './resolve.ts';

/** What loading depends on besides the files themselves. */
export interface LoadOptions {
  readonly files: FileTree;
  readonly cwd: string;
  readonly goroot: string;
  /** Folder of the overlay; empty for none. */
  readonly overlay: string;
  readonly goos: string;
  readonly tags?: readonly string[];
  readonly experiment?: string;
  readonly goModCache?: string;
  readonly goWork?: string;
  /** The `-mod` flag. */
  readonly mod?: string;
  /** The `-modfile` flag. */
  readonly modFile?: string;
  /** SHA-256. Where it is given, modules of the cache are checked against go.sum. */
  readonly sha256?: (bytes: Uint8Array) => Uint8Array;
  /**
   * Packages given by their files, as the go command's tests have them: import path to absolute file paths. A relative import
   * `./x` in one of them means the package of that name below `root`.
   */
  readonly given?: { readonly root: string; readonly packages: ReadonlyMap<string, readonly string[]> };
  /** Keeps what was read of standard packages from one program to the next. */
  readonly stdFolders?: Map<string, Folder>;
  /** Standard packages that every program has, whether it imports them or not. */
  readonly implicit?: readonly string[];
}

/** A loaded program, and the warnings of its patterns. */
export interface LoadResult {
  readonly program: LoadedProgram;
  readonly warnings: readonly string[];
}

/** Loads the named Go files as the package `command-line-arguments`. */
export function loadFiles(paths: readonly string[], options: LoadOptions): LoadResult {
  return new Loader(options).loadFiles(paths);
}

/** Loads the packages that the patterns name. */
export function loadPatterns(patterns: readonly string[], options: LoadOptions): LoadResult {
  return new Loader(options).loadPatterns(patterns);
}

/** Loads packages of `options.given`; the language version is `goVersion`. */
export function loadGiven(paths: readonly string[], options: LoadOptions, goVersion = ''): LoadResult {
  return new Loader(options, goVersion).loadGiven(paths);
}

/** A package while the graph is being built. */
export interface Node {
  readonly path: string;
  readonly std: boolean;
  readonly module: Module | undefined;
  readonly folder: Folder;
  readonly imports: Map<string, LoadedPackage>;
  readonly embedPatterns: EmbedPattern[];
  embedFiles: readonly EmbeddedFile[];
}

/** The state of one load; TestLoader (tests.ts) adds what `test` needs. */
export class Loader {
  protected readonly options: LoadOptions;
  protected readonly files: FileTree;
  protected readonly goroot: Goroot;
  protected readonly context: BuildContext;
  protected readonly modules: ModuleSet;
  protected readonly resolver: Resolver;
  private readonly packages: LoadedPackage[] = [];
  /** Packages by path; undefined for one with errors, which `failures` has. */
  protected readonly done = new Map<string, LoadedPackage | undefined>();
  private readonly failures = new Map<string, readonly string[]>();
  private readonly folders = new Map<string, Folder>();
  protected readonly stack: ImportStep[] = [];
  protected readonly messages: string[] = [];
  private readonly givenVersion: string;
  /** Settings of `//go:debug` lines, by package. */
  private readonly debugSettings = new Map<string, PlacedSetting[]>();

  constructor(options: LoadOptions, givenVersion = '') {
    this.options = options;
    this.givenVersion = givenVersion;
    this.files = options.files;
    this.goroot = openGoroot(this.files, options.goroot);
    this.context = buildContext({
      goos: options.goos,
      goMinor: this.goroot.minor,
      tags: options.tags ?? [],
      experiment: options.experiment ?? '',
    });
    this.modules = loadModules({
      files: this.files,
      cwd: options.cwd,
      goModCache: options.goModCache ?? '',
      goWork: options.goWork ?? '',
      mod: options.mod ?? '',
      modFile: options.modFile ?? '',
      goVersion: this.goroot.version.slice(2),
      sha256: options.sha256,
    });
    this.resolver = new Resolver(this.files, this.goroot, options.overlay, this.modules);
  }

  loadFiles(paths: readonly string[]): LoadResult {
    const dir = this.checkNamedFiles(paths);
    const full = paths.map((path) => resolve(this.options.cwd, path));
    const folder = readNamedFiles(this.files, dir, full, this.context);
    if (folder.error?.kind === 'no-go-files')
      throw new LoadError([folder.ignored.length > 0 ? 'go: no Go source files' : `no Go files in ${dir}`]);
    this.loadImplicit();
    const root = this.build('command-line-arguments', false, mainModuleOf(this.modules, dir), folder);
    return this.finish(root === undefined ? [] : [root], []);
  }

  loadGiven(paths: readonly string[]): LoadResult {
    this.loadImplicit();
    const roots = paths.map((path) => this.visitGiven(path, '')).filter((root) => root !== undefined);
    return this.finish(roots, []);
  }

  private visitGiven(path: string, imported: string): LoadedPackage | undefined {
    if (this.done.has(path)) return this.done.get(path);
    const files = this.options.given!.packages.get(path)!;
    return this.build(path, false, undefined, readNamedFiles(this.files, dirname(files[0]!), files, this.context, true), imported);
  }

  loadPatterns(patterns: readonly string[]): LoadResult {
    const matcher = new PatternMatcher(this.files, this.options.cwd, this.goroot.dir, this.modules);
    this.loadImplicit();
    const warnings: string[] = [];
    const roots = new Set<LoadedPackage>();
    for (const pattern of patterns) {
      const match = matcher.match(pattern);
      const before = roots.size;
      for (const path of match.paths) {
        const root = this.loadRoot(path, match.isWild);
        if (root !== undefined) roots.add(root);
      }
      if (match.isWild && roots.size === before) warnings.push(`go: warning: "${pattern}" matched no packages`);
    }
    return this.finish([...roots], warnings);
  }

  protected checkNamedFiles(paths: readonly string[]): string {
    const dirs = new Set<string>();
    let first = '';
    for (const path of paths) {
      const full = resolve(this.options.cwd, path);
      const kind = this.files.kind(full);
      if (kind === undefined) throw new LoadError([`stat ${path}: no such file or directory`]);
      if (kind === 'dir') throw new LoadError([`${path} is a directory, should be a Go file`]);
      const shown = dirname(path);
      if (dirs.size === 0) first = shown;
      dirs.add(dirname(full));
      if (dirs.size > 1)
        throw new LoadError([
          `named files must all be in one directory; have ${first === '.' ? './' : first} and ${shown === '.' ? './' : shown}`,
        ]);
    }
    return [...dirs][0]!;
  }

  /** The packages that every program has. */
  protected loadImplicit(): LoadedPackage[] {
    return (this.options.implicit ?? ['runtime']).map((path) => this.loadStandard(path)).filter((loaded) => loaded !== undefined);
  }

  protected loadStandard(path: string): LoadedPackage | undefined {
    return this.visit(path, this.resolver.resolve(path).dir, true, undefined, '');
  }

  private loadRoot(path: string, isWild: boolean): LoadedPackage | undefined {
    try {
      const place = this.resolver.resolve(path);
      if (isWild && this.read(path, place.dir, place.std).error?.kind === 'no-go-files') return undefined;
      return this.visit(path, place.dir, place.std, place.module, '');
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error;
      const dir = this.emptyFolderOf(path);
      this.messages.push(dir === undefined ? error.message : `no Go files in ${dir}`);
      return undefined;
    }
  }

  /** The folder of the main module that the path names, where it exists but holds no Go files. */
  private emptyFolderOf(path: string): string | undefined {
    for (const module of this.modules.mains) {
      if (!hasPathPrefix(path, module.path)) continue;
      const dir = join(module.dir, path.slice(module.path.length));
      if (this.files.kind(dir) === 'dir') return dir;
    }
    return undefined;
  }

  protected read(path: string, dir: string, std: boolean): Folder {
    const known = std && this.options.stdFolders !== undefined ? this.options.stdFolders : this.folders;
    let folder = known.get(path);
    if (folder === undefined) known.set(path, (folder = this.readAfresh(path, dir, std)));
    return folder;
  }

  private readAfresh(path: string, dir: string, std: boolean): Folder {
    return readFolder(this.files, dir, this.context, std ? readOverlay(this.files, this.options.overlay, path, this.context) : undefined);
  }

  /** The package of the path, built with all that it imports; undefined where it has an error. */
  protected visit(path: string, dir: string, std: boolean, module: Module | undefined, imported: string): LoadedPackage | undefined {
    if (this.done.has(path)) {
      this.messages.push(...(this.failures.get(path) ?? []));
      return this.done.get(path);
    }
    const folder = this.read(path, dir, std);
    return this.build(path, std, module, folder, imported);
  }

  protected build(path: string, std: boolean, module: Module | undefined, folder: Folder, imported = ''): LoadedPackage | undefined {
    const from = imported === '' ? '' : imported.slice(0, imported.indexOf(':'));
    const node: Node = { path, std, module, folder, imports: new Map(), embedPatterns: [], embedFiles: [] };
    const errorsBefore = this.messages.length;
    if (folder.error !== undefined) {
      this.messages.push(folderErrorMessage(folder, path, this.options.cwd, imported, [...this.stack, { path, from }]));
    } else {
      this.resolveAll(node, { path, from });
    }
    const errors = this.messages.slice(errorsBefore);
    if (errors.length > 0) this.failures.set(path, errors);
    const built = errors.length === 0 ? this.finishPackage(node) : undefined;
    this.done.set(path, built);
    return built;
  }

  /** Loads all that the package imports and embeds; `step` is how it shows in import stacks. */
  protected resolveAll(node: Node, step: ImportStep): void {
    this.stack.push(step);
    for (const [spec, file] of this.sortedImports(node.folder)) this.importPackage(node, spec, file);
    if (this.options.given === undefined || node.std) this.resolveEmbeds(node);
    this.stack.pop();
  }

  /** Each imported path once, with the file that names it first, in path order as the go command goes through them. */
  private sortedImports(folder: Folder): [ImportSpec, FolderFile][] {
    const first = new Map<string, [ImportSpec, FolderFile]>();
    for (const file of folder.files) {
      for (const spec of file.header.imports) if (!first.has(spec.path)) first.set(spec.path, [spec, file]);
    }
    return [...first.keys()].sort().map((path) => first.get(path)!);
  }

  private importPackage(node: Node, spec: ImportSpec, file: FolderFile): void {
    if (spec.path === 'unsafe') return;
    const place = `${shortPath(this.options.cwd, file.path)}:${spec.line}:${spec.column}`;
    const fail = (message: string): void => void this.messages.push(`${place}: ${message}`);
    const given = this.options.given;
    if (given !== undefined) {
      const path = spec.path.startsWith('./') ? join(given.root, spec.path) : spec.path;
      if (given.packages.has(path)) return this.importGiven(node, spec, path, file, place);
      // The compiler judges the paths of packages that did not come through the go command's rules.
      if (!node.std && (!isValidImportPath(spec.path) || spec.path.startsWith('/') || malformedImportPath(spec.path) !== '')) return;
    }
    if (!isValidImportPath(spec.path)) {
      this.messages.push(`${file.path}:${spec.line}:${spec.column}: invalid import path: ${spec.path}`);
      return;
    }
    if (/^\.{1,2}(\/|$)/.test(spec.path)) {
      fail(`"${spec.path}" is relative, but relative import paths are not supported in module mode`);
      return fail(`local import "${spec.path}" in non-local package`);
    }
    if (spec.path.startsWith('/')) return fail(`"${spec.path}" is not a package path; see 'go help packages'`);
    const malformed = malformedImportPath(spec.path);
    if (malformed !== '') return fail(`malformed import path ${JSON.stringify(spec.path)}: ${malformed}`);
    const path = node.std && isVendoredByStd(spec.path) ? `vendor/${spec.path}` : spec.path;
    if (!node.std && path.startsWith('vendor/') && this.resolver.isStandard(path)) return fail('use of vendored package not allowed');
    if (this.stack.some((step) => step.path === path)) {
      this.messages.push(`${importStack([...this.stack, { path, from: file.path }], true)}: import cycle not allowed`);
      return;
    }
    try {
      const where = this.resolver.resolve(path);
      const built = this.visit(path, where.dir, where.std, where.module, place);
      this.checkUse(node, path, where.std, place, built?.name ?? '');
      if (built !== undefined) node.imports.set(spec.path, built);
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error;
      const isTest = file.path.endsWith('_test.go');
      fail(error instanceof MissingSumError ? error.importedBy(node.path, node.module?.version ?? '', isTest) : error.message);
    }
  }

  private importGiven(node: Node, spec: ImportSpec, path: string, file: FolderFile, place: string): void {
    if (this.stack.some((step) => step.path === path)) {
      this.messages.push(`${importStack([...this.stack, { path, from: file.path }], true)}: import cycle not allowed`);
      return;
    }
    const built = this.visitGiven(path, place);
    if (built !== undefined) node.imports.set(spec.path, built);
  }

  /** The rules about internal packages and programs. */
  private checkUse(node: Node, path: string, std: boolean, place: string, name: string): void {
    const parent = internalParent(path);
    if (parent !== undefined && !this.mayUseInternal(node, parent, std)) {
      this.messages.push(`${importStack(this.stack)}\n\t${place}: use of internal package ${path} not allowed`);
    } else if (name === 'main' && path !== node.path) {
      this.messages.push(`${place}: import "${path}" is a program, not an importable package`);
    }
  }

  private mayUseInternal(node: Node, parent: string, std: boolean): boolean {
    if (std) return node.std && (parent === '' || hasPathPrefix(node.path, parent) || node.path.startsWith('vendor/'));
    return hasPathPrefix(this.importerPath(node), parent);
  }

  /** The import path that a package of command-line files would have. */
  private importerPath(node: Node): string {
    if (node.path !== 'command-line-arguments' || node.module === undefined) return node.path;
    const rel = relative(node.module.dir, node.folder.dir);
    return rel === '.' ? node.module.path : `${node.module.path}/${rel}`;
  }

  private resolveEmbeds(node: Node): void {
    const resolver = new EmbedResolver(this.files, node.folder.dir);
    const seen = new Set<string>();
    for (const file of node.folder.files) {
      for (const embed of file.header.embeds) {
        if (seen.has(embed.pattern)) continue;
        seen.add(embed.pattern);
        try {
          node.embedPatterns.push({ pattern: embed.pattern, files: resolver.resolve(embed.pattern) });
        } catch (error) {
          if (!(error instanceof EmbedError)) throw error;
          this.messages.push(
            `${shortPath(this.options.cwd, file.path)}:${embed.line}:${embed.column}: pattern ${embed.pattern}: ${error.message}`,
          );
        }
      }
    }
    node.embedFiles = [...resolver.files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private finishPackage(node: Node): LoadedPackage {
    const built = this.makePackage(node);
    this.packages.push(built);
    if (built.name === 'main') this.debugSettings.set(built.path, debugSettings(node.folder.files));
    return built;
  }

  protected makePackage(node: Node): LoadedPackage {
    return {
      path: node.path,
      symbolPath: node.folder.name === 'main' ? 'main' : node.path,
      name: node.folder.name,
      forTest: '',
      dir: node.folder.dir,
      std: node.std,
      module: node.module,
      goVersion: this.languageVersion(node),
      files: node.folder.files.map((file) => this.loadedFile(file)),
      imports: node.imports,
      embedPatterns: node.embedPatterns,
      embedFiles: node.embedFiles,
    };
  }

  private languageVersion(node: Node): string {
    if (!node.std && this.givenVersion !== '') return this.givenVersion;
    return node.module?.goVersion ?? `1.${this.goroot.minor}`;
  }

  /** The settings that a program starts with, given the `//go:debug` lines of its main package. */
  protected godebug(main: LoadedPackage | undefined, settings: readonly PlacedSetting[]): string {
    if (main === undefined) return '';
    const table = new GodebugTable(this.files, this.goroot.dir);
    const complaints: string[] = [];
    const directives: string[] = [];
    for (const { file, setting } of settings) {
      const complaint = table.complaint(setting.text);
      if (complaint === '') directives.push(setting.text);
      else complaints.push(`${this.displayName(file)}:${setting.line}:1: invalid //go:debug: ${complaint}`);
    }
    if (complaints.length > 0) throw new LoadError([`# ${main.path}\n${complaints.join('\n')}`]);
    return table.defaults({ goVersion: this.modules.mains[0]?.goVersion ?? main.goVersion, modLines: this.modules.godebug, directives });
  }

  private loadedFile(file: FolderFile): LoadedFile {
    return {
      path: file.path,
      displayName: this.displayName(file.path),
      // Read when somebody asks, where the folder was known.
      get text() { return file.text; },
      goVersion: file.goVersion,
      imports: file.header.imports,
      embeds: file.header.embeds,
    };
  }

  private displayName(path: string): string {
    return dirname(path) === this.options.cwd ? `./${basename(path)}` : shortPath(this.options.cwd, path);
  }

  private finish(roots: readonly LoadedPackage[], warnings: readonly string[]): LoadResult {
    if (this.messages.length > 0) throw new LoadError([...new Set([...warnings, ...this.messages])]);
    const main = roots.find((root) => root.name === 'main');
    const settings = main === undefined ? [] : (this.debugSettings.get(main.path) ?? []);
    return { program: this.makeProgram(this.packages, roots, this.godebug(main, settings)), warnings };
  }

  protected makeProgram(packages: readonly LoadedPackage[], roots: readonly LoadedPackage[], godebug: string): LoadedProgram {
    return {
      packages,
      roots,
      byPath: new Map(packages.map((loaded) => [loaded.path, loaded])),
      goroot: this.goroot.dir,
      goVersion: this.goroot.version,
      goos: this.context.goos,
      godebug,
      goarch: this.context.goarch,
    };
  }
}

/** A `//go:debug` line and the file that has it. */
export interface PlacedSetting {
  readonly file: string;
  readonly setting: DebugSetting;
}

/** The `//go:debug` lines of the files. */
export function debugSettings(files: readonly FolderFile[]): PlacedSetting[] {
  return files.flatMap((file) => file.header.debugSettings.map((setting) => ({ file: file.path, setting })));
}
