// The lines of GODEBUG=schedtrace=N and scheddetail=1, in gc's format (schedtrace in its proc.go), from the numbers that the kernel gives for
// each P, M and G (kernel/schedtrace.ts). What there is nothing of here (mallocing, dying, …) is printed as gc prints its absence.

/** One call of the kernel: the kind of line (0 scheduler, 1 P, 2 M, 3 G), and numbers. */
export type SchedLine = readonly number[];

/**
 * The text of one trace, `ms` after the first; `reasons`: texts of why goroutines wait. The function's text must make sense by itself: it goes to a
 * worker that loads no file (sysmon.ts).
 */
export function schedTrace(lines: readonly SchedLine[], ms: number, isDetailed: boolean, reasons: readonly string[]): string {
  const orNil = (n: number): string => (n < 0 ? 'nil' : String(n));
  const isTrue = (n: number): string => String(n !== 0);
  const [, gomaxprocs, idleProcs, threads, spinning, idleThreads, runqueue, gcWaiting, idleLocked, stopWait, sysmonWait] = lines.find((l) => l[0] === 0)!;
  const head = `SCHED ${ms}ms: gomaxprocs=${gomaxprocs} idleprocs=${idleProcs} threads=${threads} spinningthreads=${spinning} needspinning=0 idlethreads=${idleThreads} runqueue=${runqueue}`;
  if (!isDetailed) {
    const ps = lines.filter((l) => l[0] === 1);
    return `${head} [ ${ps.map((l) => l[6]).join(' ')} ] schedticks=[ ${ps.map((l) => l[3]).join(' ')} ]\n`;
  }
  const text = [`${head} gcwaiting=${isTrue(gcWaiting)} nmidlelocked=${idleLocked} stopwait=${stopWait} sysmonwait=${isTrue(sysmonWait)}`];
  for (const [kind, a, b, c, d, e, f, g, h] of lines) {
    if (kind === 1) text.push(`  P${a}: status=${b} schedtick=${c} syscalltick=${d} m=${orNil(e)} runqsize=${f} gfreecnt=${g} timerslen=${h}`);
    if (kind === 2) text.push(`  M${a}: p=${orNil(b)} curg=${orNil(c)} mallocing=0 throwing=0 preemptoff= locks=0 dying=0 spinning=${isTrue(d)} blocked=${isTrue(e)} lockedg=${orNil(f)}`);
    if (kind === 3) text.push(`  G${a}: status=${b}(${reasons[c] ?? 'unknown wait reason'}) m=${orNil(d)} lockedm=${orNil(e)}`);
  }
  return `${text.join('\n')}\n`;
}
