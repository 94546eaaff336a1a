// Builds the kernel: makes src/runtime/kernel/layout.gen.ts from src/abi, then dist/base.wasm with the
// AssemblyScript compiler. Skips what is up to date (`--force` does not); `--wat` also writes dist/base.wat.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelLayout } from './kernel-layout.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const kernel = join(root, 'src/runtime/kernel');
const out = join(root, 'dist/base.wasm');
const stampFile = join(root, 'dist/base.stamp');
const asconfig = [
  '-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536',
  '--enable', 'threads', '--enable', 'bulk-memory', '--importTable', '--debug', '--disableWarning', '201',
];

function sources() {
  return readdirSync(kernel).filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts') && f !== 'layout.gen.ts').sort();
}

/** What the output depends on, as a hash. */
function stamp() {
  const h = createHash('sha1').update(asconfig.join(' '));
  for (const f of sources()) h.update(f).update(readFileSync(join(kernel, f)));
  for (const f of ['layout.ts', 'tables.ts', 'kernel.ts', 'hostcalls.ts', 'heap.ts']) h.update(readFileSync(join(root, 'src/abi', f)));
  h.update(readFileSync(join(root, 'tools/kernel-layout.mjs')));
  return h.digest('hex');
}

export async function buildKernel({ force = false, wat = false } = {}) {
  const now = stamp();
  if (!force && !wat && existsSync(out) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === now) return out;
  mkdirSync(join(root, 'dist'), { recursive: true });
  const gen = join(kernel, 'layout.gen.ts');
  const text = await kernelLayout(root);
  if (!existsSync(gen) || readFileSync(gen, 'utf8') !== text) writeFileSync(gen, text);
  const { default: asc } = await import('assemblyscript/asc');
  const args = ['src/runtime/kernel/kernel.ts', '--baseDir', root, '-o', 'dist/base.wasm', ...asconfig, ...(wat ? ['-t', 'dist/base.wat'] : [])];
  const { error, stderr } = await asc.main(args);
  const messages = stderr.toString();
  if (messages) process.stderr.write(messages);
  if (error) throw error;
  writeFileSync(stampFile, now);
  return out;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const t = performance.now();
  await buildKernel({ force: process.argv.includes('--force'), wat: process.argv.includes('--wat') });
  console.error(`dist/base.wasm: ${readFileSync(out).length} bytes, ${(performance.now() - t).toFixed(0)} ms`);
}
