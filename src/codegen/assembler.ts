// Writes one function's instructions: bytes, relocations, branch hints, and the count of open labels.
// Indices the linker knows are left out and noted as relocations (abi/object.ts).
import { ByteWriter } from '../wasm/bytes.ts';
import { Op, opAlign, opRow } from '../wasm/opcodes.ts';
import type { ValType } from '../wasm/opcodes.ts';
import { CodeReloc } from '../abi/object.ts';

const { local_get, local_set, local_tee, i32_const, i64_const, br, br_if, block, loop, end } = Op;
const ifOp = Op.if;
const elseOp = Op.else;

/** Block type without parameters and results. */
export const voidBlock = 0x40;

export class Assembler {
  readonly w = new ByteWriter(4096);
  relocs: number[] = [];
  syms: string[] = [];
  hints: number[] = [];
  /** Number of open labels. */
  depth = 0;
  /** The next instruction can't be reached. */
  dead = false;
  private symIndex = new Map<string, number>();
  private withHints = false;
  // The last local.set, to turn set and get of the same local into a tee.
  private setAt = -1;
  private setEnd = -1;
  private setLocal = -1;

  reset(withHints: boolean): void {
    this.w.reset();
    this.relocs = [];
    this.syms = [];
    this.hints = [];
    this.depth = 0;
    this.dead = false;
    this.symIndex.clear();
    this.setEnd = -1;
    this.withHints = withHints;
  }

  op(op: number): void {
    this.w.op(op);
  }

  /** Notes that the immediate at this place is written by the linker. */
  reloc(kind: CodeReloc, sym: string, addend = 0): void {
    let i = this.symIndex.get(sym);
    if (i === undefined) {
      i = this.syms.length;
      this.syms.push(sym);
      this.symIndex.set(sym, i);
    }
    this.relocs.push(this.w.pos, kind, i, addend);
    // A relocation at the place where a set ended must not be taken for that set's end.
    this.setEnd = -1;
  }

  localGet(i: number): void {
    const w = this.w;
    if (this.setEnd === w.pos && this.setLocal === i) {
      w.buf[this.setAt] = local_tee;
      this.setEnd = -1;
      return;
    }
    w.byte(local_get);
    w.u32(i);
  }

  localSet(i: number): void {
    const w = this.w;
    this.setAt = w.pos;
    w.byte(local_set);
    w.u32(i);
    this.setEnd = w.pos;
    this.setLocal = i;
  }

  localTee(i: number): void {
    this.w.byte(local_tee);
    this.w.u32(i);
  }

  i32(n: number): void {
    this.w.byte(i32_const);
    this.w.s32(n);
  }

  i64(n: bigint): void {
    this.w.byte(i64_const);
    this.w.s64(n);
  }

  /** A load, store or atomic access with its natural alignment. */
  memory(op: number, offset: number): void {
    this.w.op(op);
    this.w.byte(opAlign[opRow(op)]);
    this.w.u32(offset);
  }

  globalGet(name: string): void {
    this.w.byte(Op.global_get);
    this.reloc(CodeReloc.global, name);
  }

  globalSet(name: string): void {
    this.w.byte(Op.global_set);
    this.reloc(CodeReloc.global, name);
  }

  callKernel(name: string): void {
    this.w.byte(Op.call);
    this.reloc(CodeReloc.kernelFunc, name);
  }

  /** Opens a block; gives its label for `br`. */
  block(type: number): number {
    this.w.byte(block);
    this.w.byte(type);
    return this.open();
  }

  /** Opens a block whose type is in the module's type section. */
  blockOfType(key: string): number {
    this.w.byte(block);
    this.reloc(CodeReloc.blockType, key);
    return this.open();
  }

  loop(): number {
    this.w.byte(loop);
    this.w.byte(voidBlock);
    return this.open();
  }

  if(likely = 0): void {
    this.hint(likely);
    this.w.byte(ifOp);
    this.w.byte(voidBlock);
    this.open();
  }

  /** An `if` that leaves a value of a type. */
  ifResult(type: ValType): void {
    this.w.byte(ifOp);
    this.w.byte(type);
    this.open();
  }

  else(): void {
    this.w.byte(elseOp);
    this.setEnd = -1;
    this.dead = false;
  }

  end(): void {
    this.w.byte(end);
    this.setEnd = -1;
    this.depth--;
  }

  br(label: number): void {
    this.w.byte(br);
    this.w.u32(this.depth - 1 - label);
    this.dead = true;
  }

  brIf(label: number, likely = 0): void {
    this.hint(likely);
    this.w.byte(br_if);
    this.w.u32(this.depth - 1 - label);
  }

  brTable(labels: readonly number[]): void {
    this.w.byte(Op.br_table);
    this.w.u32(labels.length - 1);
    for (const l of labels) this.w.u32(this.depth - 1 - l);
    this.dead = true;
  }

  unreachable(): void {
    this.w.byte(Op.unreachable);
    this.dead = true;
  }

  private open(): number {
    this.setEnd = -1;
    return this.depth++;
  }

  private hint(likely: number): void {
    if (likely !== 0 && this.withHints) this.hints.push(this.w.pos, likely > 0 ? 1 : 0);
  }
}
