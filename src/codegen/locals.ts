// Where values live at run time: maps colours to wasm locals (or, for functions too large for the engines, to words of
// the stack-object area), adds the locals that suspension needs, and lays out the saved frame and the object area.
import { Frame } from '../abi/layout.ts';
import { Op, ValType } from '../wasm/opcodes.ts';
import type { Assembler } from './assembler.ts';
import type { Coloring } from './color.ts';
import type { ObjectArea } from './objects.ts';

const none = -1;

/** Loads and stores by wasm type of a colour. */
function loadOp(t: number): number {
  return t === ValType.i64 ? Op.i64_load : t === ValType.f64 ? Op.f64_load : t === ValType.f32 ? Op.f32_load : Op.i32_load;
}
function storeOp(t: number): number {
  return t === ValType.i64 ? Op.i64_store : t === ValType.f64 ? Op.f64_store : t === ValType.f32 ? Op.f32_store : Op.i32_store;
}
function isWide(t: number): boolean {
  return t === ValType.i64 || t === ValType.f64;
}

export class Locals {
  readonly asm: Assembler;
  readonly params: number;
  /** Types of the declared locals. */
  declared: number[] = [];
  /** Locals of suspension: depth, site about to be entered, resumption under way, stack objects, sp at entry, scratch. */
  depth = none;
  site = none;
  resuming = none;
  bp = none;
  sp0 = none;
  scratch = none;
  frameSize: number = Frame.SLOTS;
  /** Slots of the saved frame, in 4-byte units, that may hold pointers: the first ones. */
  ptrSlots = 0;
  private readonly types: readonly number[];
  private readonly index: Int32Array;
  /** Offset in the object area by colour, where the function keeps its values in memory. */
  private readonly home: Int32Array | null;
  private readonly saved: number[] = [];
  private readonly slotOffset: Int32Array;

  constructor(asm: Assembler, params: number, coloring: Coloring, inMemory: boolean, area: ObjectArea) {
    this.asm = asm;
    this.params = params;
    this.types = coloring.types;
    this.index = new Int32Array(this.types.length);
    this.slotOffset = new Int32Array(this.types.length).fill(none);
    this.home = inMemory ? new Int32Array(this.types.length).fill(none) : null;
    for (let c = 0; c < params; c++) this.index[c] = c;
    if (this.home !== null) this.placeHomes(this.home, area);
  }

  /** Declares the locals of colours, after those of suspension, so that locals of one type are one group. */
  place(): void {
    if (this.home !== null) return;
    for (const t of [ValType.i32, ValType.i64, ValType.f64, ValType.f32]) this.number(t);
  }

  private number(t: number): void {
    for (let c = this.params; c < this.types.length; c++) if (this.types[c] === t) this.index[c] = this.add(t);
  }

  /** The homes are one more object, which is live at every site. */
  private placeHomes(home: Int32Array, area: ObjectArea): void {
    const offset = area.size;
    const ptrs: number[] = [];
    for (let c = this.params; c < this.types.length; c++) {
      home[c] = area.size;
      if (this.types[c] === ValType.funcref) {
        area.ptrs.push(area.size >>> 3);
        ptrs.push((area.size - offset) >>> 3);
        area.zeroed = area.size + 8;
      }
      area.size += 8;
    }
    if (ptrs.length > 0) area.always.push({ offset, size: area.size - offset, ptrs });
  }

  /** Adds a wasm local. */
  add(t: number): number {
    this.declared.push(t);
    return this.params + this.declared.length - 1;
  }

  /** Fixes the frame: the locals that live across some site get slots, pointers first. */
  layoutFrame(coloring: Coloring): void {
    const flags = this.home !== null ? [] : coloring.saved.slice();
    for (const c of coloring.params) flags[c] |= 1;
    for (const c of coloring.paramPtrs) flags[c] |= 3;
    const pick = (wanted: (flag: number, wide: boolean) => boolean): void => {
      flags.forEach((flag, c) => { if (flag > 0 && wanted(flag, isWide(this.types[c]))) this.saved.push(c); });
    };
    pick((flag) => flag === 3);
    this.ptrSlots = this.saved.length;
    pick((flag, wide) => flag === 1 && !wide);
    pick((flag, wide) => flag === 1 && wide);
    let at: number = Frame.SLOTS;
    for (const c of this.saved) {
      const wide = isWide(this.types[c]);
      if (wide) at = (at + 7) & ~7;
      this.slotOffset[c] = at;
      at += wide ? 8 : 4;
    }
    this.frameSize = (at + 7) & ~7;
  }

  /** Where the entry is no site, parameters are not saved for its sake. */
  dropParams(coloring: Coloring): void {
    coloring.params.length = 0;
    coloring.paramPtrs.length = 0;
  }

  /** Frame slots, in 4-byte units, of pointer colours. */
  slots(colors: readonly number[]): number[] {
    const slots: number[] = [];
    // Values with a home in memory have no slot in the frame.
    for (const c of colors) if (this.slotOffset[c] >= 0) slots.push((this.slotOffset[c] - Frame.SLOTS) >> 2);
    return slots.sort((a, b) => a - b);
  }

  get(c: number): void {
    if (this.home === null || this.home[c] === none) return this.asm.localGet(this.index[c]);
    this.asm.localGet(this.bp);
    this.asm.memory(loadOp(this.types[c]), this.home[c]);
  }

  /** Pops a value into a colour. */
  set(c: number): void {
    if (this.home === null || this.home[c] === none) return this.asm.localSet(this.index[c]);
    const t = this.types[c];
    const temp = this.tempOf(t);
    this.asm.localSet(temp);
    this.asm.localGet(this.bp);
    this.asm.localGet(temp);
    this.asm.memory(storeOp(t), this.home[c]);
  }

  private readonly temps = new Map<number, number>();

  private tempOf(t: number): number {
    const w = t === ValType.funcref ? ValType.i32 : t;
    let i = this.temps.get(w);
    if (i === undefined) this.temps.set(w, (i = this.add(w)));
    return i;
  }

  /** Stores the saved locals into the frame whose address is in `scratch`. */
  save(): void {
    for (const c of this.saved) {
      this.asm.localGet(this.scratch);
      this.asm.localGet(this.index[c]);
      this.asm.memory(storeOp(this.types[c]), this.slotOffset[c]);
    }
  }

  /** Reloads them. */
  restore(): void {
    for (const c of this.saved) {
      this.asm.localGet(this.scratch);
      this.asm.memory(loadOp(this.types[c]), this.slotOffset[c]);
      this.asm.localSet(this.index[c]);
    }
  }
}
