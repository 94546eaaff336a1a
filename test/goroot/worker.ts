// A process of the conformance runner: takes tests one at a time, keeps the standard library between them, and answers with what
// is wrong. The runner kills and replaces it when a test takes too long.
import { LoadError } from '../../src/load/program.ts';
import { Engine } from './engine.ts';
import type { GoTest } from './index.ts';
import { runTest } from './recipes.ts';

interface Job {
  readonly test: GoTest;
  readonly goroot: string;
  readonly timeout: number;
  readonly until: 'check' | 'make' | 'run';
  readonly procs: readonly string[];
}

let engine: Engine | undefined;

// So that exit handlers run when the runner is done.
process.on('SIGTERM', () => process.exit());
process.on('disconnect', () => process.exit());

process.on('message', (job: Job) => {
  engine ??= new Engine(job.goroot);
  const started = performance.now();
  runTest(job.test, { engine, goroot: job.goroot, timeout: job.timeout, until: job.until, procs: job.procs })
    .catch((error: unknown) => [describe(error)])
    .then((complaints) => process.send!({ complaints, ms: performance.now() - started }));
});

function describe(error: unknown): string {
  if (error instanceof LoadError) return error.messages.join('\n');
  return error instanceof Error ? `fault: ${(error.stack ?? error.message).split('\n').slice(0, 6).join('\n')}` : String(error);
}
