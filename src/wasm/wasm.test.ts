// Round trips and second opinions: modules of AssemblyScript, of the official Go port and hand-made ones go through
// decode, encode, validate and print; wabt and binaryen judge the results.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, after, test } from 'node:test';
import initWabt from 'wabt';
import { ByteReader, ByteWriter } from './bytes.ts';
import { decodeModule } from './decode.ts';
import { encodeModule } from './encode.ts';
import { InstrReader } from './instr.ts';
import { Extern, newModule } from './module.ts';
import { Op, opImm, opRow, opText, Imm, plainAccess, ValType } from './opcodes.ts';
import { printModule } from './print.ts';
import { validateModule } from './validate.ts';

const features = { threads: true, multi_value: true, bulk_memory: true, sign_extension: true, sat_float_to_int: true, mutable_globals: true, reference_types: true };
let dir = '';
before(() => { dir = mkdtempSync(join(tmpdir(), 'goloom-wasm-')); });
after(() => rmSync(dir, { recursive: true }));

let cached: Uint8Array | undefined;

function assemblyScript(source: string): Uint8Array {
  return (cached ??= runAsc(source));
}

function runAsc(source: string): Uint8Array {
  writeFileSync(join(dir, 'a.ts'), source);
  const asc = new URL('../../node_modules/.bin/asc', import.meta.url).pathname;
  execFileSync(asc, ['a.ts', '-o', 'a.wasm', '--runtime', 'stub', '--enable', 'threads', '--importMemory', '--sharedMemory',
    '--maximumMemory', '1024', '--initialMemory', '1', '--exportTable', '--debug', '-O2'], { cwd: dir, stdio: 'pipe' });
  return readFileSync(join(dir, 'a.wasm'));
}

const kernelLike = `
export let counter: i32 = 0;
let table: u64[] | null = null;
@external("env", "tick") declare function tick(n: i32): void;
export function add(p: usize, n: i32): i32 { return atomic.add<i32>(p, n); }
export function mix(a: i64, b: f64): f64 { counter++; tick(counter); return <f64>a * b + Math.sqrt(b); }
export function indirect(i: i32, x: i32): i32 { return call_indirect<i32>(i, x); }
export function wait(p: usize): i32 { return atomic.wait<i32>(p, 0, -1); }
export function copy(a: usize, b: usize, n: usize): void { memory.copy(a, b, n); memory.fill(a, 0, n); }
export function f(x: i32): i32 { switch (x) { case 0: return 7; case 1: return 9; case 2: return x * 3; default: return f(x - 1); } }
`;

test('LEB128 writers and readers are inverse', () => {
  const w = new ByteWriter(1);
  const ints = [0, 1, 63, 64, 127, 128, 8191, 8192, 0x7fffffff, -1, -64, -65, -8192, -8193, -0x80000000];
  const longs = [0n, 63n, 64n, -64n, -65n, 0x7fffffffn, 0x80000000n, -0x80000001n, (1n << 62n) - 1n, 1n << 62n, (1n << 63n) - 1n, -(1n << 63n)];
  for (const n of ints) { w.s32(n); w.u32(n); }
  for (const n of longs) w.s64(n);
  const r = new ByteReader(w.finish());
  for (const n of ints) {
    assert.equal(r.s32(), n);
    assert.equal(r.u32(), n >>> 0);
  }
  for (const n of longs) assert.equal(r.s64(), n);
  assert.equal(r.pos, r.end);
});

test('begin and end move contents behind a long length', () => {
  const w = new ByteWriter(1);
  const at = w.begin();
  for (let i = 0; i < 300; i++) w.byte(i);
  w.end(at);
  const r = new ByteReader(w.finish());
  assert.equal(r.u32(), 300);
  assert.equal(r.buf[r.pos + 299], 299 & 0xff);
});

test('AssemblyScript module survives decode and encode, and validates', () => {
  const bytes = assemblyScript(kernelLike);
  const m = decodeModule(bytes);
  validateModule(m);
  const again = encodeModule(m);
  assert.ok(WebAssembly.validate(again));
  assert.deepEqual(encodeModule(decodeModule(again)), again);
  assert.ok(m.names!.funcs.some((n) => n?.endsWith('/mix') === true));
});

test('printed text assembles to the same code', async () => {
  const m = decodeModule(assemblyScript(kernelLike));
  const wabt = await initWabt();
  const text = printModule(m);
  const back = decodeModule(wabt.parseWat('a.wat', text, features).toBinary({ write_debug_names: false }).buffer);
  assert.equal(back.funcs.length, m.funcs.length);
  back.funcs.forEach((f, i) => assert.deepEqual(Buffer.from(f.code), Buffer.from(m.funcs[i].code)));
  assert.deepEqual(back.types, m.types);
});

test('binaryen agrees with our validator', async () => {
  const { default: binaryen } = await import('binaryen');
  const m = decodeModule(assemblyScript(kernelLike));
  const b = binaryen.readBinary(encodeModule(m));
  b.setFeatures(binaryen.Features.All);
  assert.equal(b.validate(), 1);
  b.dispose();
});

/** Every instruction of the table with immediates 0, in a body that is decoded again. */
test('every opcode decodes with its own immediates', () => {
  for (const name of Object.keys(Op) as (keyof typeof Op)[]) {
    const w = new ByteWriter();
    w.op(Op[name]);
    switch (opImm[opRow(Op[name])]) {
      case Imm.none: break;
      case Imm.block: w.byte(0x40); break;
      case Imm.f32: w.f32(1.5); break;
      case Imm.f64: w.f64(1.5); break;
      case Imm.mem: case Imm.callIndirect: case Imm.memoryCopy: case Imm.memoryInit: case Imm.tableInit: case Imm.tableCopy:
        w.byte(0); w.byte(0); break;
      case Imm.brTable: w.byte(1); w.byte(0); w.byte(0); break;
      case Imm.selectT: w.byte(1); w.byte(ValType.i32); break;
      default: w.byte(0);
    }
    w.op(Op.nop);
    const r = new InstrReader(w.finish());
    assert.ok(r.next() && r.op === Op[name], name);
    assert.ok(r.next() && r.op === Op.nop, `${name} immediates`);
    assert.ok(!r.next());
  }
});

/** Each instruction with a fixed type: a function that does just it must pass V8 and our validator. */
test('signatures of the table are those of the engine', async () => {
  const { opParams, opResults, opAlign } = await import('./opcodes.ts');
  let checked = 0;
  for (const name of Object.keys(Op) as (keyof typeof Op)[]) {
    const row = opRow(Op[name]);
    const params = opParams[row];
    const imm = opImm[row];
    if (params === undefined || imm === Imm.tableInit || imm === Imm.elem) continue;
    const m = newModule();
    m.types.push({ params: Array.from(params), results: Array.from(opResults[row]!) });
    m.memories.push({ min: 1, max: 2, shared: true });
    m.tables.push({ elem: ValType.funcref, limits: { min: 1 } });
    m.datas.push({ mode: 1, memory: 0, bytes: new Uint8Array(3) });
    m.dataCount = true;
    const w = new ByteWriter();
    params.forEach((_, i) => { w.op(Op.local_get); w.u32(i); });
    w.op(Op[name]);
    if (imm === Imm.mem) { w.u32(opAlign[row]); w.u32(8); }
    else if (imm === Imm.i32 || imm === Imm.i64) w.s32(-5);
    else if (imm === Imm.f32) w.f32(-5);
    else if (imm === Imm.f64) w.f64(-5);
    else if (imm === Imm.memoryCopy || imm === Imm.memoryInit || imm === Imm.tableCopy) { w.byte(0); w.byte(0); }
    else if (imm !== Imm.none) w.byte(0);
    w.op(Op.end);
    m.funcs.push({ type: 0, locals: [], code: w.finish() });
    validateModule(m);
    assert.ok(WebAssembly.validate(encodeModule(m)), name);
    checked++;
  }
  assert.ok(checked > 190);
});

test('validator refuses what the engine refuses', () => {
  const m = decodeModule(assemblyScript(kernelLike));
  let seed = 7;
  const rand = (n: number): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % n;
  let refused = 0;
  for (let round = 0; round < 400; round++) {
    const f = m.funcs[rand(m.funcs.length)];
    const saved = f.code;
    f.code = saved.slice();
    f.code[rand(f.code.length)] ^= 1 << rand(8);
    let ours = true;
    try {
      const bytes = encodeModule(m);
      const back = decodeModule(bytes);
      validateModule(back);
    } catch { ours = false; }
    const theirs = WebAssembly.validate(encodeModule(m));
    // V8 accepts newer proposals; we never may accept more than it.
    assert.ok(!(ours && !theirs), `round ${round}: we accept what V8 refuses`);
    if (!ours) refused++;
    f.code = saved;
  }
  assert.ok(refused > 50);
});

test('branch hints and names survive a round trip', () => {
  const m = newModule();
  m.types.push({ params: [ValType.i32], results: [] });
  const w = new ByteWriter();
  w.op(Op.block); w.byte(0x40); w.op(Op.local_get); w.u32(0); w.op(Op.br_if); w.u32(0); w.op(Op.end); w.op(Op.end);
  m.imports.push({ module: 'a', name: 'b', kind: Extern.func, type: 0 });
  m.funcs.push({ type: 0, locals: [ValType.i32, ValType.i32, ValType.i64], code: w.finish(), hints: [4, 0] });
  m.names = { module: 'm', funcs: [undefined, 'main.f'], globals: [], locals: [] };
  const bytes = encodeModule(m);
  assert.ok(WebAssembly.validate(bytes));
  const back = decodeModule(bytes);
  assert.deepEqual(back.funcs[0].hints, [4, 0]);
  assert.equal(back.names!.funcs[1], 'main.f');
  assert.match(printModule(back), /br_if 0 {2};; unlikely/);
});

test('plainAccess() pairs atomic loads and stores with plain ones', () => {
  assert.equal(plainAccess(Op.i32_atomic_load8_u), Op.i32_load8_u);
  assert.equal(plainAccess(Op.i64_atomic_store32), Op.i64_store32);
  assert.equal(plainAccess(Op.i32_atomic_rmw_add), 0);
  assert.equal(opText[opRow(Op.i32_atomic_rmw8_add_u)], 'i32.atomic.rmw8.add_u');
});

test('official Go port: decode, validate, encode', { skip: process.env['GOLOOM_SLOW'] === undefined }, () => {
  writeFileSync(join(dir, 'main.go'), 'package main\nimport "fmt"\nfunc main() { fmt.Println("hello") }\n');
  execFileSync('go', ['build', '-o', 'go.wasm', 'main.go'], { cwd: dir, env: { ...process.env, GOOS: 'js', GOARCH: 'wasm' } });
  const bytes = readFileSync(join(dir, 'go.wasm'));
  const m = decodeModule(bytes);
  validateModule(m);
  const again = encodeModule(m);
  assert.ok(WebAssembly.validate(again));
  const back = decodeModule(again);
  back.funcs.forEach((f, i) => assert.ok(Buffer.from(f.code).equals(m.funcs[i].code)));
});
