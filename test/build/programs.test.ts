// Whole programs that use each feature of the language once: their output must be what gc's program printed (`.want`;
// UPDATE=1 runs go to record it).

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const dir = fileURLToPath(new URL('programs/', import.meta.url));
const goloom = fileURLToPath(new URL('../../bin/goloom.mjs', import.meta.url));

for (const name of readdirSync(dir).filter((n) => n.endsWith('.go'))) {
  test(`output of ${name}`, () => {
    const want = join(dir, name.replace('.go', '.want'));
    if (process.env['UPDATE'] === '1') writeFileSync(want, execFileSync('go', ['run', join(dir, name)]));
    const r = spawnSync(process.execPath, [goloom, 'run', join(dir, name)], { encoding: 'utf8' });
    assert.equal(r.stderr, '');
    assert.equal(r.stdout, readFileSync(want, 'utf8'));
    assert.equal(r.status, 0);
  });
}
