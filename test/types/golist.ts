// What `go list` says of packages for GOOS=js GOARCH=wasm: the files and imports that the comparisons with the installed
// Go run on, independent of our own loader.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ListedPackage {
  readonly ImportPath: string;
  readonly Name: string;
  readonly Dir: string;
  readonly Standard?: boolean;
  readonly GoFiles?: string[];
  readonly Imports?: string[];
  readonly ImportMap?: Record<string, string>;
  readonly Error?: { readonly Err: string };
}

/** The packages and their dependencies, dependencies first. */
export function goList(patterns: readonly string[], dir = process.cwd()): ListedPackage[] {
  const fields = '-json=ImportPath,Name,Dir,Standard,GoFiles,Imports,ImportMap,Error';
  const out = execFileSync('go', ['list', '-e', '-deps', fields, ...patterns], {
    cwd: dir,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, GOOS: 'js', GOARCH: 'wasm', CGO_ENABLED: '0' },
  });
  return out
    .split('\n}\n')
    .filter((s) => s.trim() !== '')
    .map((s) => JSON.parse(s + '\n}') as ListedPackage);
}

/** The paths and contents of a package's files. */
export function packageFiles(p: ListedPackage): { name: string; bytes: Uint8Array }[] {
  return (p.GoFiles ?? []).map((f) => ({ name: join(p.Dir, f), bytes: readFileSync(join(p.Dir, f)) }));
}

/** `go env NAME`. */
export function goEnv(name: string): string {
  return execFileSync('go', ['env', name], { encoding: 'utf8' }).trim();
}
