package sysrand

import "unsafe"

//go:wasmimport wasi_snapshot_preview1 random_get
//go:noescape
func randomGet(p unsafe.Pointer, n uint32) uint32

// read fills b with random bytes of the host, in pieces that every host's generator takes.
func read(b []byte) error {
	const most = 64 << 10
	for len(b) > 0 {
		n := min(len(b), most)
		if e := randomGet(unsafe.Pointer(&b[0]), uint32(n)); e != 0 {
			return errNoEntropy
		}
		b = b[n:]
	}
	return nil
}

type entropyError struct{}

func (entropyError) Error() string { return "crypto/rand: the host gave no random bytes" }

var errNoEntropy error = entropyError{}
