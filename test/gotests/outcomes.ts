// Runs test programs and reads what became of each test in the output of -test.v.
import { spawnSync } from 'node:child_process';

/** A test that is not heard of for so long is stopped, in ms. */
const patience = 120_000;
const maxRounds = 20;

/** What became of a test; `lost`: it was started and did not end. */
export type Verdict = 'PASS' | 'FAIL' | 'SKIP' | 'lost';

/** A verdict with the end of what the test printed. */
export interface Outcome { readonly verdict: Verdict; readonly output: string }

/** A program of tests: how it is started, and where. */
export interface TestProgram { readonly command: readonly string[]; readonly dir: string; readonly env: NodeJS.ProcessEnv }

/** Runs the tests in one program; where one ends the program, those that have not run yet in another one. */
export function run(p: TestProgram, tests: readonly string[], flags: readonly string[]): Map<string, Outcome> {
  const found = new Map<string, Outcome>();
  for (let round = 0; round < maxRounds; round++) {
    const rest = tests.filter((name) => !found.has(name));
    if (rest.length === 0) break;
    const args = [...p.command.slice(1), '-test.v', ...flags, `-test.run=^(${rest.join('|')})$`];
    const r = spawnSync(p.command[0]!, args, { cwd: p.dir, encoding: 'utf8', timeout: patience, maxBuffer: 1 << 28, env: p.env });
    const heard = outcomes(r.stdout, r.stderr);
    if (heard.size === 0) { console.log(r.stdout.slice(-2000), r.stderr.slice(-2000)); break; }
    for (const [name, outcome] of heard) found.set(name, outcome);
  }
  return found;
}

/** Verdicts in the output of -test.v. */
function outcomes(stdout: string, stderr: string): Map<string, Outcome> {
  const found = new Map<string, Outcome>();
  const parts = stdout.split(/^(?==== RUN {3}\w+$)/m);
  for (const part of parts) {
    const name = /^=== RUN {3}(\w+)$/m.exec(part)?.[1];
    if (name !== undefined) found.set(name, { verdict: 'lost', output: (part + stderr).slice(-4000) });
  }
  for (const m of stdout.matchAll(/^--- (PASS|FAIL|SKIP): (\w+)/gm)) found.set(m[2]!, { verdict: m[1] as Verdict, output: found.get(m[2]!)?.output ?? '' });
  return found;
}
