// The layouts and constant addresses that compiled code and the kernel share.
// One table, from which the compiler's constants, the kernel's AssemblyScript constants (layout.gen.ts of
// the kernel) and the Go overlay's structs are generated or checked. All offsets and sizes are in bytes.

/** Fixed words in the first, never allocated page of linear memory. */
export const LowMemory = {
  /** Bit set of the Ms that are asked to yield at their next poll; 0 = nobody. */
  POLL_WORD: 64,
  /** Native stack limit in `depth` units; 0 while somebody is asked to yield. */
  LIMIT_WORD: 68,
  /** Collector phase: non-zero while the write barrier is on. */
  BARRIER_WORD: 72,
  /** Addresses below this one are never handed out. */
  FIRST_ADDRESS: 4096,
} as const;

/** Header of a saved frame; slots follow. */
export const Frame = {
  /** u32 site id of the suspension (index in the site table, 1-based). */
  SITE: 0,
  /** u32 base of the function's stack objects, 0 if it has none. */
  BP: 4,
  /** u32 next outer frame; written by the kernel. */
  OUTER: 8,
  /** u32 value of `sp` while this function ran; written by the kernel. */
  SP: 12,
  /** u32 size of the frame in bytes, header included; written by the kernel. */
  SIZE: 16,
  /** u32 kernel's own flags (last of its batch, …). */
  FLAGS: 20,
  /** First slot: i32/ptr locals 4 bytes each, padded to 8, then 8-byte slots. */
  SLOTS: 24,
} as const;

/** Fields of the goroutine descriptor that compiled code touches; the kernel's G starts with them. */
export const G = {
  /** u64 × 4: results of the last suspending kernel call. */
  KRES: 0,
  /** u32 innermost defer frame. */
  DEFER_TOP: 32,
  /** u32 code index of the function that gopanic is about to call, 0 = none. */
  DEFER_FN: 36,
  /** u64 slot: innermost runtime._panic (Go pointer, traced). */
  PANIC: 40,
  /** u64 slot: Go pointer to runtime.gext, what the Go side keeps of a goroutine (traced). */
  EXT: 48,
  /** u64 goroutine id, written by the kernel at creation. */
  GOID: 56,
  /** First offset that is the kernel's own. */
  KERNEL: 64,
} as const;

/** The defer frame, a stack object of a function with defer statements (words of 8 bytes, low half used). */
export const DeferFrame = { HEAD: 0, LINK: 8, FN: 16, FLAGS: 24, SIZE: 32 } as const;

/** A defer record: next record of the same frame, func() value. */
export const DeferRecord = { LINK: 0, FN: 8, SIZE: 16 } as const;

/** Results of a resumed call, 8 bytes each, per M. */
export const RESULT_AREA_SLOTS = 128;
