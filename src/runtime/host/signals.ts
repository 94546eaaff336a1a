// Signals of the process, as os/signal and the runtime see them. Node delivers them in M0's event loop, to which the scheduler
// returns at the end of a time slice while HOST_LISTENS is set; so all of this belongs to M0.
//
// A signal nobody asked for keeps the system's default action; but SIGQUIT prints the goroutines, and some do nothing (package os/signal's
// documentation has the rules).

import type { SyscallName } from '../../abi/hostcalls.ts';

/** Linux's signals by number, which GOOS=js's package syscall uses whatever the system. */
const names = [
  '', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGUSR1', 'SIGSEGV', 'SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGTERM',
  'SIGSTKFLT', 'SIGCHLD', 'SIGCONT', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGXCPU', 'SIGXFSZ', 'SIGVTALRM', 'SIGPROF', 'SIGWINCH', 'SIGIO', 'SIGPWR',
  'SIGSYS',
] as const;

/** Faults of the program itself: Node could not go on after them. */
const synchronous = new Set(['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGKILL', 'SIGSTOP', 'SIGPROF']);

/** Caught without effect unless the program asks for them. */
const unheeded = new Set(['SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGIO', 'SIGPWR', 'SIGXCPU', 'SIGXFSZ', 'SIGSTKFLT']);
const nothing = (): void => {};

/** Node's name of Linux's signal; undefined where there is none. */
export function signalName(n: number): NodeJS.Signals | undefined { return (names[n] || undefined) as NodeJS.Signals | undefined; }

/** Linux's number of a signal of Node. */
export function signalNumber(name: string): number | undefined {
  const n = (names as readonly string[]).indexOf(name);
  return n > 0 ? n : undefined;
}

export class Signals {
  private readonly handlers = new Map<number, () => void>();
  private readonly pending: number[] = [];
  private waiter: ((signal: number) => void) | undefined;
  private readonly quit: () => void;

  /** `quit` is called for a SIGQUIT that the program does not handle. */
  constructor(quit: () => void) { this.quit = quit; }

  /** What the runtime does with the signals that the program has not asked for. */
  start(): void { for (let n = 1; n < names.length; n++) this.listen(n, this.usual(n)); }

  private usual(n: number): (() => void) | undefined { return n === 3 ? this.quit : unheeded.has(names[n]) ? nothing : undefined; }

  stop(): void { for (const n of [...this.handlers.keys()]) this.listen(n, undefined); }

  private listen(n: number, f: (() => void) | undefined): void {
    const name = signalName(n), old = this.handlers.get(n);
    if (name === undefined || synchronous.has(name)) return;
    try {
      // The new one first: without any listener the signal has its default action.
      if (f !== undefined) { process.on(name, f); this.handlers.set(n, f); } else this.handlers.delete(n);
    } catch {
      return; // not a signal of this system
    }
    if (old !== undefined) process.removeListener(name, old);
  }

  private deliver(n: number): void {
    const w = this.waiter;
    this.waiter = undefined;
    if (w !== undefined) w(n);
    else if (!this.pending.includes(n)) this.pending.push(n);
  }

  /** The signal_… imports; `complete` gives the answer of a completion. */
  imports(complete: (id: number, result: number) => void): Record<Extract<SyscallName, `signal_${string}`>, (...args: never[]) => unknown> {
    return {
      signal_enable: (n: number) => this.listen(n, () => this.deliver(n)),
      signal_disable: (n: number) => this.listen(n, this.usual(n)),
      signal_ignore: (n: number) => this.listen(n, nothing),
      signal_send: (n: number) => this.deliver(n),
      signal_wait: (id: number) => {
        const n = this.pending.shift();
        if (n !== undefined) { queueMicrotask(() => complete(id, n)); return; }
        this.waiter = (signal) => complete(id, signal);
      },
      signal_raise: (n: number) => raise(n),
    };
  }
}

/** Ends the process by a signal's default action, which Node has switched off for SIGPIPE: libuv restores it with its last listener. */
function raise(n: number): void {
  const name = signalName(n);
  if (name === undefined) return;
  const f = (): void => {};
  process.on(name, f);
  process.removeListener(name, f);
  process.kill(process.pid, name);
}
