// Typed arrays that are used for one function after another: allocating fresh ones for each of thousands of functions
// costs more than the work done on them.

const keptLength = 1 << 18;

/** A zeroed or filled array that is valid until the same scratch is taken again. */
export class Scratch {
  private buf = new Int32Array(512);

  take(n: number, fill = 0): Int32Array {
    // A giant function's arrays are not kept.
    if (n > keptLength) return new Int32Array(n).fill(fill);
    if (n > this.buf.length) this.buf = new Int32Array(Math.min(n * 2, keptLength));
    const a = this.buf.subarray(0, n);
    a.fill(fill);
    return a;
  }
}
