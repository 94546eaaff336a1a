/*
 * Ms that look for work, go to sleep and are woken: two Ps, three Ms, a host that readies goroutines without a P, and a timer.
 *
 * Mirrors, in src/runtime/kernel: ready.ts readyAt; m.ts wakep, wakeForTimer, startmLocked, mput, mget, unlinkM, noteWakeup, woken, sleep; findrunnable.ts
 * findRunnable, steal, stopSpinning, idle, lookAgain, sleepIdle, takeIdleP; p.ts pidleput, pidleget. Run queues are counters (runq.pml).
 *
 * One goroutine is hot: it runs until all others have, and is not preempted. So this claims more than that nothing hangs for ever: a goroutine
 * that may run is run while a P is idle. Also: no deadlock is reported while something can still run, and an M wakes with a P.
 *
 * NO_RECHECK: an M that has given up its P does not look at the Ps' queues again.
 * SPIN_LATE: it looks again while it still counts as spinning, and says only then that it does not.
 * GIVE_UP_LATE: who finds no idle P in wakep says only after it has released the lock that nobody spins.
 * NO_GLOBAL: it does not look at the global queue again, under the lock.
 * NOTE_FIRST: the note is set before the P is handed over.
 * STALE_TIMER: the M that waits for the timer is still noted as such after it was woken for something else.
 */
#define NP 2
#define NM 3
#define NOBODY 9
#define TOTAL 3

bool locked;
byte globq, queue[NP];
bool idleP[NP], idleM[NM], note[NM];
byte nextp[NM] = NOBODY;
byte npidle, nmspinning;
byte done, started;
bool hotStarted, hostDone;
/* The timer: not set, set, expired and not yet looked at. It is in P 0's heap. */
byte timer;
byte timerm = NOBODY;

#define lock() atomic { !locked -> locked = true }
#define unlock() locked = false

inline pidleget(q) {
  d_step {
    q = NOBODY;
    if
    :: idleP[0] -> q = 0; idleP[0] = false; npidle--
    :: !idleP[0] && idleP[1] -> q = 1; idleP[1] = false; npidle--
    :: else -> skip
    fi
  }
}

/* startmLocked: hands P q to an idle M and releases the lock. */
inline startm(q, spin, w) {
  d_step {
    w = 0;
    do
    :: w < NM && !idleM[w] -> w++
    :: else -> break
    od;
    if
    :: w < NM ->
      idleM[w] = false;
#ifndef STALE_TIMER
      if
      :: timerm == w -> timerm = NOBODY
      :: else -> skip
      fi
#endif
    :: else -> idleP[q] = true; npidle++
    fi
  };
  if
  :: w < NM ->
    unlock();
    spins[w] = spin;
#ifdef NOTE_FIRST
    note[w] = true;
    nextp[w] = q
#else
    nextp[w] = q;
    note[w] = true
#endif
  :: else -> /* no M: they are all about to look for work */
    if
    :: spin -> nmspinning--
    :: else -> skip
    fi;
    unlock()
  fi
}

bool spins[NM];

inline wakep(q, w, won) {
  if
  :: npidle == 0 || nmspinning != 0 -> skip
  :: else ->
    atomic { won = (nmspinning == 0); if :: won -> nmspinning = 1 :: else -> skip fi };
    if
    :: won ->
      lock();
      pidleget(q);
      if
#ifdef GIVE_UP_LATE
      :: q == NOBODY -> unlock(); nmspinning--
#else
      :: q == NOBODY -> nmspinning--; unlock()
#endif
      :: else -> startm(q, true, w)
      fi
    :: else -> skip
    fi
  fi
}

/* A timer was set: somebody must sleep until it expires, or have a look. */
inline wakeForTimer(q, w) {
  if
  :: npidle == 0 -> skip
  :: else ->
    lock();
    q = NOBODY;
    if
    :: timerm == NOBODY -> pidleget(q)
    :: else -> skip
    fi;
    if
    :: q == NOBODY -> unlock()
    :: else -> startm(q, false, w)
    fi
  fi
}

proctype M(byte me; byte p) {
  byte q, w, before, when;
  bool won, got, found;
find:
  /* Timers of the P, then its queue, then the global one. */
  if
  :: atomic { p == 0 && timer == 2 -> timer = 0; queue[p]++ }
  :: else -> skip
  fi;
  atomic { got = queue[p] > 0; if :: got -> queue[p]-- :: else -> skip fi };
  if
  :: got -> goto execute
  :: else -> skip
  fi;
  if
  :: globq > 0 -> lock(); if :: globq > 0 -> globq--; got = true :: else -> skip fi; unlock()
  :: else -> skip
  fi;
  if
  :: got -> goto execute
  :: else -> skip
  fi;
  /* steal */
  if
  :: !spins[me] && 2 * nmspinning >= NP - npidle -> goto idle
  :: !spins[me] && 2 * nmspinning < NP - npidle -> spins[me] = true; nmspinning++
  :: else -> skip
  fi;
  if
  :: atomic { p == 1 && timer == 2 -> timer = 0; queue[p]++ }; goto find
  :: else -> skip
  fi;
  atomic { got = queue[1 - p] > 0; if :: got -> queue[1 - p]-- :: else -> skip fi };
  if
  :: got -> goto execute
  :: else -> skip
  fi;
idle:
  lock();
#ifndef NO_GLOBAL
  if
  :: globq > 0 -> globq--; unlock(); goto execute
  :: else -> skip
  fi;
#endif
  d_step { idleP[p] = true; npidle++; p = NOBODY };
  won = spins[me];
#ifndef SPIN_LATE
  if
  :: won -> spins[me] = false; nmspinning--
  :: else -> skip
  fi;
#endif
  when = timer;
#ifdef NO_RECHECK
  found = false;
#else
  found = queue[0] > 0;
  found = found || queue[1] > 0;
#endif
#ifdef SPIN_LATE
  if
  :: won -> spins[me] = false; nmspinning--
  :: else -> skip
  fi;
#endif
  if
  :: found || when == 2 ->
    pidleget(q);
    unlock();
    p = q;
    if
    :: won -> spins[me] = true; nmspinning++
    :: else -> skip
    fi;
    goto find
  :: else -> skip
  fi;
  /* A deadlock would be reported here. */
  if
  :: when == 0 && npidle == NP && hostDone -> assert(done == started)
  :: else -> skip
  fi;
  idleM[me] = true;
  if
  :: when == 1 && timerm == NOBODY -> timerm = me
  :: else -> skip
  fi;
  won = (timerm == me);
  unlock();
end_sleep:
  if
  :: atomic { note[me] -> note[me] = false }
  :: won && timer == 2 ->
    /* The time has come: takeIdleP. */
    lock();
    q = NOBODY;
    if
    :: idleM[me] -> pidleget(q); if :: q != NOBODY -> idleM[me] = false :: else -> skip fi
    :: else -> skip
    fi;
    if
    :: timerm == me -> timerm = NOBODY
    :: else -> skip
    fi;
    unlock();
    won = false;
    if
    :: q != NOBODY -> p = q; goto find
    :: else -> goto end_sleep
    fi
  fi;
  p = nextp[me];
  nextp[me] = NOBODY;
  assert(p != NOBODY);
  goto find;
execute:
  if
  :: spins[me] ->
    spins[me] = false;
    atomic { before = nmspinning; nmspinning-- };
    if
    :: before == 1 -> wakep(q, w, won)
    :: else -> skip
    fi
  :: else -> skip
  fi;
  /* The goroutine readies another one, or sets the timer for one, as long as some are left; then it ends. One of them is the hot one. */
  if
  :: atomic { started < TOTAL -> started++; queue[p]++ }; wakep(q, w, won)
  :: atomic { started < TOTAL && timer == 0 -> started++; timer = 1 }; wakeForTimer(q, w)
  :: skip
  fi;
  if
  :: atomic { !hotStarted -> hotStarted = true }; atomic { hostDone && done == started - 1 -> done++ }
  :: done++
  fi;
  goto find
}

/* The host answers once, from its event loop, without a P. */
proctype Host() {
  byte q, w;
  bool won;
  atomic {
    if
    :: started < TOTAL -> started++; won = true
    :: else -> won = false
    fi
  };
  if
  :: won -> lock(); globq++; hostDone = true; unlock(); wakep(q, w, won)
  :: else -> hostDone = true
  fi
}

proctype Clock() {
end:
  do
  :: atomic { timer == 1 && timerm != NOBODY -> timer = 2 }
  :: atomic { timer == 1 && npidle == 0 -> timer = 2 }
  od
}

proctype Check() { timeout -> assert(done == started && globq == 0 && queue[0] + queue[1] == 0 && timer == 0) }

init {
  atomic {
    idleP[1] = true; npidle = 1; idleM[1] = true; idleM[2] = true;
    queue[0] = 1; started = 1;
    run M(0, 0); run Sleeper(1); run Sleeper(2); run Host(); run Clock(); run Check()
  }
}

/* An M that sleeps at first. */
proctype Sleeper(byte me) { end: atomic { note[me] -> note[me] = false }; assert(nextp[me] != NOBODY); atomic { run M(me, nextp[me]); nextp[me] = NOBODY } }
