// When goroutines on M0 give the host its turn: M0 is the only M that the host's event loop belongs to. All of this is M0's alone.
//
// While answers of the host are awaited M0 goes back to it about once a millisecond, or they would wait for goroutines that never wait
// themselves. A turn costs some 30 µs, and as much again for what falls out of the caches, so where nothing comes (a read of a terminal lasts)
// turns get less frequent, down to one in 4 ms: native Go looks at its network every 10 ms while all Ps are busy. With the first answer, and
// when something new is awaited, they are frequent again. sysmon asks M0 to yield for them (PREEMPT_HOST), as often as HOST_PERIOD says.

import { beginCountedSlice } from './poll';
import { HOST_LISTENS, HOST_PENDING, HOST_PERIOD } from './layout.gen';
import { nanotime } from './clock';
import { onM0 } from './m0';
import { P, PREEMPT_HOST } from './structs';
import { p, page } from './state';

/** How long goroutines run before the host gets its turn, ns: while an answer is awaited (at first), while it only listens for signals. */
const PENDING_SLICE: i64 = 600_000;
const LISTEN_SLICE: i64 = 25_000_000;
/** The same in a page, always: its event loop is the user's. */
const PAGE_SLICE: i64 = 4_000_000;
/** Turns in vain before the time between them doubles, and how often it does: there are as many of each length. */
const TURNS_IN_VAIN: u32 = 8;
const MAX_DOUBLINGS: u32 = 2;
/** Goroutines that have run since the host's last turn, of which one that is asked to yield for the next has not had much. */
const FEW_SWITCHES: u32 = 4;

/** Goroutines that M0 has run. */
let switches: u32 = 0;
let turnSwitches: u32 = 0;
/** When the host gave up control last. */
let hostTime: i64 = 0;
/** The host gets its turn before the next goroutine. */
let hostTurn: bool = false;
/** Turns since the host had something; how often the time between them has doubled. */
let inVain: u32 = 0;
let doublings: u32 = 0;

/** Counts a switch; the number. */
@inline
export function countSwitch(): u32 { return ++switches; }

/** The host has something for the program, or something is awaited from now on. */
export function hostHasNews(): void {
  inVain = 0;
  if (doublings) setDoublings(0);
}

function setDoublings(n: u32): void {
  doublings = n;
  atomic.store<u32>(HOST_PERIOD, 1 << n);
}

/** The host has had its turn, just now. */
export function beginTurn(): void {
  turnSwitches = switches;
  hostTime = nanotime();
  beginCountedSlice(hostTime);
  if (++inVain % TURNS_IN_VAIN == 0 && doublings < MAX_DOUBLINGS) setDoublings(doublings + 1);
}

/** Is the host due a turn at `now`? */
export function lookForTurn(now: i64): void {
  const since = now - hostTime;
  if (page ? since > PAGE_SLICE : load<u32>(HOST_PENDING) ? since > PENDING_SLICE << doublings : load<u32>(HOST_LISTENS) && since > LISTEN_SLICE) hostTurn = true;
}

/** The host gets its turn before the next goroutine. */
export function giveTurn(): void { hostTurn = true; }

/** M0's time slice is over, in a page: the event loop is next. */
export function endPageSlice(): void { if (page && onM0()) hostTurn = true; }

/** Is it the host's turn? */
@inline
export function isHostTurn(): bool { return hostTurn; }

/** Was it for the host's turn that M0 came back? */
export function endTurn(): bool {
  const was = hostTurn;
  hostTurn = false;
  return was;
}

/** Does a goroutine yield for the host's turn alone, having run for a part of the time since the last one only? Then it has not used its slice. */
export function keepsPlace(): bool { return switches - turnSwitches > FEW_SWITCHES && changetype<P>(p).preempt == PREEMPT_HOST; }
