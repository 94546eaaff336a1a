// What `list` says of packages: the fields of `go list -json` that this loader knows.
import type { FolderFile } from './folder.ts';
import { readTestFiles } from './folder.ts';
import { Loader } from './load.ts';
import type { LoadOptions } from './load.ts';
import { PatternMatcher } from './patterns.ts';
import type { LoadedPackage } from './program.ts';

/** A module, as list prints it. */
export interface ListedModule {
  readonly Path: string;
  readonly Version: string;
  readonly Main: boolean;
  readonly Dir: string;
  readonly GoMod: string;
  readonly GoVersion: string;
}

/** A package, as list prints it: fields in the go command's order. */
export interface ListedPackage {
  readonly Dir: string;
  readonly ImportPath: string;
  readonly Name: string;
  readonly Root: string;
  readonly Module: ListedModule | undefined;
  readonly Match: readonly string[];
  readonly Goroot: boolean;
  readonly Standard: boolean;
  readonly DepOnly: boolean;
  readonly GoFiles: readonly string[];
  readonly IgnoredGoFiles: readonly string[];
  readonly EmbedPatterns: readonly string[];
  readonly EmbedFiles: readonly string[];
  readonly Imports: readonly string[];
  readonly Deps: readonly string[];
  readonly TestGoFiles: readonly string[];
  readonly TestImports: readonly string[];
  readonly XTestGoFiles: readonly string[];
  readonly XTestImports: readonly string[];
}

/** A package with nothing in it. */
const nothing: ListedPackage = {
  Dir: '', ImportPath: '', Name: '', Root: '', Module: undefined, Match: [], Goroot: false, Standard: false, DepOnly: false, GoFiles: [], IgnoredGoFiles: [], EmbedPatterns: [],
  EmbedFiles: [], Imports: [], Deps: [], TestGoFiles: [], TestImports: [], XTestGoFiles: [], XTestImports: [],
};

/** Lists the packages that the patterns name, or also all that they import. */
export function listPackages(patterns: readonly string[], withDeps: boolean, options: LoadOptions): { packages: ListedPackage[]; warnings: readonly string[] } {
  return new ListLoader({ ...options, overlay: '', implicit: [] }).list(patterns, withDeps);
}

class ListLoader extends Loader {
  list(patterns: readonly string[], withDeps: boolean): { packages: ListedPackage[]; warnings: readonly string[] } {
    const { program, warnings } = this.loadPatterns(patterns);
    const matcher = new PatternMatcher(this.files, this.options.cwd, this.goroot.dir, this.modules);
    const matches = new Map<string, string[]>();
    for (const pattern of patterns) {
      for (const path of matcher.match(pattern).paths) matches.set(path, [...(matches.get(path) ?? []), pattern]);
    }
    const shown = withDeps ? this.inOrder(program.roots) : [...program.roots];
    return { packages: shown.map((loaded) => (loaded === 'unsafe' ? this.unsafePackage(matches) : this.describe(loaded, matches.get(loaded.path)))), warnings };
  }

  /** All that the roots need, each after what it imports. A program needs package runtime, whatever it imports. */
  private inOrder(roots: readonly LoadedPackage[]): (LoadedPackage | 'unsafe')[] {
    const found = new Set<LoadedPackage | 'unsafe'>();
    const visit = (loaded: LoadedPackage): void => {
      if (found.has(loaded)) return;
      for (const needed of this.needs(loaded)) {
        if (needed === 'unsafe') found.add(needed);
        else visit(needed);
      }
      found.add(loaded);
    };
    for (const root of roots) visit(root);
    return [...found];
  }

  private needs(loaded: LoadedPackage): (LoadedPackage | 'unsafe')[] {
    const direct = importPaths(loaded).map((path) => (path === 'unsafe' ? 'unsafe' : loaded.imports.get(path)!));
    return loaded.name === 'main' ? [...direct, this.loadStandard('runtime')!] : direct;
  }

  private describe(loaded: LoadedPackage, patterns: readonly string[] | undefined): ListedPackage {
    const folder = this.read(loaded.path, loaded.dir, loaded.std);
    const tests = readTestFiles(this.files, folder, this.context, false).files;
    const isExternal = (file: FolderFile): boolean => file.header.packageName === `${loaded.name}_test`;
    const own = tests.filter((file) => !isExternal(file));
    const external = tests.filter(isExternal);
    const deps = this.inOrder([loaded]).filter((needed) => needed !== loaded);
    const resolved = (files: readonly FolderFile[]): string[] => unique(files.flatMap((file) => file.header.imports.map((spec) => spec.path)));
    return {
      Dir: loaded.dir,
      ImportPath: loaded.path,
      Name: loaded.name,
      Root: loaded.std ? this.goroot.dir : (loaded.module?.dir ?? ''),
      Module: this.moduleOf(loaded),
      Match: patterns ?? [],
      Goroot: loaded.std,
      Standard: loaded.std,
      DepOnly: patterns === undefined,
      GoFiles: loaded.files.map((file) => baseName(file.path)),
      IgnoredGoFiles: folder.ignored,
      EmbedPatterns: loaded.embedPatterns.map((embed) => embed.pattern),
      EmbedFiles: loaded.embedFiles.map((file) => file.name),
      Imports: importPaths(loaded).map((path) => loaded.imports.get(path)?.path ?? path),
      Deps: deps.map((needed) => (needed === 'unsafe' ? needed : needed.path)).sort(),
      TestGoFiles: own.map((file) => baseName(file.path)),
      TestImports: resolved(own),
      XTestGoFiles: external.map((file) => baseName(file.path)),
      XTestImports: resolved(external),
    };
  }

  private unsafePackage(matches: ReadonlyMap<string, string[]>): ListedPackage {
    const { dir } = this.goroot;
    const Match = matches.get('unsafe') ?? [];
    return {
      ...nothing, Dir: `${dir}/src/unsafe`, ImportPath: 'unsafe', Name: 'unsafe', Root: dir, Match, Goroot: true, Standard: true,
      DepOnly: Match.length === 0, GoFiles: ['unsafe.go'],
    };
  }

  private moduleOf({ module }: LoadedPackage): ListedModule | undefined {
    if (module === undefined) return undefined;
    const { path, version, isMain, dir, goVersion } = module;
    const GoMod = this.files.kind(`${dir}/go.mod`) === 'file' ? `${dir}/go.mod` : '';
    return { Path: path, Version: version, Main: isMain, Dir: dir, GoMod, GoVersion: goVersion };
  }
}

function importPaths(loaded: LoadedPackage): string[] {
  return unique(loaded.files.flatMap((file) => file.imports.map((spec) => spec.path)));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
