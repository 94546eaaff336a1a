// base.wasm exports what the table in src/abi/kernel.ts says, with those signatures; has no start function and no data.
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { decodeModule } from '../../src/wasm/decode.ts';
import { Extern, funcTypes } from '../../src/wasm/module.ts';
import { expectedExports } from './harness.ts';
import { kernelGlobals, kernelFuncs, WASI_PREFIX, wasiMain } from '../../src/abi/kernel.ts';
import { hostCalls, HOST_MODULE, WASI_MODULE } from '../../src/abi/hostcalls.ts';
import { sizeClasses } from '../../src/abi/heap.ts';
import { execFileSync } from 'node:child_process';

const module = decodeModule(readFileSync(new URL('../../dist/base.wasm', import.meta.url)));
const names: Record<number, string> = { 0x7f: 'i32', 0x7e: 'i64', 0x7d: 'f32', 0x7c: 'f64' };
const text = (t: { params: readonly number[]; results: readonly number[] }): string =>
  `(${t.params.map((x) => names[x]).join(' ')}) -> (${t.results.map((x) => names[x]).join(' ')})`;

test('exports have the signatures of the table', () => {
  const types = funcTypes(module);
  const got = new Map(module.exports.filter((e) => e.kind === Extern.func).map((e) => [e.name, text(module.types[types[e.index]])]));
  for (const [name, sig] of expectedExports()) assert.equal(got.get(name), sig, name);
  // A stand-in for each host call, and what starts them.
  for (const c of hostCalls) assert.equal(got.get(`${WASI_PREFIX}${c.name}`), `(${c.params.join(' ')}) -> (${c.results.join(' ')})`, c.name);
  assert.equal(got.get(wasiMain), '() -> ()');
  for (const name of got.keys()) if (!name.startsWith(WASI_PREFIX)) assert.ok(expectedExports().has(name), `${name} is exported but not in the table`);
});

test('globals are exported and mutable', () => {
  for (const name of kernelGlobals) {
    const e = module.exports.find((x) => x.name === name && x.kind === Extern.global);
    assert.ok(e, name);
    assert.equal(module.globals[e.index].mutable, true);
  }
});

test('imports are host calls', () => {
  const funcs = module.imports.filter((i) => i.kind === Extern.func);
  for (const i of funcs) {
    // Those of the functions that the linker drops from programs that are not for WASI.
    if (i.module === WASI_MODULE) continue;
    assert.equal(i.module, HOST_MODULE);
    const call = hostCalls.find((c) => c.name === i.name);
    assert.ok(call, i.name);
    assert.equal(text(module.types[i.type!]), `(${call.params.join(' ')}) -> (${call.results.join(' ')})`);
  }
});

test('no start function, no data segments, no elements', () => {
  assert.equal(module.start, undefined);
  assert.equal(module.datas.length, 0);
  assert.equal(module.elems.filter((e) => (e.funcs?.length ?? 0) > 0).length, 0);
});

test('kernel functions have distinct names', () => {
  assert.equal(new Set(kernelFuncs.map((f) => f.name)).size, kernelFuncs.length);
});

test('size classes are those of the installed Go', () => {
  const root = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  const source = readFileSync(`${root}/src/internal/runtime/gc/sizeclasses.go`, 'utf8');
  const list = /SizeClassToSize = \[NumSizeClasses\]uint16\{([^}]*)\}/.exec(source)![1].split(',').map(Number);
  assert.deepEqual(sizeClasses, list);
});
