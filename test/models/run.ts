// Checks the scheduler's models with spin: each model as it is must hold in all its states, and spin must find something in each of its seeded
// mistakes, which are named in the model's head. Needs spin and gcc; where spin is missing it is installed if apt-get is there and may.
//
//   npm run models [-- name...]
//
// The last line is `N passed, M failed`.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A model and the names of its mistakes: ` * NAME: what is wrong.` in its first comment. */
export interface Model { readonly name: string; readonly file: string; readonly mistakes: readonly string[] }

export function models(): readonly Model[] {
  return readdirSync(import.meta.dirname).filter((f) => f.endsWith('.pml')).sort().map((f) => {
    const file = join(import.meta.dirname, f), head = readFileSync(file, 'utf8').split('*/')[0]!;
    return { name: basename(f, '.pml'), file, mistakes: [...head.matchAll(/^ \* ([A-Z][A-Z_]+):/gm)].map((m) => m[1]!) };
  });
}

const has = (command: string): boolean => spawnSync(command, ['-V'], { stdio: 'ignore' }).error === undefined;

/** Installs spin, says so; throws where that can't be done. */
function needSpin(): void {
  if (has('spin')) return;
  console.log('spin is not there: apt-get install spin');
  const r = spawnSync('apt-get', ['install', '-y', 'spin'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (r.status !== 0 || !has('spin')) throw new Error('the models need spin: https://spinroot.com, or the Debian package of that name');
}

/** What a verifier finds in a model, with a mistake or none: a line that says what is wrong, or undefined; and the number of states. */
function verify(model: Model, mistake: string | undefined): { found: string | undefined; states: number; seconds: number } {
  const dir = mkdtempSync(join(tmpdir(), 'goloom-model-'));
  try {
    const started = performance.now(), options = { cwd: dir, encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 26 } as const;
    copyFileSync(model.file, join(dir, 'model.pml'));
    execFileSync('spin', [...(mistake === undefined ? [] : [`-D${mistake}`]), '-a', 'model.pml'], options);
    // What is found soon is not worth the optimiser's time.
    execFileSync('gcc', [mistake === undefined ? '-O2' : '-O1', '-w', '-DSAFETY', '-DVECTORSZ=2048', '-o', 'pan', 'pan.c'], options);
    const output = execFileSync('./pan', ['-m1000000'], options);
    const errors = /errors: (\d+)/.exec(output), states = Number(/(\d+) states, stored/.exec(output)?.[1]);
    if (errors === null || /max search depth too small|out of memory|error: max/.test(output)) throw new Error(`the search did not end: ${output}`);
    const found = errors[1] === '0' ? undefined : (/^pan:\d+: (.*?)(?: \(at depth|$)/m.exec(output)?.[1] ?? 'an error');
    return { found, states, seconds: (performance.now() - started) / 1000 };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

needSpin();
const named = process.argv.slice(2);
let passed = 0, failed = 0;
for (const model of models()) {
  if (named.length > 0 && !named.includes(model.name)) continue;
  for (const mistake of [undefined, ...model.mistakes]) {
    const { found, states, seconds } = verify(model, mistake), isGood = (found === undefined) === (mistake === undefined);
    if (isGood) passed++;
    else failed++;
    const outcome = mistake === undefined ? (found ?? `holds in ${states} states`) : found === undefined ? `not found in ${states} states` : `found: ${found}`;
    console.log(`${isGood ? 'ok  ' : 'FAIL'} ${model.name}${mistake === undefined ? '' : ` ${mistake}`}: ${outcome} (${seconds.toFixed(1)} s)`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
