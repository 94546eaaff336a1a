// Heap parameters and the low-memory words of the kernel: what the kernel's generated constants, the host and
// debuggers share. The size classes are Go's (append's capacities show them), their page counts our own.

/** The most Ps that there can be, as in overlay/runtime/proc.go: the array of them is made once. */
export const MAX_PROCS = 256;

/** Bytes of a page of the heap. */
export const PAGE_SIZE = 8192;

/** Largest small object; larger ones have a span of their own. */
export const MAX_SMALL_SIZE = 32768;

/** Object sizes of the classes, multiples of 8; class 0 stands for large objects. The values are gc's, checked by a test. */
export const sizeClasses: readonly number[] = [
  0, 8, 16, 24, ...steps(32, 256, 16), ...steps(256, 512, 32), ...steps(512, 768, 64), 768, 896, ...steps(1024, 1536, 128), 1536, 1792, 2048, 2304,
  2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072,
  20480, 21760, 24576, 27264, 28672, 32768,
];

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by }, (_, i) => from + i * by);
}

/** Pages of a class's spans: the fewest that waste at most 1/8 at the end. */
export function classPages(size: number): number {
  for (let n = 1; ; n++) if ((n * PAGE_SIZE) % size <= (n * PAGE_SIZE) / 8) return n;
}

/** Kernel's words in the first page besides `LowMemory`. */
export const KernelWords = {
  /** Number of host sources that may still answer; written by the host. Non-zero: M0 returns to the host instead of sleeping. */
  HOST_PENDING: 76,
  /** The note of M0 (M.note), a futex: who wakes M0 sets it to 1; M0 or its host waits for that. */
  M0_NOTE: 80,
  /** Address of the array of Ps, and their number: written while the world is stopped, read by sysmon. */
  ALLP: 84,
  NPROCS: 108,
  /** Number of Ms that run, those that sleep not counted (atomic): without any, sysmon has nothing to watch. */
  RUNNING: 88,
  /** Native stack limit in depth units, what LIMIT_WORD is when nobody is asked to yield. */
  NATIVE_LIMIT: 92,
  /** Non-zero: sysmon sleeps until told (futex); written by sysmon, cleared by an M that begins to run. */
  SYSMON_SLEEPS: 96,
  /** A futex: non-zero when the program ends, 1 + exit code. Set once by the M that ends it; M0 sees it and ends the process. */
  EXITING: 100,
  /** Non-zero: there are several Ms, or will be in a moment. Written by M0. */
  THREADED: 112,
  /** GODEBUG=schedstress: the seed, 0 for none (kernel/stress.ts). Written by the host before the kernel's initialisation. */
  SCHED_STRESS: 116,
  /** Address of M0's record; written once, at start. */
  M0: 120,
  /** Non-zero: the host listens for events (signals, callbacks); M0 returns to it at the end of a time slice. Written by the host on M0. */
  HOST_LISTENS: 104,
  /** Where compiled code counts its polls (host/count-polls.ts): polls until the next slow one. */
  POLL_COUNT: 124,
  /** Non-zero: sysmon watches. Written by it, once. */
  SYSMON_ALIVE: 128,
  /** So many ms apart sysmon asks M0 to go to the host while answers are awaited. Written by M0, and 0 at first. */
  HOST_PERIOD: 132,
  /** The thread in reserve (host/spare.ts): Spare, or the address of the M that it runs. A futex. */
  SPARE: 136,
  /** u8[129]: class by (size+7)/8 for sizes up to 1024. */
  SIZE_TO_CLASS8: 256,
  /** u8[249]: class by (size-1024+127)/128 for larger ones. */
  SIZE_TO_CLASS128: 512,
  /** u32[68]: object size by class. */
  CLASS_TO_SIZE: 1024,
  /** u8[68]: pages of a span by class. */
  CLASS_TO_PAGES: 1536,
  /** The kernel's shared state (kernel/shared.ts): scheduler and heap, 512 bytes each at most. */
  SCHED: 2560,
  HEAP: 3072,
} as const;

/** The thread in reserve: there is none; a program wants one; it is being started; it waits for an M; there is none any more. */
export const Spare = { NONE: 0, WANTED: 1, COMING: 2, WAITS: 3, GONE: 4 } as const;

/** First words of a P, which sysmon reads; see kernel/structs.ts. */
export const PWord = { ID: 0, STATUS: 4, SCHEDTICK: 8, PREEMPT: 12, SYSCALLTICK: 16, M: 20, RUNQHEAD: 24, RUNQTAIL: 28, RUNNEXT: 32 } as const;
/** P.status while nobody holds it, while an M runs with it, and while that M is in a blocking call of the host. */
export const PSTATUS_IDLE = 0, PSTATUS_RUNNING = 1, PSTATUS_SYSCALL = 2;
/** P.preempt: asked to come to the scheduler; the same, if it is only for the host's turn on M0. */
export const PREEMPT_ASKED = 1, PREEMPT_HOST = 2;
/** Of P.status; the other bits are the M's number while that is in a blocking call. */
export const PSTATUS_MASK = 255;

/** Fields of internal/abi.Type that the kernel reads. */
export const TypeField = { SIZE: 0, PTR_BYTES: 8, TFLAG: 20, ALIGN: 21, KIND: 23, GC_DATA: 32 } as const;
/** `TFlagGCMaskOnDemand`: no bitmap in GC_DATA, the collector walks arrays and structs. */
export const TFLAG_GC_MASK_ON_DEMAND = 16;
/** Array: element type and length. Struct: slice of fields {name 8, type 8, offset 8}. */
export const ArrayTypeField = { ELEM: 48, LEN: 64 } as const;
export const StructTypeField = { FIELDS: 56, NFIELDS: 64, FIELD_TYPE: 8, FIELD_OFFSET: 16, FIELD_SIZE: 24 } as const;
export const TypeKind = { ARRAY: 17, STRUCT: 25, MASK: 31 } as const;
