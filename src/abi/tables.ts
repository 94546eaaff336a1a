// The static tables that the linker puts into a program's memory and the kernel and the overlay read:
// sites, functions, positions, names, collector roots. All words are little-endian u32 unless said otherwise,
// all tables are 8-aligned, an "address" is one in linear memory.

/** The program's head: a data symbol whose address the linker exports as the immutable global `program_info`. */
export const ProgramInfo = {
  /** Table version, `TABLES_VERSION`. */
  VERSION: 0,
  /** Address of the site records; record 0 is unused (site ids start at 1). */
  SITES: 4,
  /** Number of site records, record 0 included. */
  NSITES: 8,
  /** Address of the function records; record 0 is unused. */
  FUNCS: 12,
  NFUNCS: 16,
  /** Address of u32[NCODES]: function id by function table index, 0 where none (stubs, kernel functions). */
  CODES: 20,
  NCODES: 24,
  /** Address of the position records; record 0 is "unknown". */
  POSITIONS: 28,
  NPOSITIONS: 32,
  /** Address of the blob of bitmaps too long for their record (see `bitmap` below). */
  BITMAPS: 36,
  /** Variables that may point into the heap: first address (8-aligned), end, address of the bitmap (bit i of byte i/8: word i holds a pointer). */
  ROOTS: 40,
  ROOTS_END: 44,
  ROOTS_MASK: 48,
  /** Address of the static func value of the program's entry (`Program.entry`), a closure function `func()`. */
  ENTRY: 52,
  /** First address that the program's data does not use; heap and kernel memory start here, rounded up to a page. */
  HEAP_BASE: 56,
  /** Table of addresses of type descriptors for reflect's typelinks, sorted by the type's string, and its length. */
  TYPELINKS: 60,
  NTYPELINKS: 64,
  /** All read-only and writable data of the program lies in DATA..HEAP_BASE. */
  DATA: 68,
  /** First table index after the program's functions and stubs. */
  TABLE_END: 72,
  SIZE: 80,
} as const;

export const TABLES_VERSION = 2;

/** A place where a goroutine can be suspended. Sites of one function are consecutive. */
export const Site = {
  /** Function id in the low 24 bits, `SiteKind` in the high 8. */
  FUNC: 0,
  /** Index of the position record (the innermost inlined call). */
  POS: 4,
  /**
   * What is live, as a `bitmap` word: bit i for a pointer in the frame's 4-byte slot i (at Frame.SLOTS + 4*i); from the function's
   * ObjectTable.PTR_SLOTS on, a bit for each of its tracked stack objects.
   */
  LIVE: 8,
  SIZE: 12,
} as const;

export const SiteKind = { call: 0, poll: 1, entry: 2, deferReturn: 3, check: 4 } as const;
export type SiteKind = (typeof SiteKind)[keyof typeof SiteKind];

/**
 * A bitmap word: with bit 31 clear, bits 0..30 are the bitmap itself (longer ones are all zero there); with bit 31 set, bits
 * 0..30 are a byte offset into BITMAPS, where a u32 number of bits and then the bits follow, 4-aligned, bit i in bit i%8 of byte i/8.
 */
export const BITMAP_INDIRECT = 0x80000000;

/** A function: those with sites, and all with an index in the function table. */
export const FuncRecord = {
  /** Function table index; a func value's code word. */
  CODE: 0,
  /** Table index of the resume stub of the function's wasm signature; 0 if the function never suspends. */
  STUB: 4,
  /** `FuncFlag` bits. */
  FLAGS: 8,
  /** Bytes of the area of stack objects, 0 = none. */
  OBJ_SIZE: 12,
  /** The objects in that area that have pointers: 1 + offset of an `ObjectTable` in BITMAPS, 0 = none. */
  OBJECTS: 16,
  /** Site of kind deferReturn, 0 = none. */
  DEFER_RETURN: 20,
  /** The function's sites are FIRST_SITE .. FIRST_SITE + NSITES - 1. */
  FIRST_SITE: 24,
  NSITES: 28,
  /** Address of the name, a `string record`, as in gc's symbol names (`main.(*T).Method`, `main.f.func1`, `main.F[...]`). */
  NAME: 32,
  /** Address of the file's name, a `string record`; line of the `func` keyword. */
  FILE: 36,
  START_LINE: 40,
  SIZE: 48,
} as const;

/**
 * The stack objects of a function that have pointers. The first ALWAYS of them are live at every site, the others, TRACKED in
 * number, where the site says so or a live pointer of this or an inner frame leads to them.
 */
export const ObjectTable = {
  PTR_SLOTS: 0,
  ALWAYS: 4,
  TRACKED: 8,
  /** The records, in the order of ALWAYS, then TRACKED. */
  LIST: 12,
} as const;

/** An object: offset in the area, bytes, and pointers as a `bitmap` word over its 8-byte words. */
export const ObjectRecord = { OFFSET: 0, SIZE: 4, PTRS: 8, RECORD_SIZE: 12 } as const;

/** The most objects of a function that are tracked. */
export const MAX_TRACKED_OBJECTS = 256;

export const FuncFlag = {
  /** Made by the compiler to forward a call (promoted method, method value, closure of `defer f(x)`): no traceback line. */
  WRAPPER: 1,
  /** Belongs to package runtime in a way that gc's tracebacks hide. */
  HIDDEN: 2,
  /** Outermost frame of a goroutine: walking ends here. */
  TOP: 4,
  /** Takes no arguments. */
  NO_ARGS: 8,
} as const;

/** A source position, with what it is inlined in. */
export const Position = {
  /** Address of the file's name, a `string record`. */
  FILE: 0,
  LINE: 4,
  /** Address of the name of the function that the line was written in, a `string record`. */
  FUNC: 8,
  /** Index of the position of the call it is inlined at, 0 = not inlined. */
  INLINED_AT: 12,
  /** Line of that function's `func` keyword. */
  START_LINE: 16,
  SIZE: 24,
} as const;

/** A string record: u32 length, then the bytes (4-aligned). */
export const StringRecord = { LEN: 0, BYTES: 4 } as const;

/**
 * A pc, as runtime.Callers gives it: PC_BASE + 2*site + 1 (so that pc-1 means the same site); below PC_BASE a pc is a function
 * table index (the value of a func's code word, which reflect's Pointer and FuncForPC use).
 */
export const PC_BASE = 0x10000000;

/** What the linker exports besides the kernel's own exports. */
export const LinkerExport = {
  /** `() → ()`: writes all data segments (kernel's and program's), once, on M0, before anything else. */
  initData: 'init_data',
  /** Immutable i32 global: address of ProgramInfo. */
  programInfo: 'program_info',
} as const;

/** What a linked program imports besides host calls: its memory. The function table is its own. */
export const MEMORY_IMPORT = { module: 'env', name: 'memory' } as const;
