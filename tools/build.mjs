#!/usr/bin/env node
// Builds dist/: the command and the library as bundles for Node 20 and newer, the type declarations, and build-id, the
// word that stands for this build in the keys of the build cache. Runs on plain Node 20.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

if (existsSync('tools/build-kernel.mjs')) execFileSync(process.execPath, ['tools/build-kernel.mjs'], { stdio: 'inherit' });
if (existsSync('dist')) for (const name of readdirSync('dist')) if (name.endsWith('.js') || name.endsWith('.map')) rmSync(join('dist', name));
// In a page there is nothing of Node: a module of it would not be found, and fails the build.
const pages = { platform: 'browser', target: ['chrome119', 'firefox121', 'safari17'], splitting: false };
// Each is a build of its own, so that what the command needs at once is in one file.
await bundle('goloom', 'src/cli/main.ts');
await bundle('index', 'src/toolchain/index.ts');
// What a further thread of a program runs (src/runtime/host/threads.ts).
await bundle('worker', 'src/runtime/host/worker.ts');
await bundle('runner', 'src/toolchain/runner.ts');
// What a page loads, and its workers.
await bundle('page', 'src/runtime/host/page.ts', pages);
await bundle('page-worker', 'src/runtime/host/page-worker.ts', pages);

function bundle(name, file, options = {}) {
  return build({
    entryPoints: { [name]: file },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: 'chunk-[hash]',
    sourcemap: process.argv.includes('--sourcemap'),
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  });
}
rmSync('dist/build-id', { force: true });
writeFileSync('dist/build-id', identity(['dist', 'overlay']) + '\n');

/** A digest of all files below the folders. */
function identity(folders) {
  const hash = createHash('sha256');
  const parts = folders.flatMap(filesBelow).filter((file) => /\.(js|wasm|go|txt)$/.test(file));
  for (const file of parts.sort()) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex').slice(0, 32);
}

function filesBelow(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
