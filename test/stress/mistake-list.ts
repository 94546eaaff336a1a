// Mistakes in the real kernel, the same as the models of test/models have under these names: texts of src/runtime/kernel, each of which must be there
// exactly once, and what stands there instead. Where the mistake has more than one place, there are several.

/** A replacement of text in a file of the kernel. */
export interface Edit { readonly file: string; readonly from: string; readonly to: string }

/** A mistake of a model, made in the kernel. `only`: the programs that can notice it, where most can't. */
export interface Mistake { readonly model: string; readonly name: string; readonly edits: readonly Edit[]; readonly only?: readonly string[] }

/**
 * Not all that the models have, where no program's result tells, or too seldom: NO_RECHECK, SPIN_LATE and GIVE_UP_LATE of wakep leave a goroutine in the
 * queue of a P whose M is busy, until that one's time slice is over; FLAG_FIRST and PLAIN_CLEAR of poll leave the slow paths of polls in use; CAS_FIRST of
 * runq needs a thief that is late by a turn of the whole ring. NEXT_PLAIN of runq and STALE_TIMER of wakep have not been noticed in hundreds of runs: as yet
 * only the models know them.
 */
export const mistakes: readonly Mistake[] = [
  { model: 'park', name: 'EARLY_UNLOCK', edits: [{
    file: 'chan.ts',
    from: '  return suspend(OP_PARK, chanLock(c));\n',
    to: '  unlock(chanLock(c));\n  return suspend(OP_PARK);\n',
  }] },
  { model: 'park', name: 'NO_CAS', edits: [{
    file: 'chan.ts',
    from: "if (!cas(s.g + offsetof<G>('selectDone'), 0, 1)) continue;",
    to: "if (load<u32>(s.g + offsetof<G>('selectDone'))) continue;\n      jitter();\n      store<u32>(s.g + offsetof<G>('selectDone'), 1);",
  }, { file: 'chan.ts', from: "import { done } from './stress';", to: "import { done, jitter } from './stress';" }], only: ['selects'] },
  { model: 'park', name: 'LATE_QUEUE', edits: [{
    file: 'chan.ts',
    from: '  const gp = changetype<G>(g), s = acquireSudog(g);\n',
    to: '  unlock(chanLock(c));\n  jitter();\n  lock(chanLock(c));\n  const gp = changetype<G>(g), s = acquireSudog(g);\n',
  }, { file: 'chan.ts', from: "import { done } from './stress';", to: "import { done, jitter } from './stress';" }], only: ['unbuffered', 'pipeline'] },
  { model: 'runq', name: 'PLAIN_GET', edits: [{
    file: 'runq.ts',
    from: '    if (cas(changetype<usize>(pp) + HEAD, h, h + 1)) return a;\n',
    to: '    jitter();\n    storeRel(changetype<usize>(pp) + HEAD, h + 1);\n    return a;\n',
  }] },
  { model: 'runq', name: 'TAIL_FIRST', edits: [{
    file: 'runq.ts',
    from: '      store<u32>(pp.runq + ((t & (RUNQ_SIZE - 1)) << 2), changetype<usize>(gp));\n      storeRel(changetype<usize>(pp) + TAIL, t + 1);\n',
    to: '      storeRel(changetype<usize>(pp) + TAIL, t + 1);\n      jitter();\n      store<u32>(pp.runq + ((t & (RUNQ_SIZE - 1)) << 2), changetype<usize>(gp));\n',
  }] },
  { model: 'wakep', name: 'NOTE_FIRST', edits: [{
    file: 'm.ts',
    from: '    mp.nextp = changetype<usize>(pp);\n    noteWakeup(mp);\n',
    to: '    noteWakeup(mp);\n    mp.nextp = changetype<usize>(pp);\n',
  }] },
  { model: 'wakep', name: 'NO_GLOBAL', edits: [{
    file: 'findrunnable.ts',
    from: '  const a = globrunqgetLocked(pp, 0);\n  if (a) { unlock(schedLock()); return a; }\n',
    to: '',
  }], only: ['answers'] },
  { model: 'handoff', name: 'EXIT_PLAIN', edits: [{
    file: 'syscall.ts',
    from: '  if (atomic.cmpxchg<u32>(statusWord(pp), inSyscall(), PSTATUS_RUNNING) == inSyscall()) {\n    gp.status',
    to: '  if (atomic.load<u32>(statusWord(pp)) == inSyscall()) {\n    jitter();\n    atomic.store<u32>(statusWord(pp), PSTATUS_RUNNING);\n    gp.status',
  }, { file: 'syscall.ts', from: "import { countStopped, gcwaiting } from './stw';", to: "import { countStopped, gcwaiting } from './stw';\nimport { jitter } from './stress';" }], only: ['fifo', 'files'] },
  { model: 'handoff', name: 'NO_COUNT', edits: [{
    file: 'findrunnable.ts',
    from: " && !loadAcq(s(offsetof<Sched>('nsyscall')))",
    to: '',
  }], only: ['outside'] },
  { model: 'handoff', name: 'HANDOFF_UNASKED', edits: [{ file: 'handoff.ts', from: '  if (sched.gcwaiting) {\n', to: '  if (false) {\n' }], only: ['fifo', 'files'] },
  { model: 'poll', name: 'NO_SECOND_LOOK', edits: [{
    file: 'poll.ts',
    from: '    if (atomic.load<u32>(POLL_WORD) == 0) return;\n',
    to: '    return;\n',
  }], only: ['recursion'] },
  { model: 'poll', name: 'LIMIT_FIRST', edits: [{
    file: 'poll.ts',
    from: '  atomic.add<u32>(POLL_WORD, 1);\n  atomic.store<u32>(LIMIT_WORD, 0);\n',
    to: '  atomic.store<u32>(LIMIT_WORD, 0);\n  jitter();\n  atomic.add<u32>(POLL_WORD, 1);\n',
  }], only: ['recursion'] },
  { model: 'stw', name: 'START_UNASKED', edits: [{
    file: 'stw.ts',
    from: '  if (!sched.gcwaiting) { startmLocked(pp, false); return; }\n',
    to: '  if (true) { startmLocked(pp, false); return; }\n',
  }] },
  { model: 'stw', name: 'IDLE_UNASKED', edits: [{
    file: 'findrunnable.ts',
    from: '  if (sched.gcwaiting || sched.m0waits ||',
    to: '  if (sched.m0waits ||',
  }] },
  { model: 'stw', name: 'COUNT_IDLE', edits: [{
    file: 'stw.ts',
    from: '  for (let a = pidleget(); a; a = pidleget()) { changetype<P>(a).status = PSTATUS_GCSTOP; wait--; }\n',
    to: '',
  }] },
];
