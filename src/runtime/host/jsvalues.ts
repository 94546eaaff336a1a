// JavaScript values for GOOS=js's package syscall/js. A value goes to Go as a ref of 64 bits: a number as itself, anything else as a NaN
// with an id in the table below and a type flag; Go counts its copies of an id and tells when the last is gone.
//
// Owner: M0. The table, the pending event and the functions made for Go belong to its thread.

import { JsCall, JsOp, type SyscallName } from '../../abi/hostcalls.ts';
import type { Memory } from './memory.ts';

const encoder = new TextEncoder();

const NAN_HEAD = 0x7ff80000;
const TypeFlag = { none: 0, object: 1, string: 2, symbol: 3, function: 4 } as const;

/** An event on its way to Go: a call of a function that js.FuncOf made. */
interface Event { readonly id: number; readonly this: unknown; readonly args: unknown[]; result?: unknown }

/** The object that package syscall/js knows as jsGo. */
interface JsGo { _pendingEvent: Event | null; _makeFuncWrapper(id: number): (...args: unknown[]) => unknown; readonly _values: readonly unknown[] }

/** What the values need of the program that they belong to. */
export interface JsProgram {
  /** Runs an event's goroutine to its end. */
  event(): void;
  /** A function for JavaScript has been made: events may come from now on. */
  listening(): void;
  /** The program has ended; nothing of Go runs any more. */
  ended(): boolean;
  /** Unwinds the WebAssembly frames of a program that ended inside JavaScript. */
  unwind(): void;
}

export class JsValues {
  private readonly mem: Memory;
  private readonly values: unknown[];
  private readonly counts: number[] = [];
  private readonly ids = new Map<unknown, number>();
  private readonly free: number[] = [];
  private readonly program: JsProgram;
  private readonly scratch = new DataView(new ArrayBuffer(8));
  private readonly go: JsGo;

  constructor(mem: Memory, program: JsProgram) {
    this.mem = mem;
    this.program = program;
    const values: unknown[] = [];
    this.values = values;
    this.go = { _pendingEvent: null, _makeFuncWrapper: (id) => this.wrapper(id), _values: values };
    // The first ids are fixed by package syscall/js.
    values.push(NaN, 0, null, true, false, globalThis, this.go);
    this.values.forEach((v, i) => { this.counts[i] = Infinity; if (i >= 2) this.ids.set(v, i); });
  }

  private wrapper(id: number): (...args: unknown[]) => unknown {
    const { go, program } = this;
    program.listening();
    return function (this: unknown, ...args: unknown[]): unknown {
      if (program.ended()) return undefined;
      const event: Event = { id, this: this, args };
      go._pendingEvent = event;
      program.event();
      return event.result;
    };
  }

  private refOf(id: number, flag: number): bigint { return (BigInt(NAN_HEAD | flag) << 32n) | BigInt(id); }

  private store(v: unknown): bigint {
    if (v === undefined) return 0n;
    if (typeof v === 'number') {
      if (Number.isNaN(v)) return this.refOf(0, TypeFlag.none);
      if (v === 0 && !Object.is(v, -0)) return this.refOf(1, TypeFlag.none);
      this.scratch.setFloat64(0, v);
      return this.scratch.getBigUint64(0);
    }
    let id = this.ids.get(v);
    if (id === undefined) {
      id = this.free.pop() ?? this.values.length;
      this.values[id] = v;
      this.counts[id] = 0;
      this.ids.set(v, id);
    }
    this.counts[id]++;
    const flag = typeof v === 'object' ? (v === null ? TypeFlag.none : TypeFlag.object)
      : typeof v === 'string' ? TypeFlag.string : typeof v === 'symbol' ? TypeFlag.symbol : typeof v === 'function' ? TypeFlag.function : TypeFlag.none;
    return this.refOf(id, flag);
  }

  private load(ref: bigint): unknown {
    this.scratch.setBigUint64(0, BigInt.asUintN(64, ref));
    const x = this.scratch.getFloat64(0);
    if (x === 0) return undefined;
    return Number.isNaN(x) ? this.values[this.scratch.getUint32(4)] : x;
  }

  private finalize(ref: bigint): void {
    const id = Number(ref & 0xffffffffn);
    if (--this.counts[id] > 0) return;
    this.ids.delete(this.values[id]);
    this.values[id] = null;
    this.free.push(id);
  }

  /** Does the operation of a JsCall; the host call of the kernel. */
  call(at: number): number {
    const p = at >>> 0, view = this.mem.view();
    const op = JsOp[view.getUint32(p + JsCall.OP, true)];
    const u32 = (o: number): number => view.getUint32(p + o, true);
    const second = (): unknown => this.load(view.getBigInt64(p + JsCall.X, true));
    const v = this.load(view.getBigInt64(p + JsCall.V, true));
    const name = this.mem.string(u32(JsCall.NAME), u32(JsCall.NAME_LEN));
    const args: unknown[] = [];
    for (let i = 0; i < u32(JsCall.ARGS_LEN); i++) args.push(this.load(view.getBigInt64(u32(JsCall.ARGS) + 8 * i, true)));
    let result: unknown, n = 0, ok = true;
    try {
      switch (op) {
        case 'get': result = Reflect.get(v as object, name); break;
        case 'set': Reflect.set(v as object, name, second()); break;
        case 'delete': Reflect.deleteProperty(v as object, name); break;
        case 'index': result = Reflect.get(v as object, Number(view.getBigInt64(p + JsCall.X, true))); break;
        case 'setIndex': Reflect.set(v as object, Number(view.getBigInt64(p + JsCall.N, true)), second()); break;
        case 'length': n = (v as unknown[]).length; break;
        case 'call': result = Reflect.apply(Reflect.get(v as object, name) as (...a: unknown[]) => unknown, v, args); break;
        case 'invoke': result = Reflect.apply(v as (...a: unknown[]) => unknown, undefined, args); break;
        case 'new': result = Reflect.construct(v as new (...a: unknown[]) => unknown, args); break;
        case 'prepareString': { const bytes = encoder.encode(String(v)); result = bytes; n = bytes.length; break; }
        case 'instanceOf': n = v instanceof (second() as new () => unknown) ? 1 : 0; break;
      }
    } catch (e) {
      if (!this.program.ended() && op !== 'call' && op !== 'invoke' && op !== 'new') throw e;
      result = e;
      ok = false;
    }
    if (this.program.ended()) this.program.unwind();
    const out = this.mem.view();
    out.setBigUint64(p + JsCall.RESULT, BigInt.asUintN(64, this.store(result)), true);
    if (op === 'length' || op === 'prepareString' || op === 'instanceOf') out.setBigInt64(p + JsCall.N, BigInt(Math.trunc(n)), true);
    out.setUint8(p + JsCall.OK, ok ? 1 : 0);
    return 0;
  }

  /** The js_… imports. */
  imports(): Record<Extract<SyscallName, `js_${string}`>, (...args: never[]) => unknown> {
    const bytesOf = (ref: bigint): Uint8Array | undefined => {
      const v = this.load(ref);
      return v instanceof Uint8Array || v instanceof Uint8ClampedArray ? v as Uint8Array : undefined;
    };
    const copy = (to: Uint8Array | undefined, from: Uint8Array | undefined): number => {
      if (!to || !from) return -1;
      const part = from.subarray(0, to.length);
      to.set(part);
      return part.length;
    };
    return {
      js_finalize: (ref: bigint) => this.finalize(ref),
      js_string: (at: number, n: number) => this.store(this.mem.string(at, n)),
      js_load: (ref: bigint, at: number, n: number) => { copy(this.mem.bytes(at, n), this.load(ref) as Uint8Array); },
      js_to_go: (at: number, n: number, ref: bigint) => copy(this.mem.bytes(at, n), bytesOf(ref)),
      js_from_go: (ref: bigint, at: number, n: number) => copy(bytesOf(ref), this.mem.bytes(at, n)),
    };
  }
}
