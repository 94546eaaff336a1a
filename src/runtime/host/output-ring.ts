// What threads other than M0 print at once (print, println, panics), on its way to M0, which alone has the page's output: a ring of records in
// shared memory, so that the order of things holds and nothing is lost when the program ends.
//
// Layout, in words: LOCK, HEAD and TAIL (bytes ever taken and put), then the ring. A record is descriptor, length, bytes, padded to a word. Who
// puts or takes holds LOCK, for the time of a copy; a thread that finds no room waits for HEAD to change.

const LOCK = 0, HEAD = 1, TAIL = 2, RING = 4;
const SIZE = 1 << 16;
/** How long a thread waits for room: M0 comes by far more often, unless it is held up itself. */
const PATIENCE_MS = 2000;
const SPINS = 1 << 22;

export class OutputRing {
  readonly buffer: SharedArrayBuffer;
  private readonly words: Int32Array;
  private readonly bytes: Uint8Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(RING * 4 + SIZE)) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer, RING * 4);
  }

  /** A thread that died with the lock shall not stop the others. */
  private lock(): boolean {
    for (let i = 0; i < SPINS; i++) if (Atomics.compareExchange(this.words, LOCK, 0, 1) === 0) return true;
    return false;
  }

  private unlock(): void { Atomics.store(this.words, LOCK, 0); }

  private copy(at: number, from: Uint8Array): void {
    const start = at % SIZE, first = Math.min(from.length, SIZE - start);
    this.bytes.set(from.subarray(0, first), start);
    this.bytes.set(from.subarray(first), 0);
  }

  private word(at: number): number { return this.words[RING + ((at % SIZE) >> 2)]; }
  private setWord(at: number, x: number): void { this.words[RING + ((at % SIZE) >> 2)] = x; }

  /** Puts a record; on a thread that may wait. Bytes put, at most a quarter of the ring. */
  put(fd: number, from: Uint8Array): number {
    const part = from.subarray(0, SIZE / 4), need = 8 + ((part.length + 3) & ~3);
    for (;;) {
      if (!this.lock()) return part.length;
      const head = Atomics.load(this.words, HEAD), tail = this.words[TAIL];
      if (((tail - head) | 0) + need <= SIZE) {
        const at = tail >>> 0;
        this.setWord(at, fd);
        this.setWord(at + 4, part.length);
        this.copy(at + 8, part);
        this.words[TAIL] = (tail + need) | 0;
        this.unlock();
        return part.length;
      }
      this.unlock();
      if (Atomics.wait(this.words, HEAD, head, PATIENCE_MS) === 'timed-out') return part.length;
    }
  }

  /** Takes all records; on M0. */
  drain(take: (fd: number, bytes: Uint8Array) => void): void {
    if (this.words[TAIL] === this.words[HEAD] || !this.lock()) return;
    const records: [number, Uint8Array][] = [];
    let head = this.words[HEAD];
    while (head !== this.words[TAIL]) {
      const at = head >>> 0, n = this.word(at + 4), out = new Uint8Array(n), start = (at + 8) % SIZE, first = Math.min(n, SIZE - start);
      out.set(this.bytes.subarray(start, start + first));
      out.set(this.bytes.subarray(0, n - first), first);
      records.push([this.word(at), out]);
      head = (head + 8 + ((n + 3) & ~3)) | 0;
    }
    Atomics.store(this.words, HEAD, head);
    this.unlock();
    Atomics.notify(this.words, HEAD);
    for (const [fd, bytes] of records) take(fd, bytes);
  }
}
