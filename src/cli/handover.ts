// `goloom mod` and `goloom vet`: given to the go command where one is installed. What they do is no part of a compiler, and
// go's own does it; it is told for which system goloom builds.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../toolchain/env.ts';
import { UsageError } from './output.ts';

/** Runs `go words…` and gives its exit status. */
export function handOver(words: readonly string[]): number {
  const { goroot, goos } = readEnvironment(process.env);
  const own = join(goroot, 'bin', process.platform === 'win32' ? 'go.exe' : 'go');
  const go = existsSync(own) ? own : 'go';
  const done = spawnSync(go, words, { stdio: 'inherit', env: { ...process.env, GOOS: goos, GOARCH: 'wasm' } });
  if (done.error !== undefined) throw new UsageError(`goloom ${words[0]}: the go command does this, and there is none in ${goroot} or on PATH`, 1);
  return done.status ?? 128 + (constants.signals[done.signal!] ?? 0);
}
