/*
 * Stopping the world: three Ps, two Ms, which stop the world in turn, work, and run out of work. A third M would have to be started.
 *
 * Mirrors, in src/runtime/kernel: stw.ts stopTheWorldFor, beginStop, startTheWorld, startOrStop, countStopped, gcstopm, stopm; findrunnable.ts
 * findRunnable, idle; m.ts startmLocked, wakep. Requests to yield (poll.pml) are left out: an M looks at gcwaiting between any two goroutines.
 *
 * Claimed: while the world is stopped nobody else runs; whoever stops it gets it stopped; afterwards all work is done.
 *
 * START_UNASKED: a P with work is started, after the world was, without a look at whether somebody stops it again.
 * IDLE_UNASKED: an M that has found nothing puts its P on the idle list without that look.
 * COUNT_IDLE: who stops the world does not take the idle Ps.
 */
#define NP 3
#define NM 2
#define NOBODY 9
#define STOPS 3

bool locked, gcwaiting, stopped;
byte queue[NP], worldq, globq;
bool idleP[NP], idleM[NM], note[NM], atStop[NP];
byte nextp[NM] = NOBODY;
byte stopwait, running, stops, work = 4;

#define lock() atomic { !locked -> locked = true }
#define unlock() locked = false

inline pidleget(q) {
  d_step {
    q = 0;
    do
    :: q < NP && !idleP[q] -> q++
    :: else -> break
    od;
    if
    :: q < NP -> idleP[q] = false
    :: else -> q = NOBODY
    fi
  }
}

/* startmLocked: an idle M gets P q; if there is none, the P is idle until a thread has been started, which takes it. Releases the lock. */
inline startm(q, w) {
  d_step {
    w = 0;
    do
    :: w < NM && !idleM[w] -> w++
    :: else -> break
    od;
    if
    :: w < NM -> idleM[w] = false
    :: else -> idleP[q] = true
    fi
  };
  unlock();
  if
  :: w < NM -> nextp[w] = q; note[w] = true
  :: else -> skip
  fi
}

/* A P with work or not: idle, or for who starts the world to start. */
inline release(q) {
  atStop[q] = false;
  if
  :: queue[q] == 0 -> idleP[q] = true
  :: else -> busy[q] = true
  fi
}

proctype M(byte me; byte p) {
  byte q, w, left;
  bool got, busy[NP];
find:
  if
  :: gcwaiting -> goto gcstop
  :: else -> skip
  fi;
  running++;
  assert(!stopped);
  atomic { got = queue[p] > 0; if :: got -> queue[p]-- :: else -> skip fi };
  if
  :: !got && globq > 0 -> lock(); if :: globq > 0 -> globq--; got = true :: else -> skip fi; unlock()
  :: else -> skip
  fi;
  if
  :: got -> skip
  :: else ->
    /* steal */
    q = 0;
    do
    :: q < NP && !got -> atomic { got = queue[q] > 0; if :: got -> queue[q]-- :: else -> skip fi }; q++
    :: else -> break
    od
  fi;
  running--;
  if
  :: !got -> goto idle
  :: got && stops < STOPS -> stops++; goto stop
  :: got -> work--; goto find
  fi;
stop:
  lock();
  if
  :: gcwaiting -> worldq++; unlock(); goto find /* it waits its turn */
  :: else -> skip
  fi;
  d_step { gcwaiting = true; left = NP - 1 };
#ifndef COUNT_IDLE
  do
  :: pidleget(q);
    if
    :: q == NOBODY -> break
    :: else -> atStop[q] = true; left--
    fi
  od;
#endif
  stopwait = stopwait + left;
  unlock();
  stopwait == 0;
  stopped = true;
  assert(running == 0);
  stopped = false;
  /* startTheWorld. This goroutine puts another one into its P's queue before it ends. */
  lock();
  q = 0;
  do
  :: q < NP -> if :: q != p -> release(q) :: else -> skip fi; q++
  :: else -> break
  od;
  globq = globq + worldq;
  worldq = 0;
  gcwaiting = false;
  unlock();
  q = 0;
  do
  :: q < NP ->
    if
    :: busy[q] ->
      busy[q] = false;
      lock();
#ifdef START_UNASKED
      startm(q, w)
#else
      if
      :: gcwaiting -> atStop[q] = true; stopwait--; unlock()
      :: else -> startm(q, w)
      fi
#endif
    :: else -> skip
    fi;
    q++
  :: else -> break
  od;
  /* wakep */
  lock();
  q = NOBODY;
  if
  :: gcwaiting -> skip
  :: else -> pidleget(q)
  fi;
  if
  :: q == NOBODY -> unlock()
  :: else -> startm(q, w)
  fi;
  work--;
  goto find;
idle:
  lock();
#ifndef IDLE_UNASKED
  if
  :: gcwaiting -> unlock(); goto find
  :: else -> skip
  fi;
#endif
  if
  :: globq > 0 -> unlock(); goto find
  :: else -> skip
  fi;
  d_step { idleP[p] = true; idleM[me] = true };
  if
  :: queue[0] + queue[1] + queue[2] > 0 -> pidleget(q); idleM[me] = false; p = q; unlock(); goto find
  :: else -> unlock(); goto end_sleep
  fi;
gcstop:
  lock();
  d_step { atStop[p] = true; stopwait--; idleM[me] = true };
  unlock();
end_sleep:
  atomic { note[me] -> note[me] = false };
  d_step { p = nextp[me]; nextp[me] = NOBODY };
  assert(p < NP);
  goto find
}

active proctype Check() { timeout -> assert(work == 0 && !gcwaiting && stopwait == 0) }

init { atomic { queue[0] = 2; queue[1] = 1; queue[2] = 1; idleP[2] = true; run M(0, 0); run M(1, 1) } }
