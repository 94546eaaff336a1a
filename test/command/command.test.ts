// Every command line of cases.ts, given to the installed go and to goloom: same exit status, same words on stderr.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commandCases } from './cases.ts';
import type { CommandCase } from './cases.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'goloom-command-')));
const goloom = fileURLToPath(new URL('../../bin/goloom.mjs', import.meta.url));
const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
after(() => rmSync(root, { recursive: true, force: true }));

interface Outcome {
  readonly status: number | null;
  readonly text: string;
}

function run(command: string, args: readonly string[], cwd: string, env: CommandCase['env']): Outcome {
  const done = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      GOOS: 'wasip1',
      GOARCH: 'wasm',
      GOROOT: goroot,
      GOPROXY: 'off',
      GOFLAGS: '-buildvcs=false',
      GOTOOLCHAIN: 'local',
      GOLOOMCACHE: join(root, 'cache'),
      NODE_TEST_CONTEXT: '',
      ...env,
    },
  });
  return { status: done.status, text: done.stdout + done.stderr };
}

commandCases.forEach((command, i) => {
  test(`goloom ${command.args.join(' ')}: ${command.name}`, () => {
    const dir = join(root, `${i}`);
    mkdirSync(dir);
    for (const [name, text] of Object.entries(command.files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    const cwd = join(dir, command.cwd ?? '');
    const want = run('go', command.args, cwd, command.env);
    const have = run(process.execPath, [goloom, ...command.args], cwd, command.env);
    assert.equal(have.text.replaceAll('goloom', 'go').replaceAll(/\/go-command-/g, '/goloom-command-'), want.text);
    assert.equal(have.status, want.status);
  });
});
