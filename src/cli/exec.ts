// `goloom run -exec prog`: hands the program's file to another command.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './output.ts';
import { splitQuoted } from './flags.ts';

/** Runs `exec file args…` and gives its exit status. */
export function runWith(exec: string, wasm: Uint8Array, name: string, args: readonly string[]): number {
  const words = splitQuoted(exec);
  if (words === undefined || words.length === 0) throw new UsageError(`go: invalid value ${JSON.stringify(exec)} for flag -exec`, 2);
  const dir = mkdtempSync(join(tmpdir(), 'goloom-run-'));
  try {
    const file = join(dir, `${name}.wasm`);
    writeFileSync(file, wasm);
    const done = spawnSync(words[0]!, [...words.slice(1), file, ...args], { stdio: 'inherit' });
    if (done.error !== undefined) throw new UsageError(`fork/exec ${words[0]}: ${done.error.message}`, 1);
    return done.status ?? 128 + (constants.signals[done.signal!] ?? 0);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
