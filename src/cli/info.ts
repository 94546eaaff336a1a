// `goloom version`, `goloom env` and `goloom clean`.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDir, clearCache } from '../compiler/cache.ts';
import { defaultGoos, findGoroot, goModCache, goPath, goloomVersion } from '../toolchain/env.ts';
import { LoadError } from '../load/program.ts';
import type { ParsedFlags } from './flags.ts';
import { UsageError, printOut } from './output.ts';

/** `goloom version 0.1.0 go1.26.8 js/wasm` */
export function versionCommand(flags: ParsedFlags): number {
  if (flags.args.length > 0) throw new UsageError('goloom version: programs carry no version; want no arguments', 1);
  printOut(`goloom version ${goloomVersion} ${stdVersion(findGoroot(process.env))} ${process.env.GOOS || defaultGoos}/wasm\n`);
  return 0;
}

function stdVersion(goroot: string): string {
  try {
    return readFileSync(join(goroot, 'VERSION'), 'utf8').split('\n')[0]!.trim();
  } catch {
    throw new LoadError([`goloom: ${goroot} is not a GOROOT: it has no VERSION file`]);
  }
}

/** Prints settings. */
export function envCommand(flags: ParsedFlags): number {
  for (const name of ['u', 'w']) {
    if (flags.values.get(name) === 'true')
      throw new UsageError(`goloom env -${name}: goloom keeps no settings of its own; set the variable in the environment`, 1);
  }
  const all = settings();
  const names = flags.args.length > 0 ? flags.args : [...all.keys()];
  if (flags.values.get('json') === 'true') {
    printOut(JSON.stringify(Object.fromEntries([...names].sort().map((name) => [name, all.get(name) ?? ''])), undefined, '\t') + '\n');
  } else if (flags.args.length > 0) {
    printOut(names.map((name) => (all.get(name) ?? '') + '\n').join(''));
  } else {
    const changed = flags.values.get('changed') === 'true';
    const shown = names.filter((name) => !changed || (process.env[name] ?? '') !== '').sort();
    printOut(shown.map((name) => `${name}='${(all.get(name) ?? '').replaceAll("'", "'\\''")}'\n`).join(''));
  }
  return 0;
}

function settings(): Map<string, string> {
  const env = process.env;
  const goroot = findGoroot(env);
  return new Map([
    ['GOARCH', 'wasm'],
    ['GOEXPERIMENT', env.GOEXPERIMENT ?? ''],
    ['GOFLAGS', env.GOFLAGS ?? ''],
    ['GOLOOMCACHE', cacheDir(env)],
    ['GOLOOMVERSION', goloomVersion],
    ['GOMOD', findUp('go.mod') ?? '/dev/null'],
    ['GOMODCACHE', goModCache(env)],
    ['GOOS', env.GOOS || defaultGoos],
    ['GOPATH', goPath(env)],
    ['GOROOT', goroot],
    ['GOVERSION', stdVersion(goroot)],
    ['GOWORK', env.GOWORK === 'off' ? 'off' : env.GOWORK || (findUp('go.work') ?? '')],
    ['CGO_ENABLED', '0'],
  ]);
}

function findUp(name: string): string | undefined {
  for (let dir = process.cwd(); ; dir = dirname(dir)) {
    if (existsSync(join(dir, name))) return join(dir, name);
    if (dir === dirname(dir)) return undefined;
  }
}

/** Empties the build cache. */
export function cleanCommand(): number {
  clearCache(cacheDir());
  return 0;
}
