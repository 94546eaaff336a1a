// Lowers atomics for programs whose memory is not shared: loads and stores become plain, read-modify-write operations
// calls of small helpers, waits fail and notifies wake nobody. Works on finished bodies, so that the linker has one set of
// functions for both kinds of memory, and on finished modules, so that a page without shared memory runs what others run.
import { ByteWriter } from './bytes.ts';
import { decodeModule } from './decode.ts';
import { encodeModule } from './encode.ts';
import { InstrReader } from './instr.ts';
import { Extern, typeKey, type Func, type FuncType } from './module.ts';
import { isAtomic, Op, opAlign, opParams, opResults, opRow, opText, plainAccess } from './opcodes.ts';

interface Helper { type: FuncType; code: Uint8Array; name: string }

export class AtomicsLowering {
  /** Helpers in the order of their indices. */
  readonly helpers: Helper[] = [];
  private readonly firstIndex: number;
  private readonly index = new Map<string, number>();
  private readonly w = new ByteWriter();

  /** `firstIndex`: function index that the first helper will have. */
  constructor(firstIndex: number) {
    this.firstIndex = firstIndex;
  }

  /** Rewrites a body; branch hints are lost where it changes. */
  lower(f: Func): Func {
    const r = new InstrReader(f.code);
    const { w } = this;
    w.reset();
    let copied = 0;
    while (r.next()) {
      if (!isAtomic(r.op)) continue;
      w.slice(f.code, copied, r.start);
      this.instr(r);
      copied = r.pos;
    }
    if (copied === 0) return f;
    w.slice(f.code, copied, f.code.length);
    return { type: f.type, locals: f.locals, code: w.finish() };
  }

  private instr(r: InstrReader): void {
    const { w } = this;
    const plain = plainAccess(r.op);
    if (plain !== 0) {
      w.op(plain);
      w.u32(opAlign[opRow(plain)]);
      w.u32(r.b);
      return;
    }
    if (r.op === Op.atomic_fence) return;
    w.op(Op.call);
    w.u32(this.firstIndex + this.helper(r.op, r.b));
  }

  private helper(op: number, offset: number): number {
    const key = `${op}+${offset}`;
    let i = this.index.get(key);
    if (i === undefined) {
      i = this.helpers.length;
      this.index.set(key, i);
      this.helpers.push({
        type: { params: Array.from(opParams[opRow(op)]!), results: Array.from(opResults[opRow(op)]!) },
        code: helperBody(op, offset),
        name: `goloom.${opText[opRow(op)]}+${offset}`,
      });
    }
    return i;
  }
}

const i32Binary = { add: Op.i32_add, sub: Op.i32_sub, and: Op.i32_and, or: Op.i32_or, xor: Op.i32_xor };
const i64Binary = { add: Op.i64_add, sub: Op.i64_sub, and: Op.i64_and, or: Op.i64_or, xor: Op.i64_xor };

/** The plain load and store of a read-modify-write operation's width. */
function accesses(text: string): { load: number; store: number } {
  const wide = text.startsWith('i64');
  const narrow = /rmw(\d+)/.exec(text)?.[1];
  if (narrow === undefined) return wide ? { load: Op.i64_load, store: Op.i64_store } : { load: Op.i32_load, store: Op.i32_store };
  if (narrow === '8') return wide ? { load: Op.i64_load8_u, store: Op.i64_store8 } : { load: Op.i32_load8_u, store: Op.i32_store8 };
  if (narrow === '16') return wide ? { load: Op.i64_load16_u, store: Op.i64_store16 } : { load: Op.i32_load16_u, store: Op.i32_store16 };
  return { load: Op.i64_load32_u, store: Op.i64_store32 };
}

/** (address, operands…) -> the old value; wait gives 1 (not equal), notify 0. */
function helperBody(op: number, offset: number): Uint8Array {
  const text = opText[opRow(op)]!;
  const w = new ByteWriter();
  const put = (o: number, ...imm: number[]): void => {
    w.op(o);
    for (const i of imm) w.u32(i);
  };
  if (text.startsWith('memory.')) {
    put(Op.i32_const, text.includes('wait') ? 1 : 0);
    put(Op.end);
    return w.finish();
  }
  const wide = text.startsWith('i64');
  const { load, store } = accesses(text);
  const memory = (o: number): void => put(o, opAlign[opRow(o)], offset);
  const kind = /rmw\d*\.(\w+?)(_u)?$/.exec(text)![1];
  // The local that holds the old value follows the parameters.
  const old = kind === 'cmpxchg' ? 3 : 2;
  put(Op.local_get, 0);
  memory(load);
  put(Op.local_set, old);
  if (kind === 'cmpxchg') {
    put(Op.local_get, old);
    put(Op.local_get, 1);
    put(wide ? Op.i64_eq : Op.i32_eq);
    put(Op.if, 0x40);
    put(Op.local_get, 0);
    put(Op.local_get, 2);
    memory(store);
    put(Op.end);
  } else {
    put(Op.local_get, 0);
    if (kind === 'xchg') put(Op.local_get, 1);
    else {
      put(Op.local_get, old);
      put(Op.local_get, 1);
      put((wide ? i64Binary : i32Binary)[kind as keyof typeof i32Binary]);
    }
    memory(store);
  }
  put(Op.local_get, old);
  put(Op.end);
  return w.finish();
}

/** A module with shared memory, as one whose memory is not shared. `rewrite`: for each of its functions, with the number of parameters, first. */
export function lowerAtomics(bytes: Uint8Array, rewrite: (f: Func, params: number) => Func = (f) => f): Uint8Array {
  const m = decodeModule(bytes);
  const lowering = new AtomicsLowering(m.imports.filter((i) => i.kind === Extern.func).length + m.funcs.length);
  m.funcs = m.funcs.map((f) => lowering.lower(rewrite(f, m.types[f.type]!.params.length)));
  const types = new Map(m.types.map((t, i) => [typeKey(t), i]));
  for (const { type, code } of lowering.helpers) {
    const key = typeKey(type);
    let index = types.get(key);
    if (index === undefined) {
      index = m.types.push(type) - 1;
      types.set(key, index);
    }
    m.funcs.push({ type: index, locals: helperLocals(type), code });
  }
  m.imports = m.imports.map((i) => (i.memory === undefined ? i : { ...i, memory: { min: i.memory.min, max: i.memory.max } }));
  m.memories = m.memories.map(({ min, max }) => ({ min, max }));
  return encodeModule(m);
}

/** The old value's local has the type of the operand. */
export function helperLocals(type: FuncType): number[] { return [type.params[1]!]; }
