/*
 * Handing a P off round blocking calls of the host: one P, two Ms with two goroutines that make calls, sysmon, and one who stops the world.
 *
 * Mirrors, in src/runtime/kernel: syscall.ts syscall, entersyscall, exitsyscall, takeFromSyscall, stopInSyscall, retake; handoff.ts handoffLocked;
 * stw.ts beginStop, startTheWorld, gcstopm; findrunnable.ts idle and its deadlock check; m.ts startmLocked, mput.
 *
 * Claimed: one M at a time has the P, none while the world is stopped; the world gets stopped although calls last; no deadlock is found while a
 * call is under way; both goroutines end.
 *
 * EXIT_PLAIN: an M that comes back takes its P by a load and a store.
 * NO_COUNT: who looks for a deadlock does not look at how many calls have lost their P.
 * HANDOFF_UNASKED: the P goes to an M without a look at whether somebody stops the world.
 */
#define NM 2
#define CALLS 3
#define NOBODY 9

mtype = { Idle, Running, Stopped };
/* The P's status: one of the above, or that M `who` is in a call with it. */
mtype status = Running;
bool inCall;
byte who = NOBODY;

bool locked, gcwaiting, stopped, idleP, idleM[NM], note[NM];
byte globq, nsyscall, users, calls, under, ended;
short stopwait;

#define lock() atomic { !locked -> locked = true }
#define unlock() locked = false
#define setStatus(s) d_step { status = s; inCall = false; who = NOBODY }
#define MINE (inCall && who == me)

/* startmLocked: the P goes to an idle M, if there is one. Releases the lock. */
inline startm(w) {
  d_step {
    w = 0;
    do
    :: w < NM && !idleM[w] -> w++
    :: else -> break
    od;
    if
    :: w < NM -> idleM[w] = false
    :: else -> idleP = true; setStatus(Idle)
    fi
  };
  unlock();
  if
  :: w < NM -> note[w] = true
  :: else -> skip
  fi
}

inline takeFromSyscall(s, old, ok) {
  ok = false;
  atomic { old = NOBODY; if :: inCall -> old = who :: else -> skip fi };
  if
  :: old == NOBODY -> skip
  :: else ->
    nsyscall++;
    atomic { ok = (inCall && who == old); if :: ok -> setStatus(s) :: else -> skip fi };
    if
    :: !ok -> nsyscall--
    :: else -> skip
    fi
  fi
}

inline have() { d_step { users++; assert(users == 1 && !stopped) } }

proctype M(byte me; bool hasP) {
  byte old, w;
  bool ok;
  if
  :: hasP -> have()
  :: else -> goto end_sleep
  fi;
find:
  if
  :: gcwaiting -> goto gcstop
  :: globq > 0 -> lock(); if :: globq > 0 -> globq--; unlock(); goto go :: else -> unlock(); goto find fi
  :: else -> goto idle
  fi;
go:
  /* The goroutine makes a call, or ends. */
  if
  :: atomic { calls < CALLS -> calls++; under++ }
  :: ended++; goto find
  fi;
  users--;
  d_step { inCall = true; who = me };
  if
  :: gcwaiting ->
    lock();
    if
    :: gcwaiting -> takeFromSyscall(Stopped, old, ok); if :: ok -> stopwait-- :: else -> skip fi
    :: else -> skip
    fi;
    unlock()
  :: else -> skip
  fi;
  /* The call returns. */
#ifdef EXIT_PLAIN
  if
  :: MINE -> setStatus(Running); have(); under--; goto go
  :: else -> skip
  fi;
#else
  atomic { ok = MINE; if :: ok -> setStatus(Running) :: else -> skip fi };
  if
  :: ok -> have(); under--; goto go
  :: else -> skip
  fi;
#endif
  lock();
  if
  :: !gcwaiting && idleP ->
    idleP = false; nsyscall--; under--; unlock(); setStatus(Running); have(); goto go
  :: else ->
    globq++; nsyscall--; under--; idleM[me] = true; unlock(); goto end_sleep
  fi;
idle:
  lock();
  if
  :: gcwaiting || globq > 0 -> unlock(); goto find
  :: else -> skip
  fi;
  users--;
  setStatus(Idle);
  idleP = true;
  /* A deadlock would be reported here. */
  if
#ifdef NO_COUNT
  :: true -> assert(under == 0 && ended == 2)
#endif
  :: nsyscall == 0 -> assert(under == 0 && ended == 2)
  :: else -> skip
  fi;
  idleM[me] = true;
  unlock();
  goto end_sleep;
gcstop:
  users--;
  setStatus(Idle);
  lock();
  d_step { setStatus(Stopped); stopwait--; idleM[me] = true };
  unlock();
end_sleep:
  atomic { note[me] -> note[me] = false };
  setStatus(Running);
  have();
  goto find
}

/* Work has come into the global queue, or the P has some in its own: the same here. */
#define WORK (globq > 0)

active proctype Sysmon() {
  byte old, w;
  bool ok;
end:
  do
  :: inCall && (WORK || gcwaiting) ->
    takeFromSyscall(Idle, old, ok);
    if
    :: ok ->
      lock();
      if
#ifndef HANDOFF_UNASKED
      :: gcwaiting -> setStatus(Stopped); stopwait--; unlock()
      :: !gcwaiting && WORK -> startm(w)
      :: !gcwaiting && !WORK -> idleP = true; unlock()
#else
      :: WORK -> startm(w)
      :: else -> idleP = true; unlock()
#endif
      fi
    :: else -> skip
    fi
  od
}

/* Has a P of its own. */
active proctype Stopper() {
  byte old, w, times;
  bool ok;
  do
  :: times == 2 -> break
  :: else ->
    times++;
    lock();
    gcwaiting = true;
    stopwait = stopwait + 1;
    if
    :: idleP -> idleP = false; setStatus(Stopped); stopwait--
    :: else -> skip
    fi;
    unlock();
    do
    :: stopwait == 0 -> break
    :: stopwait != 0 && inCall -> takeFromSyscall(Stopped, old, ok); if :: ok -> stopwait-- :: else -> skip fi
    od;
    stopped = true;
    assert(users == 0);
    stopped = false;
    lock();
    gcwaiting = false;
    if
    :: WORK -> startm(w)
    :: else -> setStatus(Idle); idleP = true; unlock()
    fi
  od
}

active proctype Check() { timeout -> assert(ended == 2 && globq == 0 && nsyscall == 0 && stopwait == 0) }

init { atomic { globq = 2; idleM[1] = true; run M(0, true); run M(1, false) } }
