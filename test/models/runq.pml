/*
 * A P's run queue: a ring that its holder adds to and takes from, `runnext`, and two thieves.
 *
 * Mirrors runqput, runqputtail, runqputslow, runqget, runqgrab and runqsteal of src/runtime/kernel/runq.ts. The ring has 4 places here.
 *
 * Claimed: each goroutine is taken once, by somebody, and nobody takes what is not there.
 *
 * CAS_FIRST: a thief takes the head first and copies the slots afterwards.
 * PLAIN_GET: the holder takes from the head with a store.
 * TAIL_FIRST: the tail is published before the slot is written.
 * NEXT_PLAIN: the holder puts runnext without compare-and-swap.
 */
#define SIZE 4
#define ITEMS 5

byte ring[SIZE], head, tail, next;
byte taken[ITEMS + 1];

#define cas(word, old, new, ok) atomic { ok = (word == old); if :: ok -> word = new :: else -> skip fi }
inline took(x) { d_step { assert(x != 0); taken[x]++; assert(taken[x] == 1) } }

inline puttail(x) {
  do
  :: h = head;
    t = tail;
    if
    :: t - h < SIZE ->
#ifdef TAIL_FIRST
      tail = t + 1;
      ring[t % SIZE] = x;
#else
      ring[t % SIZE] = x;
      tail = t + 1;
#endif
      break
    :: else ->
      /* Full: half of it and x go to the global queue. */
      n = (t - h) / 2;
      cas(head, h, h + n, ok);
      if
      :: ok ->
        i = 0;
        do
        :: i < n -> took(ring[(h + i) % SIZE]); i++
        :: else -> break
        od;
        took(x);
        break
      :: else -> skip
      fi
    fi
  od
}

inline put(x) {
  if
  :: puttail(x)
  :: x % 2 == 0 -> old = next;
#ifdef NEXT_PLAIN
    next = x;
#else
    do
    :: cas(next, old, x, ok);
      if
      :: ok -> break
      :: else -> old = next
      fi
    od;
#endif
    if
    :: old != 0 -> puttail(old)
    :: else -> skip
    fi
  fi
}

inline get() {
  old = next;
  ok = false;
  if
  :: old != 0 -> cas(next, old, 0, ok)
  :: else -> skip
  fi;
  if
  :: ok -> took(old)
  :: else ->
    do
    :: h = head;
      t = tail;
      if
      :: t == h -> got = false; break
      :: else ->
        old = ring[h % SIZE];
#ifdef PLAIN_GET
        head = h + 1; ok = true;
#else
        cas(head, h, h + 1, ok);
#endif
        if
        :: ok -> took(old); break
        :: else -> skip
        fi
      fi
    od
  fi
}

active proctype Holder() {
  byte h, t, n, i, old, item = 1;
  bool ok, got;
  do
  :: item <= ITEMS -> put(item); item++
  :: item <= ITEMS && item > 3 -> get()
  :: item > ITEMS -> break
  od;
  got = true;
  do
  :: got -> get()
  :: else -> break
  od
}

active [2] proctype Thief() {
  byte h, t, n, i, tries = 0, copied[2];
  bool ok;
  do
  :: tries == 1 -> break
  :: else ->
    tries++;
    h = head;
    t = tail;
    n = (t - h) - (t - h) / 2;
    if
    :: n == 0 ->
      n = next;
      if
      :: n != 0 ->
        cas(next, n, 0, ok);
        if
        :: ok -> took(n)
        :: else -> skip
        fi
      :: else -> skip
      fi
    :: n > SIZE / 2 -> skip /* head and tail were not of one moment */
    :: else ->
#ifdef CAS_FIRST
      cas(head, h, h + n, ok);
#endif
      i = 0;
      do
      :: i < n -> copied[i] = ring[(h + i) % SIZE]; i++
      :: else -> break
      od;
#ifndef CAS_FIRST
      cas(head, h, h + n, ok);
#endif
      if
      :: ok ->
        i = 0;
        do
        :: i < n -> took(copied[i]); i++
        :: else -> break
        od
      :: else -> skip
      fi
    fi
  od
}

active proctype Check() {
  byte i = 1;
  timeout ->
  do
  :: i <= ITEMS -> assert(taken[i] == 1); i++
  :: else -> break
  od
}
