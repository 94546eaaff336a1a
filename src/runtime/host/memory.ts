// The program's linear memory as the host's imports see it: typed views that follow a growth, strings, iovecs.

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Views of one memory. Unshared memories get a new buffer when they grow, hence the test in each accessor. */
export class Memory {
  memory!: WebAssembly.Memory;
  private u8!: Uint8Array;
  private dv!: DataView;
  private i32!: Int32Array;

  /** Without a memory, `attach` must follow before the first use. */
  constructor(memory?: WebAssembly.Memory) {
    if (memory !== undefined) this.attach(memory);
  }

  /** Takes the memory that an instance exports. */
  attach(memory: WebAssembly.Memory): void {
    this.memory = memory;
    this.u8 = new Uint8Array(memory.buffer);
    this.dv = new DataView(memory.buffer);
    this.i32 = new Int32Array(memory.buffer);
  }

  private refresh(): void {
    if (this.u8.buffer === this.memory.buffer && this.u8.byteLength === this.memory.buffer.byteLength) return;
    this.u8 = new Uint8Array(this.memory.buffer);
    this.dv = new DataView(this.memory.buffer);
    this.i32 = new Int32Array(this.memory.buffer);
  }

  /** The bytes at an address, not copied. Addresses come as signed i32. */
  bytes(at: number, length: number): Uint8Array {
    this.refresh();
    return this.u8.subarray(at >>> 0, (at >>> 0) + (length >>> 0));
  }

  view(): DataView {
    this.refresh();
    return this.dv;
  }

  /** Words of 32 bits, for atomic operations. */
  words(): Int32Array {
    this.refresh();
    return this.i32;
  }

  setU32(at: number, v: number): void { this.view().setUint32(at >>> 0, v, true); }
  setU64(at: number, v: bigint): void { this.view().setBigUint64(at >>> 0, BigInt.asUintN(64, v), true); }
  u32(at: number): number { return this.view().getUint32(at >>> 0, true); }

  /** A UTF-8 string. */
  string(at: number, length: number): string {
    // A copy: browsers don't decode shared memory.
    return decoder.decode(this.bytes(at, length).slice());
  }

  /** Calls f with each buffer of an iovec array. */
  iovecs(at: number, count: number): Uint8Array[] {
    const out: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      const length = this.u32(at + 8 * i + 4);
      if (length > 0) out.push(this.bytes(this.u32(at + 8 * i), length));
    }
    return out;
  }
}
