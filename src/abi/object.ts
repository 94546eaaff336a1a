// The object format: what the code generator and the builder hand to the linker, and the build cache keeps. Functions
// are bodies with their symbolic immediates left out, with their sites and the shape of their frames; data symbols are
// bytes with relocations. Plain data throughout. The types of data and positions are those of ir/program.ts,
// spelled out here because the linker knows nothing of the IR.
import type { SiteKind } from './tables.ts';

/**
 * Immediates that the linker writes. The code holds nothing at a relocation's offset: the linker inserts the LEB128
 * there, so every index takes its shortest form.
 */
export const CodeReloc = {
  /** u32: function index of a compiled function. */
  func: 0,
  /** u32: function index of a kernel function or host import. */
  kernelFunc: 1,
  /** u32: index of a kernel global. */
  global: 2,
  /** u32: index of a wasm function type; the symbol is its `typeKey`. */
  type: 3,
  /** s32: address of a data symbol plus addend. */
  addr: 4,
  /** s32: function table index of a function. */
  code: 5,
  /** s32: first site id of this function plus addend. */
  site: 6,
  /** s33: the same index as a block's type. */
  blockType: 7,
} as const;
export type CodeReloc = (typeof CodeReloc)[keyof typeof CodeReloc];

export interface SiteInfo {
  readonly kind: SiteKind;
  /** Index in Program.positions. */
  readonly pos: number;
  /** 4-byte frame slots that hold a live pointer, then `ptrSlots` + k for each tracked stack object k that is live; ascending. */
  readonly live: readonly number[];
}

/** A stack object with pointers: where it is in the function's area, and the 8-byte words of it that hold pointers, ascending. */
export interface StackObject { readonly offset: number; readonly size: number; readonly ptrs: readonly number[] }

/** A compiled function. */
export interface FuncCode {
  readonly name: string;
  /** Wasm value types. */
  readonly params: readonly number[];
  readonly results: readonly number[];
  readonly locals: Uint8Array;
  readonly code: Uint8Array;
  /** Four numbers a relocation, ascending by offset: offset, CodeReloc, index in `syms`, addend. */
  readonly relocs: Int32Array;
  readonly syms: readonly string[];
  /** Pairs (offset in `code`, 1 likely or 0 unlikely), ascending. */
  readonly hints: readonly number[];
  readonly sites: readonly SiteInfo[];
  /** Index in `sites` of the deferreturn site, -1 = none. */
  readonly deferReturn: number;
  /** May be resumed: needs a table index and a resume stub. */
  readonly resumable: boolean;
  /** Index in Program.positions of the `func` keyword. */
  readonly pos: number;
  /** Has no parameters in Go. */
  readonly noArgs: boolean;
  /** Compiler-made: no line in tracebacks. */
  readonly wrapper: boolean;
  /** Bytes of the area of stack objects. */
  readonly objSize: number;
  /** The objects in it that have pointers; the last `objTracked` are live only where a site or a live pointer says so. */
  readonly objects: readonly StackObject[];
  readonly objTracked: number;
  /** Number of frame slots that may hold pointers: they come first. */
  readonly ptrSlots: number;
}

/** Compiled functions by name; may compile when asked, so that only what is linked is compiled. */
export interface FuncSource {
  has(name: string): boolean;
  get(name: string): FuncCode | undefined;
}

/** Depth passed by a resume stub: negative, and so far below zero that adding a function's own size keeps it so. */
export const resumeDepth = -0x80000000;

/** Kinds of relocations in data; ir/program.ts has the same numbers. */
export const DataReloc = { addr32: 0, code32: 1, weakAddr32: 2, weakCode32: 3 } as const;

/** A data symbol, as in ir/program.ts. */
export interface DataObject {
  readonly name: string;
  readonly bytes: Uint8Array | null;
  readonly size: number;
  readonly align: number;
  readonly relocs: readonly { readonly offset: number; readonly kind: number; readonly target: string; readonly addend: number }[];
  readonly ptrmask: readonly number[];
  readonly readonly: boolean;
  readonly typelink: string;
}

/** A position, as in ir/program.ts. */
export interface ObjectPosition { readonly file: number; readonly line: number; readonly column: number; readonly func: string; readonly inlinedAt: number }

/** What the linker needs of a program besides its functions. */
export interface ObjectProgram {
  readonly data: ReadonlyMap<string, DataObject>;
  readonly files: readonly string[];
  readonly positions: readonly ObjectPosition[];
  /** Host imports by the name that code calls them by; types are wasm value types. */
  readonly imports: ReadonlyMap<string, { readonly module: string; readonly name: string; readonly params: readonly number[]; readonly results: readonly number[] }>;
  /** Functions for the host to call. */
  readonly exports: readonly HostExport[];
  readonly entry: string;
  readonly roots: readonly string[];
}

/**
 * A `//go:wasmexport` function: its name; the func() that calls it with the values of a frame; kinds of parameters and result, a letter each: i a 32-bit
 * integer, b bool, l a 64-bit integer, f and d floating-point numbers, p an address, s a string's address and length. A frame is a code word, then 8
 * bytes for each value (16 for a string).
 */
export interface HostExport { readonly name: string; readonly thunk: string; readonly params: string; readonly result: string }

/** The custom section of a linked program with its exports: JSON, HostExport with a code index in place of the thunk. */
export const EXPORTS_SECTION = 'goloom.exports';
export interface LinkedExport { readonly name: string; readonly code: number; readonly params: string; readonly result: string }
