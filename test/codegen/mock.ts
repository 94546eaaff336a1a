// A kernel of the tests: the frame protocol of docs/contract.md in JavaScript, one goroutine, suspending at random.
// It checks what the real kernel relies on (sp is restored, frames are complete) and lets mistakes be planted.
import initWabt from 'wabt';
import { Frame, G, LowMemory } from '../../src/abi/layout.ts';
import { FuncRecord, LinkerExport, ObjectTable, ProgramInfo, Site, BITMAP_INDIRECT } from '../../src/abi/tables.ts';
import { areaSize } from './random.ts';
import type { Random } from './random.ts';

const wat = `(module
  (import "env" "memory" (memory 1 65536 shared))
  (import "test" "save_frame" (func $save_frame (param i32) (result i32)))
  (import "test" "entry_slow" (func $entry_slow (param i32) (result i32)))
  (import "test" "poll_slow" (func $poll_slow (result i32)))
  (import "test" "stack_grow" (func $stack_grow (param i32) (result i32)))
  (import "test" "stack_shrink" (func $stack_shrink (param i32)))
  (import "test" "kplain" (func $kplain (param i32) (result i32)))
  (import "test" "kpark" (func $kpark (param i32) (result i32)))
  (import "test" "unused" (func $unused))
  (global (export "g") (mut i32) (i32.const 0))
  (global (export "sp") (mut i32) (i32.const 0))
  (global (export "splimit") (mut i32) (i32.const 0))
  (global (export "resume_fp") (mut i32) (i32.const 0))
  (global (export "result_area") (mut i32) (i32.const 0))
  (global $counter (mut i32) (i32.const 5))
  (table (export "table") 4 funcref)
  (elem (i32.const 1) $helper $kplain2)
  (data (i32.const 4096) "kernel data")
  (func $helper (result i32) global.get $counter)
  (func $kplain2 (export "kplain") (param i32) (result i32) local.get 0 call $kplain)
  (func (export "kpark") (param i32) (result i32) local.get 0 call $kpark)
  (func (export "save_frame") (param i32) (result i32) local.get 0 call $save_frame)
  (func (export "entry_slow") (param i32) (result i32) local.get 0 call $entry_slow)
  (func (export "poll_slow") (result i32) call $poll_slow)
  (func (export "stack_grow") (param i32) (result i32) local.get 0 call $stack_grow)
  (func (export "stack_shrink") (param i32) local.get 0 call $stack_shrink)
  (func $dead call $unused)
  (func (export "host_entry") (result i32) i32.const 1 call_indirect (result i32))
)`;

/** The mock kernel as base.wasm. */
export async function mockBase(): Promise<Uint8Array> {
  const wabt = await initWabt();
  const m = wabt.parseWat('base.wat', wat, { threads: true, mutable_globals: true, bulk_memory: true });
  return m.toBinary({ write_debug_names: true }).buffer;
}

/** Mistakes that a test plants, to see that it would notice them. */
export type Mistake = 'none' | 'frame order' | 'sp of resumed function' | 'live map' | 'lost slot';

export interface RunOptions {
  wasm: Uint8Array;
  pages: number;
  single: boolean;
  random: Random;
  percent: number;
  mistake: Mistake;
  kernel(name: string, x: number): number;
}

interface Batch {
  frames: number[];
  end: number;
}

// No round number: low halves of floats are round and must not look like stack addresses.
const stackBase = 0x7a3b48;
const stackEnd = 0x8a3b48;

/** Runs a linked program's entry to its end; gives its memory and what happened. */
export class MockRun {
  readonly memory: DataView;
  readonly bytes: Uint8Array;
  suspensions = 0;
  grown = 0;
  /** Address of ProgramInfo. */
  info = 0;
  private readonly o: RunOptions;
  private readonly exports: Record<string, WebAssembly.Global & WebAssembly.Table & (() => void)>;
  private saving: Batch | null = null;
  private batches: Batch[] = [];
  private chunks: { at: number; end: number }[] = [{ at: stackBase, end: stackBase + 256 }];
  private nextChunk = stackBase + 256;

  constructor(o: RunOptions) {
    this.o = o;
    const memory = new WebAssembly.Memory({
      initial: Math.max(o.pages, 160),
      maximum: 65536,
      shared: !o.single,
    } as WebAssembly.MemoryDescriptor);
    this.memory = new DataView(memory.buffer);
    this.bytes = new Uint8Array(memory.buffer);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(o.wasm), {
      env: { memory },
      test: {
        save_frame: (size: number) => this.saveFrame(size),
        entry_slow: () => this.maybe(),
        poll_slow: () => this.maybe(),
        stack_grow: (size: number) => this.stackGrow(size),
        stack_shrink: (to: number) => this.stackShrink(to),
        kplain: (x: number) => o.kernel('kplain', x),
        kpark: (x: number) => {
          this.memory.setInt32(this.get('g') + G.KRES, o.kernel('kpark', x), true);
          return this.maybe();
        },
      },
    });
    this.exports = instance.exports as never;
    this.exports[LinkerExport.initData]();
    this.info = this.exports[LinkerExport.programInfo].value as number;
  }

  private get(name: string): number {
    return this.exports[name].value as number;
  }
  private set(name: string, x: number): void {
    this.exports[name].value = x;
  }
  private u32(at: number): number {
    return this.memory.getUint32(at, true);
  }

  private maybe(): number {
    return this.o.random.below(100) < this.o.percent ? 1 : 0;
  }

  private saveFrame(size: number): number {
    if (this.saving === null) {
      this.saving = { frames: [], end: this.get('sp') };
      this.suspensions++;
    }
    let fp = this.saving.end;
    if (fp + size > this.get('splimit')) fp = this.pushChunk(size);
    this.saving.end = fp + size;
    this.bytes.fill(0xaa, fp, fp + size);
    this.memory.setUint32(fp + Frame.SP, this.get('sp'), true);
    this.memory.setUint32(fp + Frame.SIZE, size, true);
    this.saving.frames.push(fp);
    return fp;
  }

  private pushChunk(need: number): number {
    this.grown++;
    const at = this.nextChunk;
    const size = Math.max(256, need + 64);
    if (at + size > stackEnd) throw new Error('mock kernel: out of stack');
    this.nextChunk = at + size;
    this.chunks.push({ at, end: at + size });
    this.set('splimit', at + size);
    return at;
  }

  private stackGrow(size: number): number {
    const bp = this.pushChunk(size);
    this.set('sp', bp + size);
    return bp;
  }

  private stackShrink(to: number): void {
    this.set('sp', to);
    if (this.saving === null) this.popTo(to);
  }

  private popTo(to: number): void {
    for (;;) {
      const c = this.chunks[this.chunks.length - 1];
      if (to >= c.at && to <= c.end) break;
      this.bytes.fill(0xbb, c.at, c.end);
      this.nextChunk = c.at;
      this.chunks.pop();
    }
    this.set('sp', to);
    this.set('splimit', this.chunks[this.chunks.length - 1].end);
  }

  /** Runs the program's entry. */
  run(): void {
    const g = 0x6f0000;
    this.set('g', g);
    this.set('result_area', 0x6e0000);
    this.set('sp', stackBase);
    this.set('splimit', this.chunks[0].end);
    this.memory.setUint32(LowMemory.POLL_WORD, 1, true);
    this.memory.setUint32(LowMemory.LIMIT_WORD, 0, true);
    const entry = this.u32(this.u32(this.info + ProgramInfo.ENTRY));
    const table = this.exports['table'];
    let status = (table.get(entry) as unknown as (ctx: number, depth: number) => number)(0, 0);
    for (;;) {
      if (status === 1) this.commit();
      else if (this.get('sp') !== this.expectedSp)
        throw new Error(`sp is ${this.get('sp')} after a return, was ${this.expectedSp} at entry`);
      const batch = this.batches[0];
      if (batch === undefined) return;
      status = this.resume(batch);
    }
  }

  private expectedSp = stackBase;

  private commit(): void {
    const batch = this.saving;
    if (batch === null) throw new Error('suspended without a frame');
    if (this.get('sp') !== this.expectedSp) throw new Error(`sp is ${this.get('sp')} after a suspension, was ${this.expectedSp} at entry`);
    this.saving = null;
    if (this.o.mistake === 'frame order' && batch.frames.length > 1) batch.frames.reverse();
    this.batches.unshift(batch);
    for (const fp of batch.frames) this.poison(fp);
  }

  private resume(batch: Batch): number {
    const fp = batch.frames.shift()!;
    const last = batch.frames.length === 0;
    const func = this.funcOf(fp);
    if (last) this.batches.shift();
    // Outer frames of the same batch lie between this frame's sp and the batch's end.
    const sp = last || this.o.mistake === 'sp of resumed function' ? this.u32(fp + Frame.SP) : batch.end;
    this.popToKeeping(sp);
    this.set('sp', sp);
    this.expectedSp = sp;
    this.set('resume_fp', fp);
    const table = this.exports['table'];
    return (table.get(this.u32(func + FuncRecord.STUB)) as unknown as (code: number) => number)(this.u32(func + FuncRecord.CODE));
  }

  /** Makes the chunk that holds `sp` the current one; its contents above stay, the frame is still to be read. */
  private popToKeeping(sp: number): void {
    for (;;) {
      const c = this.chunks[this.chunks.length - 1];
      if (sp >= c.at && sp <= c.end) break;
      this.nextChunk = c.at;
      this.chunks.pop();
    }
    this.set('splimit', this.chunks[this.chunks.length - 1].end);
  }

  private siteOf(fp: number): number {
    const site = this.u32(fp + Frame.SITE);
    if (site === 0 || site >= this.u32(this.info + ProgramInfo.NSITES)) throw new Error(`frame says site ${site}`);
    return this.u32(this.info + ProgramInfo.SITES) + site * Site.SIZE;
  }

  private funcOf(fp: number): number {
    return this.u32(this.info + ProgramInfo.FUNCS) + (this.u32(this.siteOf(fp) + Site.FUNC) & 0xffffff) * FuncRecord.SIZE;
  }

  /** Destroys everything in a frame that looks like a pointer and that its site does not report as live. */
  private poison(fp: number): void {
    const live = this.bits(this.u32(this.siteOf(fp) + Site.LIVE));
    // Higher bits are about stack objects.
    const objects = this.u32(this.funcOf(fp) + FuncRecord.OBJECTS);
    const slots = objects === 0 ? Infinity : this.u32(this.u32(this.info + ProgramInfo.BITMAPS) + objects - 1 + ObjectTable.PTR_SLOTS);
    const size = this.u32(fp + Frame.SIZE);
    for (let at = Frame.SLOTS; at < size; at += 4) {
      const slot = (at - Frame.SLOTS) >> 2;
      const x = this.u32(fp + at);
      const isPtr = this.isPointer(x);
      if (slot < slots && live.has(slot)) {
        if (!isPtr && x !== 0) throw new Error(`slot ${slot} is reported as a pointer and holds 0x${x.toString(16)}`);
        if (this.o.mistake === 'live map') this.memory.setUint32(fp + at, 0xdead0000, true);
      } else if (isPtr) this.memory.setUint32(fp + at, 0xdead0000, true);
      if (this.o.mistake === 'lost slot' && slot === 1) this.memory.setUint32(fp + at, 0, true);
    }
  }

  /** Random programs keep only addresses of whole objects, so that an integer is hardly ever taken for one. */
  private isPointer(x: number): boolean {
    if (x % 8 !== 0) return false;
    const data = x - this.u32(this.info + ProgramInfo.DATA);
    return data === 0 || data === areaSize || this.chunks.some((c) => x >= c.at && x < c.end);
  }

  private bits(word: number): Set<number> {
    const set = new Set<number>();
    if ((word & BITMAP_INDIRECT) === 0) {
      for (let i = 0; i < 31; i++) if (((word >>> i) & 1) !== 0) set.add(i);
      return set;
    }
    const at = this.u32(this.info + ProgramInfo.BITMAPS) + (word & 0x7fffffff);
    for (let i = 0; i < this.u32(at); i++) if (((this.bytes[at + 4 + (i >> 3)] >>> (i & 7)) & 1) !== 0) set.add(i);
    return set;
  }
}
