// The program of a child process that runs one built test: `node runner.js '{"file": …}'`. Output and errors both go to
// standard output, in order. It loads the host and nothing else. It leaves the seconds that the program took in
// `timeFile`, since the parent may be compiling when it ends.
import { readFileSync, writeFileSync } from 'node:fs';
import { endWith, runWasm, testImports } from './run.ts';

/** What to run. */
export interface RunnerJob {
  readonly file: string;
  readonly timeFile: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

const { file, timeFile, args, cwd } = JSON.parse(process.argv[2]!) as RunnerJob;
const start = performance.now();
const code = await runWasm({ wasm: readFileSync(file), args, env: process.env, cwd, stdio: [0, 1, 1], imports: testImports });
writeFileSync(timeFile, String((performance.now() - start) / 1000));
process.exitCode = await endWith(code);
