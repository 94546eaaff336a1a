// How M0 of a page waits in the event loop. A turn is a message to itself, for timers are late: at least 4 ms once they follow each other,
// and each callback that is not a timer's begins that count anew, which is why the end of a timer is passed on by a message too.

const TURN_MS = 4;

export class Turns {
  private readonly channel = new MessageChannel();
  private readonly waiting: (() => void)[] = [];

  private last = performance.now();

  constructor() {
    this.channel.port1.onmessage = () => {
      this.last = performance.now();
      this.waiting.shift()?.();
    };
  }

  /** Has there been no turn for some time? What runs from promises alone may hold up the event loop for ever. */
  due(): boolean { return performance.now() - this.last > TURN_MS; }

  private soon(done: () => void): () => void {
    let cancelled = false;
    this.waiting.push(() => { if (!cancelled) done(); });
    this.channel.port2.postMessage(0);
    return () => { cancelled = true; };
  }

  /** Calls done after `ms`, or never if that is negative; gives what takes it back. */
  wait(ms: number, done: () => void): () => void {
    if (ms < 0) return () => {};
    if (ms === 0) return this.soon(done);
    let cancel = (): void => clearTimeout(timer);
    const timer = setTimeout(() => { cancel = this.soon(done); }, ms);
    return () => cancel();
  }

  stop(): void {
    this.channel.port1.onmessage = null;
    this.channel.port1.close();
    this.channel.port2.close();
  }
}
