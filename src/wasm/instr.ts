// A cursor over an encoded instruction stream: after `next()` its fields describe one instruction, so a walk over
// a module's code allocates nothing. The linker rewrites bodies with it, the validator and the printer read with it.
import { ByteReader } from './bytes.ts';
import { Imm, opImm, opRow, opText } from './opcodes.ts';

export class InstrReader extends ByteReader {
  /** Opcode of the current instruction. */
  op = 0;
  /** Kind of its immediates. */
  imm = 0;
  /** First immediate: index, label, i32 constant, alignment, or block type (negative: value type or empty). */
  a = 0;
  /** Second immediate: memarg offset, table of call_indirect, second index. */
  b = 0;
  /** An i64 constant. */
  big = 0n;
  /** Labels of br_table, the default last; types of a typed select. */
  labels: number[] = [];
  /** Byte offset of the opcode. */
  start = 0;
  /** Byte offset of the immediates. */
  immStart = 0;

  /** Reads one instruction; false at the end of the stream. */
  next(): boolean {
    if (this.pos >= this.end) return false;
    this.start = this.pos;
    let op = this.byte();
    if (op === 0xfc || op === 0xfd || op === 0xfe) {
      const code = this.u32();
      op = code < 0x100 ? (op << 8) | code : 0xffff;
    }
    const row = op === 0xffff ? 0xff : opRow(op);
    if (opText[row] === undefined) {
      this.pos = this.start;
      this.fail(`unknown instruction 0x${op.toString(16)}`);
    }
    this.op = op;
    this.imm = opImm[row];
    this.immStart = this.pos;
    if (this.imm !== Imm.none) this.readImm(this.imm);
    return true;
  }

  private readImm(imm: number): void {
    switch (imm) {
      case Imm.block: this.a = this.s33(); return;
      case Imm.label: case Imm.func: case Imm.local: case Imm.global: case Imm.table: case Imm.memory:
      case Imm.data: case Imm.elem: this.a = this.u32(); return;
      case Imm.mem: case Imm.callIndirect: case Imm.memoryCopy: case Imm.memoryInit: case Imm.tableInit:
      case Imm.tableCopy: this.a = this.u32(); this.b = this.u32(); return;
      case Imm.i32: this.a = this.s32(); return;
      case Imm.i64: this.big = this.s64(); return;
      case Imm.f32: this.bytes(4); return;
      case Imm.f64: this.bytes(8); return;
      case Imm.brTable: return this.readLabels();
      case Imm.refType: case Imm.zero: case Imm.lane: this.a = this.byte(); return;
      case Imm.selectT: return this.readTypes();
      default: this.fail('bad immediate kind');
    }
  }

  private readLabels(): void {
    const n = this.u32();
    this.need(n);
    this.labels.length = 0;
    for (let i = 0; i <= n; i++) this.labels.push(this.u32());
  }

  private readTypes(): void {
    const n = this.u32();
    this.need(n);
    this.labels.length = 0;
    for (let i = 0; i < n; i++) this.labels.push(this.byte());
  }

  /** The value of the current f32.const or f64.const. */
  float(): number {
    const view = new DataView(this.buf.buffer, this.buf.byteOffset + this.immStart, this.pos - this.immStart);
    return this.imm === Imm.f32 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }
}
