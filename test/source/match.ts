// Compares our choice of files (names and build lines) with go/build's, for every .go file below GOROOT/src and GOROOT/test and
// some targets.
//
//	node test/source/match.ts

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildHeader, isIgnoredName, matchFileName, matchHeader, tagHolds } from '../../src/source/constraint.ts';
import type { BuildContext } from '../../src/source/constraint.ts';
import { allGoFiles } from '../syntax/files.ts';

const targets: { os: string; arch: string; cgo: boolean; tags: string[] }[] = [
  { os: 'js', arch: 'wasm', cgo: false, tags: [] },
  { os: 'wasip1', arch: 'wasm', cgo: false, tags: ['purego'] },
  { os: 'linux', arch: 'amd64', cgo: true, tags: ['goexperiment.jsonv2', 'race'] },
  { os: 'android', arch: 'arm64', cgo: false, tags: [] },
  { os: 'windows', arch: '386', cgo: false, tags: ['ignore'] },
];
const files = allGoFiles();
const headers = files.map((f) => buildHeader(readFileSync(f)));
let bad = 0;
for (const t of targets) {
  const ctx: BuildContext = { goos: t.os, goarch: t.arch, compiler: 'gc', cgo: t.cgo, goMinor: 26, tags: new Set(t.tags) };
  const main = join(import.meta.dirname, 'match-oracle/main.go');
  const args = ['run', main, t.os, t.arch, t.cgo ? 'cgo' : 'nocgo', ...t.tags];
  const theirs = execFileSync('go', args, { input: files.join('\n') + '\n', encoding: 'utf8', maxBuffer: 1 << 26 })
    .trim()
    .split('\n');
  let built = 0;
  files.forEach((f, i) => {
    const m = matchHeader(headers[i], (tag) => tagHolds(ctx, tag));
    const name = basename(f);
    const ours = isIgnoredName(name) || !matchFileName(ctx, name) ? '0' : m.error !== null ? 'e' : m.ok ? '1' : '0';
    if (ours === '1') built++;
    if (ours !== theirs[i] && ++bad <= 20) console.log(`${t.os}/${t.arch} ${f}: go/build ${theirs[i]}, ours ${ours}`);
  });
  console.log(`${t.os}/${t.arch}: ${files.length} files, ${built} built`);
}
console.log(`${bad} differ`);
process.exit(bad === 0 ? 0 : 1);
