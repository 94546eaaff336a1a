// Typed arrays that are used for one function after another: allocating fresh ones for each of thousands of functions
// costs more than the work done on them.

/** A zeroed or filled array that is valid until the same scratch is taken again. */
export class Scratch {
  private buf = new Int32Array(512);

  take(n: number, fill = 0): Int32Array {
    if (n > this.buf.length) this.buf = new Int32Array(n * 2);
    const a = this.buf.subarray(0, n);
    a.fill(fill);
    return a;
  }
}
