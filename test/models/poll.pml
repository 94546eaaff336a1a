/*
 * Requests to yield: a flag a P, the count of flags in POLL_WORD, which loops look at, and LIMIT_WORD, which functions look at.
 *
 * Mirrors, in src/runtime/kernel/poll.ts: preempt, disarm, takeOff, poll_slow, entry_slow; and src/runtime/host/sysmon-loop.ts, which sets
 * flags and takes back the one of a P that is idle by then. P 0 runs a loop, P 1 recurses, P 2 goes idle and comes back.
 *
 * Claimed: each request is answered; in the end the count is 0, and the limit is back.
 *
 * NO_SECOND_LOOK: who makes the count 0 stores the limit and does not look whether it still is.
 * LIMIT_FIRST: who sets a flag stores 0 to the limit before it adds to the count.
 * FLAG_FIRST: who asks sets the flag before it adds to the count, so that it may be taken off before it was added.
 * PLAIN_CLEAR: the flag is cleared by a store: holder and sysmon both take it off the count.
 */
#define NATIVE 1
#define REQUESTS (2 - _pid % 2)

bool flag[3];
short poll;
bool limit = NATIVE;
bool idle;

inline takeOff(left) {
  atomic { poll--; left = poll };
  if
  :: left == 0 ->
#ifdef NO_SECOND_LOOK
    limit = NATIVE
#else
    do
    :: limit = NATIVE;
      if
      :: poll == 0 -> break
      :: else -> skip
      fi;
      limit = 0;
      if
      :: poll != 0 -> break
      :: else -> skip
      fi
    od
#endif
  :: else -> skip
  fi
}

inline disarm(p, left, was) {
#ifdef PLAIN_CLEAR
  was = flag[p];
  flag[p] = false;
#else
  atomic { was = flag[p]; flag[p] = false };
#endif
  if
  :: was -> takeOff(left)
  :: else -> skip
  fi
}

inline preempt(p, left, was) {
#ifdef FLAG_FIRST
  atomic { was = flag[p]; flag[p] = true };
  if
  :: was -> skip
  :: else -> poll++; limit = 0
  fi
#else
  if
  :: flag[p] -> skip
  :: else ->
#ifdef LIMIT_FIRST
    limit = 0;
    poll++;
#else
    poll++;
    limit = 0;
#endif
    atomic { was = flag[p]; flag[p] = true };
    if
    :: was -> takeOff(left)
    :: else -> skip
    fi
  fi
#endif
}

/* Who asks: sysmon, and one who stops the world. */
active [2] proctype Asker() {
  byte n;
  short left;
  bool was;
  do
  :: n < REQUESTS -> preempt(0, left, was); n++
  :: n < REQUESTS -> preempt(1, left, was); n++
  :: n < REQUESTS -> preempt(2, left, was); n++
  :: break
  od
}

/* A loop: looks at POLL_WORD only. */
active proctype Loop() {
  short left;
  bool was;
end:
  do
  :: poll != 0 && flag[0] -> disarm(0, left, was)
  od
}

/* A recursion: looks at LIMIT_WORD only; if that is not 0 any more in the slow path, it goes on. */
active proctype Recursion() {
  short left;
  bool was;
end:
  do
  :: limit == 0 ->
    if
    :: limit != 0 -> skip
    :: limit == 0 && flag[1] -> disarm(1, left, was)
    fi
  od
}

/* P 2 is left, twice, and taken again. */
active proctype Sleeper() {
  short left;
  bool was;
  byte n;
  do
  :: n < 2 -> disarm(2, left, was); idle = true; idle = false; n++
  :: n == 2 -> disarm(2, left, was); idle = true; break
  od
}

/* sysmon takes back what came too late. */
active proctype Sysmon() {
  short left;
  bool was;
end:
  do
  :: idle && flag[2] -> disarm(2, left, was)
  od
}

active proctype Check() { timeout -> assert(!flag[0] && !flag[1] && !flag[2] && poll == 0 && limit == NATIVE) }
