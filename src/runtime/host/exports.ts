// Functions of the program that its host may call (//go:wasmexport), as functions of JavaScript: they give what the Go function returns or,
// where that waits for something that only the event loop can bring, a promise of it. Numbers are as WebAssembly has them: 64-bit integers are
// BigInts, addresses and lengths of strings 32-bit numbers.

import { EXPORTS_SECTION, type LinkedExport } from '../../abi/object.ts';
import type { Memory } from './memory.ts';

/** The program's functions by name. */
export type GoExports = Readonly<Record<string, (...args: (number | bigint | boolean)[]) => unknown>>;

/** What calls need of the program. */
export interface ExportsProgram {
  readonly exports: { export_frame(code: number, words: number): number; export_free(frame: number, words: number): void; export_call(frame: number): void };
  ended(): boolean;
  /** Runs f, which enters the program, and cares for its end. */
  enter(f: () => void): void;
}

/** A call that is under way. */
interface Call { readonly of: LinkedExport; done: boolean; value: unknown; resolve?: (value: unknown) => void; reject?: (error: Error) => void }

/** Words of a frame: the code, values, of which a string takes two, and a result. */
function wordsOf(e: LinkedExport): number {
  let n = 2 + e.params.length;
  for (const kind of e.params) if (kind === 's') n++;
  return n;
}

/** Which exports a module has. */
export function exportsOf(module: WebAssembly.Module): readonly LinkedExport[] {
  const [section] = WebAssembly.Module.customSections(module, EXPORTS_SECTION);
  return section === undefined ? [] : JSON.parse(new TextDecoder().decode(section)) as LinkedExport[];
}

function exited(e: LinkedExport): Error { return new Error(`${e.name}: the Go program has exited`); }

/** An embedder's imports, or how to make them from the program's exports. */
export type EmbedderImports = WebAssembly.Imports | ((exports: GoExports) => WebAssembly.Imports);

/** The imports, with functions that unwind a program which has ended while they ran: they may have called it. */
export function embedderImports(from: EmbedderImports | undefined, exports: GoExports, program: { ended(): boolean; unwind(): never }): WebAssembly.Imports {
  const guarded = (f: unknown): unknown => (typeof f !== 'function' ? f : (...args: unknown[]): unknown => {
    try {
      return (f as (...args: unknown[]) => unknown)(...args);
    } finally {
      if (program.ended()) program.unwind();
    }
  });
  const all = typeof from === 'function' ? from(exports) : from ?? {};
  return Object.fromEntries(Object.entries(all).map(([module, names]) => [module, Object.fromEntries(Object.entries(names).map(([name, f]) => [name, guarded(f)]))]));
}

export class Exports {
  readonly functions: GoExports;
  private readonly mem: Memory;
  private readonly program: ExportsProgram;
  private readonly calls = new Map<number, Call>();

  constructor(list: readonly LinkedExport[], mem: Memory, program: ExportsProgram) {
    this.mem = mem;
    this.program = program;
    this.functions = Object.fromEntries(list.map((e) => [e.name, (...args: (number | bigint | boolean)[]) => this.call(e, args)]));
  }

  private call(e: LinkedExport, args: readonly (number | bigint | boolean)[]): unknown {
    const { program } = this;
    if (program.ended()) throw exited(e);
    const call: Call = { of: e, done: false, value: undefined };
    program.enter(() => {
      const frame = program.exports.export_frame(e.code, wordsOf(e));
      this.write(e, frame, args);
      this.calls.set(frame, call);
      program.exports.export_call(frame);
    });
    if (call.done) return call.value;
    if (program.ended()) throw exited(e);
    return new Promise((resolve, reject) => { Object.assign(call, { resolve, reject }); });
  }

  private write(e: LinkedExport, frame: number, args: readonly (number | bigint | boolean)[]): void {
    const view = this.mem.view();
    let at = (frame >>> 0) + 8, next = 0;
    for (const kind of e.params) {
      const x = args[next++] ?? 0;
      switch (kind) {
        case 'l': view.setBigInt64(at, BigInt.asIntN(64, BigInt(x)), true); break;
        case 'f': view.setFloat32(at, Number(x), true); break;
        case 'd': view.setFloat64(at, Number(x), true); break;
        case 'b': view.setUint8(at, x ? 1 : 0); break;
        case 's':
          view.setUint32(at, Number(x), true);
          at += 8;
          view.setBigUint64(at, BigInt.asUintN(32, BigInt(args[next++] ?? 0)), true);
          break;
        default: view.setUint32(at, Number(x), true);
      }
      at += 8;
    }
  }

  /** The host call export_done. */
  done(frame: number): void {
    const call = this.calls.get(frame)!, words = wordsOf(call.of);
    this.calls.delete(frame);
    call.done = true;
    call.value = this.result(call.of, (frame >>> 0) + 8 * (words - 1));
    this.program.exports.export_free(frame, words);
    call.resolve?.(call.value);
  }

  /** The program has ended: calls under way will not return. */
  stop(): void { for (const call of this.calls.values()) call.reject?.(exited(call.of)); }

  private result(e: LinkedExport, at: number): unknown {
    const view = this.mem.view();
    switch (e.result) {
      case '': return undefined;
      case 'l': return view.getBigInt64(at, true);
      case 'f': return view.getFloat32(at, true);
      case 'd': return view.getFloat64(at, true);
      case 'b': return view.getUint8(at);
      default: return view.getInt32(at, true);
    }
  }
}
