// What a page's main thread (M0) and its workers say to each other.

/** What all threads of a program in a page know. */
export interface PageContext {
  readonly args: readonly string[];
  /** `name=value`. */
  readonly env: readonly string[];
  /** M0's performance.timeOrigin: its monotonic clock is every thread's. */
  readonly origin: number;
  /** The OutputRing of those that are not M0. */
  readonly output: SharedArrayBuffer | undefined;
}

/** What a worker is to be: one more M, sysmon, the one that tells M0's note where Atomics.waitAsync is missing, or who makes a module for unshared memory. */
export type ToWorker =
  | { readonly role: 'thread'; readonly context: PageContext; readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory;
      readonly m: number; readonly info: number; readonly flags: number; readonly lock: string }
  | { readonly role: 'sysmon'; readonly memory: WebAssembly.Memory; readonly periodMs: number; readonly lock: string }
  | { readonly role: 'note'; readonly memory: WebAssembly.Memory }
  | { readonly role: 'lower'; readonly bytes: Uint8Array<ArrayBuffer> };

/** What a worker tells: start another thread, output is in the ring, the lock is held that tells of its death, the note. */
export type FromWorker =
  | { readonly kind: 'start'; readonly m: number }
  | { readonly kind: 'output' }
  | { readonly kind: 'alive' }
  | { readonly kind: 'noted' }
  | { readonly kind: 'lowered'; readonly bytes: Uint8Array };
