/*
 * Park and ready: a goroutine that waits with a select on two channels, and those who wake it.
 *
 * Mirrors, in src/runtime/kernel: select.ts selectgo, waitAll, releaseSelect, finishSelect; chan.ts trySend, dequeue, settle; proc.ts execute,
 * park, commitPark; ready.ts readyAt; stack.ts commitBatch. Locks are one step here (lock.ts); run queues are counters (runq.pml).
 *
 * Claimed: nobody runs the goroutine before its frames are saved, or twice; each value is received once; no wake-up is lost.
 *
 * EARLY_UNLOCK: the locks are released before the frames are saved, when the kernel function returns (a dropped park commit).
 * NO_CAS: who wakes a select reads and then writes selectDone.
 * LATE_QUEUE: the locks are given up between the look at the channels and the queueing.
 */
#define SENDERS 3

bool locked[2], waiting[2];
byte values[2];
bool selectDone;
byte wokenby, runnable;
bool saved;
byte received;

chan go = [0] of { bool };

#define lock(c) atomic { !locked[c] -> locked[c] = true }
#define unlock(c) locked[c] = false

/* The goroutine: receives what the senders send, from whichever channel has something. */
active proctype G() {
  byte n = 0;
  do
  :: n == SENDERS -> break
  :: else ->
    lock(0); lock(1);
    if
    :: values[0] > 0 -> values[0]--; unlock(1); unlock(0)
    :: values[1] > 0 -> values[1]--; unlock(1); unlock(0)
    :: else ->
#ifdef LATE_QUEUE
      unlock(0); unlock(1); lock(0); lock(1);
#endif
      d_step { waiting[0] = true; waiting[1] = true; selectDone = false; wokenby = 9 };
#ifdef EARLY_UNLOCK
      unlock(0); unlock(1);
      saved = true;
#else
      saved = true;
      unlock(0); unlock(1);
#endif
      /* Suspended. Another M continues it, and finishSelect takes what did not fire off its queue. */
      go ? _;
      assert(wokenby < 2);
      lock(1 - wokenby);
      waiting[1 - wokenby] = false;
      unlock(1 - wokenby)
    fi;
    received++;
    n++
  od
}

/* An M that runs what is runnable. */
active proctype M() {
end:
  do
  :: atomic { runnable > 0 -> runnable-- };
    assert(saved);
    saved = false;
    go ! true
  od
}

active [SENDERS] proctype Sender() {
  byte c = _pid % 2;
  bool won = false;
  lock(c);
  if
  :: waiting[c] ->
    waiting[c] = false;
#ifdef NO_CAS
    if
    :: !selectDone -> selectDone = true; won = true
    :: else -> skip
    fi
#else
    atomic { won = !selectDone; selectDone = true }
#endif
  :: else -> skip
  fi;
  if
  :: won -> wokenby = c; runnable++
  :: else -> values[c]++
  fi;
  unlock(c)
}

active proctype Check() {
  timeout -> assert(received == SENDERS && runnable == 0 && values[0] + values[1] == 0)
}
