package runtime

import "unsafe"

// Waiting for descriptors of WASI: the kernel asks the engine (poll_oneoff) when nothing can run, and at the end of time slices.
// There is one M: nothing happens between setting `waiting` and going to sleep.

const errnoNotPermitted = 63 // EPERM

//go:wasmimport wasi_snapshot_preview1 fd_fdstat_get
//go:noescape
func fd_fdstat_get(fd int32, buf unsafe.Pointer) uint32

// File types that no one has to wait for.
const (
	filetypeDirectory = 3
	filetypeRegular   = 4
)

// pollRefused is the reason why fd can't be polled, 0 if it can.
func pollRefused(fd uintptr) int {
	var stat [3]uint64
	if errno := fd_fdstat_get(int32(fd), unsafe.Pointer(&stat)); errno != 0 {
		return int(errno)
	}
	if t := uint8(stat[0]); t == filetypeDirectory || t == filetypeRegular {
		return errnoNotPermitted
	}
	return 0
}

// sleep waits until wake is called or fd is ready.
func (m *pollMode) sleep(fd uintptr, mode int) {
	m.id = knewcompletion()
	kpolladd(int32(fd), uint32(mode), m.id)
	if kcompletionwait(m.id) == 1 {
		m.waiting, m.ready = false, true
	}
}

// rouse ends the sleep.
func (m *pollMode) rouse() { kpollcancel(m.id) }
