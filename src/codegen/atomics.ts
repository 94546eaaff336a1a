// Atomic operations that write. While the program has one M they are done with plain accesses: nobody else looks at the program's memory then,
// and on x86 what locks the bus (a store too) takes ten times as long. THREADED says which; it is one word of a line that every loop reads.
//
// Protocol: THREADED is set by M0 itself, in the scheduler, or by sysmon while M0 is in a blocking call of the host, before any other M can run
// (kernel/m.ts, syscall.ts), and never cleared. So it does not change between the test and the access, and who sees zero is alone.
// The kernel's own words, which sysmon and the host write, are not accessed by compiled code with these operations.

import { KernelWords } from '../abi/heap.ts';
import { Op as Ir } from '../ir/op.ts';
import type { Value } from '../ir/func.ts';
import { Op, ValType } from '../wasm/opcodes.ts';
import type { Assembler } from './assembler.ts';

/** The plain accesses that stand for an atomic one, what is done between them (0: the new value is stored as it is), and the result's type on the operand stack. */
interface Plain { readonly load: number; readonly store: number; readonly op: number; readonly result: ValType | 0 }

const plain = (load: number, store: number, op: number, result: ValType | 0): Plain => ({ load, store, op, result });
const { i32, i64 } = ValType;

/** By IR operation. Pointers are stored as 64 bits; a comparison looks at the lower half, as the upper one is zero. */
const table = new Map<number, Plain>([
  [Ir.aadd_i32, plain(Op.i32_load, Op.i32_store, Op.i32_add, i32)], [Ir.aadd_i64, plain(Op.i64_load, Op.i64_store, Op.i64_add, i64)],
  [Ir.aand_i32, plain(Op.i32_load, Op.i32_store, Op.i32_and, i32)], [Ir.aand_i64, plain(Op.i64_load, Op.i64_store, Op.i64_and, i64)],
  [Ir.aor_i32, plain(Op.i32_load, Op.i32_store, Op.i32_or, i32)], [Ir.aor_i64, plain(Op.i64_load, Op.i64_store, Op.i64_or, i64)],
  [Ir.aand8, plain(Op.i32_load8_u, Op.i32_store8, Op.i32_and, i32)], [Ir.aor8, plain(Op.i32_load8_u, Op.i32_store8, Op.i32_or, i32)],
  [Ir.axchg_i32, plain(Op.i32_load, Op.i32_store, 0, i32)], [Ir.axchg_i64, plain(Op.i64_load, Op.i64_store, 0, i64)],
  [Ir.axchg8, plain(Op.i32_load8_u, Op.i32_store8, 0, i32)], [Ir.axchg_ptr, plain(Op.i32_load, Op.i64_store, 0, i32)],
  [Ir.acas_i32, plain(Op.i32_load, Op.i32_store, Op.i32_eq, i32)], [Ir.acas_i64, plain(Op.i64_load, Op.i64_store, Op.i64_eq, i32)],
  [Ir.acas_ptr, plain(Op.i32_load, Op.i64_store, Op.i32_eq, i32)],
  [Ir.astore_i32, plain(0, Op.i32_store, 0, 0)], [Ir.astore_i64, plain(0, Op.i64_store, 0, 0)],
  [Ir.astore8, plain(0, Op.i32_store8, 0, 0)], [Ir.astore_ptr, plain(0, Op.i64_store, 0, 0)],
]);

/** Is v done with plain accesses while there is one M? Its operands are then read several times. */
export function isPlainWhenAlone(v: Value): boolean { return table.has(v.op); }

/** How often the code of v reads its operand i. */
export function timesRead(v: Value, i: number): number {
  const p = table.get(v.op)!;
  if (i > 0) return isSwap(v.op) && i === 1 ? 3 : 2;
  return p.load === 0 ? 2 : p.op !== 0 && !isSwap(v.op) ? 4 : 3;
}

function isSwap(op: number): boolean { return op === Ir.acas_i32 || op === Ir.acas_i64 || op === Ir.acas_ptr; }

/** What the emitter of values does for that of atomic operations. */
export interface Operands {
  /** Pushes the address; gives the offset that the access adds. */
  address(): number;
  /** Pushes operand i as it is compared. */
  value(i: number): void;
  /** Pushes operand i as it is stored. */
  stored(i: number): void;
  /** The atomic access itself, with its operands; its result is left on the stack. */
  atomic(): void;
}

/** Emits v, one of those that `isPlainWhenAlone`. */
export function emitAtomic(asm: Assembler, v: Value, operands: Operands): void {
  const p = table.get(v.op)!;
  asm.i32(0);
  asm.memory(Op.i32_load, KernelWords.THREADED);
  if (p.result === 0) asm.if();
  else asm.ifResult(p.result);
  operands.atomic();
  asm.else();
  if (isSwap(v.op)) emitSwap(asm, p, operands);
  else {
    if (p.load !== 0) asm.memory(p.load, operands.address());
    const at = operands.address();
    if (p.op !== 0) asm.memory(p.load, operands.address());
    operands.stored(1);
    if (p.op !== 0) asm.op(p.op);
    asm.memory(p.store, at);
  }
  asm.end();
}

function emitSwap(asm: Assembler, p: Plain, operands: Operands): void {
  asm.memory(p.load, operands.address());
  operands.value(1);
  asm.op(p.op);
  asm.ifResult(ValType.i32);
  const at = operands.address();
  operands.stored(2);
  asm.memory(p.store, at);
  asm.i32(1);
  asm.else();
  asm.i32(0);
  asm.end();
}
