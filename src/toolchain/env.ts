// The environment of a command: where the standard library and the caches are, and for which system to build. Nothing
// here starts a process unless there is no other way to find GOROOT.
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { LoadError } from '../load/program.ts';

/** The system that programs are made for where GOOS does not say. */
export const defaultGoos = 'js';

/** The version of goloom itself. */
export const goloomVersion = '0.1.0';

/** The settings of a command that come from environment variables. */
export interface Environment {
  readonly goroot: string;
  readonly goos: string;
  readonly goexperiment: string;
  readonly gomodcache: string;
  readonly gowork: string;
  readonly goflags: string;
}

/** Reads the environment. Throws LoadError where there is no GOROOT or GOOS can't be built for. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  return {
    goroot: findGoroot(env),
    goos: readGoos(env),
    goexperiment: env.GOEXPERIMENT ?? '',
    gomodcache: goModCache(env),
    gowork: env.GOWORK ?? '',
    goflags: env.GOFLAGS ?? '',
  };
}

function readGoos(env: NodeJS.ProcessEnv): string {
  const goos = env.GOOS || defaultGoos;
  const goarch = env.GOARCH || 'wasm';
  if (goarch !== 'wasm') throw new LoadError([`go: unsupported GOOS/GOARCH pair ${goos}/${goarch}`], 2);
  return goos;
}

/** The folder of downloaded modules. */
export function goModCache(env: NodeJS.ProcessEnv): string {
  return env.GOMODCACHE || join(goPath(env).split(delimiter)[0]!, 'pkg/mod');
}

/** The value of GOPATH. */
export function goPath(env: NodeJS.ProcessEnv): string {
  return env.GOPATH || join(env.HOME ?? homedir(), 'go');
}

/** The folder of the standard library: GOROOT, that of the `go` on PATH, the usual places, then what `go env` says. */
export function findGoroot(env: NodeJS.ProcessEnv): string {
  if (env.GOROOT !== undefined && env.GOROOT !== '') return env.GOROOT;
  for (const dir of candidates(env)) {
    if (existsSync(join(dir, 'VERSION')) && existsSync(join(dir, 'src/runtime'))) return dir;
  }
  try {
    const answer = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    if (answer !== '') return answer;
  } catch {
    // There is no go command either.
  }
  throw new LoadError([
    'goloom: cannot find the Go standard library: set GOROOT to the folder of a Go installation, go1.26 or newer\n' +
      '\t(https://go.dev/dl/ has them; goloom needs only its src folder and VERSION file)',
  ]);
}

function* candidates(env: NodeJS.ProcessEnv): Generator<string> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const command = join(folder, process.platform === 'win32' ? 'go.exe' : 'go');
    if (folder !== '' && existsSync(command)) yield dirname(dirname(realpathSync(command)));
  }
  yield '/usr/local/go';
  yield '/usr/lib/go';
  yield '/usr/lib/golang';
  yield '/opt/homebrew/opt/go/libexec';
  yield '/usr/local/opt/go/libexec';
  yield 'C:/Program Files/Go';
}
