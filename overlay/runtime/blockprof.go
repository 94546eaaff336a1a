package runtime

// The blocking profile: how long goroutines wait for channels, selects, semaphores and conditions, by the stack that waits.

import (
	"internal/profilerecord"
)

// blockRate is the rate in nanoseconds: on average one event per so much time of waiting is kept; 0 is off.
var blockRate int64

// blockBucket adds up the events of one stack.
type blockBucket struct {
	stack  []uintptr
	count  float64
	cycles int64
	next   *blockBucket // of the same hash
}

var (
	blockBuckets = map[uintptr]*blockBucket{}
	blockStacks  int
)

const maxBlockStack = 128

// SetBlockProfileRate controls the fraction of goroutine blocking events
// that are reported in the blocking profile. The profiler aims to sample
// an average of one blocking event per rate nanoseconds spent blocked.
//
// To include every blocking event in the profile, pass rate = 1.
// To turn off profiling entirely, pass rate <= 0.
func SetBlockProfileRate(rate int) { blockRate = max(int64(rate), 0) }

// blockStart is the time at which a wait begins, 0 if nobody asks.
func blockStart() int64 {
	if blockRate == 0 {
		return 0
	}
	return nanotime()
}

// blockEnd notes the wait that began at start and has ended now; skip 0 is the caller of blockEnd.
func blockEnd(start int64, skip int) {
	if start != 0 && blockRate != 0 {
		blockevent(nanotime()-start, skip+2)
	}
}

// blockevent notes a wait. A clock that did not move makes it one nanosecond. skip 1 is the caller.
//
//go:linkname blockevent
func blockevent(cycles int64, skip int) {
	cycles = max(cycles, 1)
	rate := blockRate
	if rate <= 0 || cycles < rate && int64(rand()%uint64(rate)) > cycles {
		return
	}
	var pcs [maxBlockStack]uintptr
	b := blockBucketOf(pcs[:callers(skip, pcs[:])])
	if cycles < rate {
		// It stands for those that were not kept.
		b.count += float64(rate) / float64(cycles)
		b.cycles += rate
		return
	}
	b.count++
	b.cycles += cycles
}

func blockBucketOf(stack []uintptr) *blockBucket {
	h := stackHash(stack)
	for b := blockBuckets[h]; b != nil; b = b.next {
		if sameStack(b.stack, stack) {
			return b
		}
	}
	b := &blockBucket{stack: append([]uintptr(nil), stack...), next: blockBuckets[h]}
	blockBuckets[h] = b
	blockStacks++
	return b
}

func stackHash(stack []uintptr) (h uintptr) {
	for _, pc := range stack {
		h = h*1000003 + pc
	}
	return h
}

func sameStack(a, b []uintptr) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// eachBlockBucket calls f for the buckets, if there is room for n of them.
func eachBlockBucket(n int, f func(i int, b *blockBucket)) bool {
	if n < blockStacks {
		return false
	}
	i := 0
	for _, b := range blockBuckets {
		for ; b != nil; b = b.next {
			f(i, b)
			i++
		}
	}
	return true
}

// BlockProfile returns n, the number of records in the current blocking profile.
// If len(p) >= n, BlockProfile copies the profile into p and returns n, true.
// If len(p) < n, BlockProfile does not change p and returns n, false.
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) {
	ok = eachBlockBucket(len(p), func(i int, b *blockBucket) {
		r := &p[i]
		r.Count, r.Cycles = int64(b.count), b.cycles
		clear(r.Stack0[:])
		copy(r.Stack0[:], b.stack)
	})
	return blockStacks, ok
}

//go:linkname pprof_blockProfileInternal
func pprof_blockProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	ok = eachBlockBucket(len(p), func(i int, b *blockBucket) {
		p[i] = profilerecord.BlockProfileRecord{Count: int64(b.count), Cycles: b.cycles, Stack: b.stack}
	})
	return blockStacks, ok
}
