// The standard library's folder: its version, which packages it has, and what its sources mean by an import path.
import type { FileTree } from './files.ts';
import { LoadError } from './program.ts';

/** A GOROOT that has been looked at. */
export interface Goroot {
  readonly dir: string;
  /** `go1.26.8` */
  readonly version: string;
  /** 26 for go1.26.8. */
  readonly minor: number;
}

/** Opens the GOROOT at `dir`; says what is wrong where it can't be used. */
export function openGoroot(files: FileTree, dir: string): Goroot {
  const text = files.readFile(dir + '/VERSION');
  if (text === undefined) throw new LoadError([`goloom: ${dir} is not a GOROOT: it has no VERSION file`]);
  const version = new TextDecoder().decode(text).split('\n')[0]!.trim();
  const match = /^go1\.(\d+)/.exec(version);
  if (match === null) throw new LoadError([`goloom: unknown Go version ${JSON.stringify(version)} in ${dir}/VERSION`]);
  const minor = Number(match[1]);
  if (minor < 26) throw new LoadError([`goloom: the standard library in ${dir} is ${version}; goloom needs go1.26 or newer`]);
  return { dir, version, minor };
}

/** Whether the import path's first element has no dot, as only paths of the standard library do. */
export function isStandardPath(importPath: string): boolean {
  const slash = importPath.indexOf('/');
  return !(slash < 0 ? importPath : importPath.slice(0, slash)).includes('.');
}

/** Whether an import by a standard package means the copy in GOROOT/src/vendor. */
export function isVendoredByStd(importPath: string): boolean {
  return importPath.startsWith('golang.org/x/');
}
