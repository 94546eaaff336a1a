// The whole standard library, against `go list`: same packages, same files, same imports, for both systems and with tags.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { nodeFiles } from '../toolchain/node-files.ts';
import { basename } from './paths.ts';
import { loadPatterns } from './load.ts';

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();

interface Listed {
  readonly ImportPath: string;
  readonly Name: string;
  readonly GoFiles?: string[];
  readonly Imports?: string[];
  readonly EmbedFiles?: string[];
}

/** One line a package: path, name, files, imports and embedded files. */
function listWithGo(goos: string, tags: string, patterns: readonly string[]): string[] {
  const out = execFileSync('go', ['list', '-deps', `-tags=${tags}`, '-json=ImportPath,Name,GoFiles,Imports,EmbedFiles', ...patterns], {
    encoding: 'utf8',
    cwd: goroot,
    maxBuffer: 1 << 28,
    env: { ...process.env, GOOS: goos, GOARCH: 'wasm', GOFLAGS: '-mod=mod', CGO_ENABLED: '0' },
  });
  const listed = JSON.parse(`[${out.replaceAll('\n}\n{', '\n},{')}]`) as Listed[];
  return listed
    .filter((p) => p.ImportPath !== 'unsafe' && p.GoFiles !== undefined)
    .map((p) =>
      [p.ImportPath, p.Name, ...p.GoFiles!, ...(p.Imports ?? []).filter((path) => path !== 'unsafe').sort(), ...(p.EmbedFiles ?? [])].join(
        ' ',
      ),
    )
    .sort();
}

function listWithLoader(goos: string, tags: string[], patterns: readonly string[]): string[] {
  const { program } = loadPatterns(patterns, { files: nodeFiles(), cwd: goroot, goroot, overlay: '', goos, tags, implicit: [] });
  return program.packages
    .map((p) =>
      [
        p.path,
        p.name,
        ...p.files.map((file) => basename(file.path)),
        ...[...p.imports.values()].map((q) => q.path).sort(),
        ...p.embedFiles.map((file) => file.name),
      ].join(' '),
    )
    .sort();
}

for (const [goos, tags] of [
  ['js', ''],
  ['wasip1', ''],
  ['js', 'purego,math_big_pure_go'],
] as const) {
  test(`loadPatterns() finds the std of ${goos} with tags "${tags}" as go list does`, () => {
    assert.deepEqual(listWithLoader(goos, tags.split(','), ['std']), listWithGo(goos, tags, ['std']));
  });
}

test('loadPatterns() puts a package after all that it imports', () => {
  const { program } = loadPatterns(['net/http'], { files: nodeFiles(), cwd: goroot, goroot, overlay: '', goos: 'js' });
  assert.ok(program.packages.length > 150);
  const index = new Map(program.packages.map((loaded, i) => [loaded, i]));
  for (const loaded of program.packages) {
    for (const imported of loaded.imports.values()) assert.ok(index.get(imported)! < index.get(loaded)!, `${loaded.path} imports ${imported.path}`);
  }
});
