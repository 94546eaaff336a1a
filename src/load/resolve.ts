// Import path to folder: the standard library (with its vendored packages), the main modules, the vendor folder, or a
// module of the build list. One place decides which package an import means, and what to say when there is none.
import { hasGoFiles } from './folder.ts';
import type { FileTree } from './files.ts';
import { isStandardPath } from './goroot.ts';
import type { Goroot } from './goroot.ts';
import { noGoMod } from './errors.ts';
import { modulesFor } from './modules.ts';
import type { ModuleSet } from './modules.ts';
import { dirname, join } from './paths.ts';
import type { Module } from './program.ts';

/** Where a package's files are. */
export interface PackagePlace {
  readonly dir: string;
  readonly std: boolean;
  readonly module: Module | undefined;
}

/** An import path that means no package; the message has no position. */
export class ResolveError extends Error {}

/** A package of a module that go.sum does not have. */
export class MissingSumError extends ResolveError {
  private readonly importPath: string;

  constructor(importPath: string, module: string) {
    super(`missing go.sum entry for module providing package ${importPath}; to add:\n\tgo mod download ${module}`);
    this.importPath = importPath;
  }

  /** The message where the package is imported: what to get is then the importer, `path` or `path@version`. */
  importedBy(path: string, version: string, isTest: boolean): string {
    const wanted = version === '' ? path : `${path}@${version}`;
    return `missing go.sum entry for module providing package ${this.importPath} (imported by ${path}); to add:\n\tgo get${isTest ? ' -t' : ''} ${wanted}`;
  }
}

/** Finds the folders of packages. */
export class Resolver {
  private readonly files: FileTree;
  private readonly goroot: Goroot;
  private readonly overlayRoot: string;
  private readonly modules: ModuleSet;

  constructor(files: FileTree, goroot: Goroot, overlayRoot: string, modules: ModuleSet) {
    this.files = files;
    this.goroot = goroot;
    this.overlayRoot = overlayRoot;
    this.modules = modules;
  }

  /** The folder of the import path. Throws ResolveError. */
  resolve(importPath: string): PackagePlace {
    if (this.isStandard(importPath)) return { dir: join(this.goroot.dir, 'src', importPath), std: true, module: undefined };
    const found: { module: Module; dir: string }[] = [];
    let missing: Module | undefined;
    const vendor = this.modules.vendor;
    for (const module of modulesFor(this.modules, importPath)) {
      if (vendor !== undefined && !module.isMain) continue;
      const dir = join(module.dir, importPath.slice(module.path.length));
      if (this.files.kind(module.dir) !== 'dir') missing ??= module;
      else if (this.holdsPackage(module, dir)) found.push({ module, dir });
    }
    const vendored = vendor?.packages.get(importPath);
    if (vendor !== undefined && vendored !== undefined) {
      return { dir: join(vendor.dir, importPath), std: false, module: vendored };
    }
    if (found.length > 1) throw new ResolveError(this.ambiguous(importPath, found));
    if (found.length === 1) {
      this.checkSum(importPath, found[0]!.module);
      return { ...found[0]!, std: false };
    }
    throw new ResolveError(missing === undefined ? this.notFound(importPath) : this.missingModule(missing));
  }

  private checkSum(importPath: string, module: Module): void {
    const cached = this.modules.cached.get(module.path);
    const verdict = cached === undefined ? 'ok' : (this.modules.sums?.check(cached) ?? 'ok');
    if (verdict === 'no-module') throw new MissingSumError(importPath, module.path);
    if (verdict === 'no-mod') {
      throw new ResolveError(`${module.path}@${module.version}: missing go.sum entry for go.mod file; to add it:\n\tgo mod download ${module.path}`);
    }
  }

  /** Whether the path names a package of the standard library or of the overlay. */
  isStandard(importPath: string): boolean {
    if (!isStandardPath(importPath)) return false;
    if (hasGoFiles(this.files.readDir(join(this.goroot.dir, 'src', importPath)) ?? [])) return true;
    return this.overlayRoot !== '' && hasGoFiles(this.files.readDir(join(this.overlayRoot, importPath)) ?? []);
  }

  /** Whether the folder has Go files and no module of its own between it and the module's root. */
  private holdsPackage(module: Module, dir: string): boolean {
    const entries = this.files.readDir(dir);
    if (entries === undefined || !hasGoFiles(entries)) return false;
    for (let at = dir; at.length > module.dir.length; at = dirname(at)) {
      if (this.files.kind(at + '/go.mod') === 'file') return false;
    }
    return true;
  }

  private notFound(importPath: string): string {
    if (isStandardPath(importPath)) return `package ${importPath} is not in std (${join(this.goroot.dir, 'src', importPath)})`;
    if (this.modules.mains.length === 0) return `no required module provides package ${importPath}: ${noGoMod}`;
    if (this.modules.vendor !== undefined) {
      return (
        `cannot find module providing package ${importPath}: import lookup disabled by -mod=vendor` +
        (this.modules.vendorByDefault ? '\n\t(Go version in go.mod is at least 1.14 and vendor directory exists.)' : '')
      );
    }
    for (let prefix = importPath; prefix.includes('/'); prefix = dirname(prefix)) {
      if (this.modules.replacedOnly.includes(prefix)) {
        return `module ${prefix} provides package ${importPath} and is replaced but not required; to add it:\n\tgo get ${prefix}`;
      }
    }
    return `no required module provides package ${importPath}; to add it:\n\tgo get ${importPath}`;
  }

  private missingModule(module: Module): string {
    const folder = this.modules.replacementText.get(module.path);
    if (folder !== undefined) return `${module.path}@${module.version}: replacement directory ${folder} does not exist`;
    return `${module.path}@${module.version}: module is not in the module cache; to download it:\n\tgo mod download ${module.path}`;
  }

  private ambiguous(importPath: string, found: readonly { module: Module; dir: string }[]): string {
    const lines = found.map(({ module, dir }) => `\t${module.path}${module.version === '' ? '' : ' ' + module.version} (${dir})`);
    return `ambiguous import: found package ${importPath} in multiple modules:\n${lines.join('\n')}`;
  }
}
