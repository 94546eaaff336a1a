package syscall

// GOOS=js: the calls of the host that may last. runtime_blockingcall makes one such that other goroutines run meanwhile: all it may consist of is the call
// itself, whose arguments are kept alive here. What may last for ever needs somebody to watch it; other calls are just slow. runtime_lastingcall is for what
// waits for another process, such as the opening of a named pipe: M0, whose thread is the host's, has another M make it.

import (
	"runtime"
	"unsafe"
)

//go:noescape
func runtime_blockingcall(call func(), long bool)

//go:noescape
func runtime_lastingcall(call func())

// tellPipe among the flags of rawOpen: on M0 it gives EINPROGRESS for a named pipe whose other end it would wait for.
const tellPipe = 1 << 30

func hostOpen(path string, flags, perm uint32) (r int32) {
	runtime_blockingcall(func() { r = rawOpen(path, flags|tellPipe, perm) }, true)
	if Errno(-r) == EINPROGRESS {
		runtime_lastingcall(func() { r = rawOpen(path, flags, perm) })
	}
	runtime.KeepAlive(unsafe.StringData(path))
	return
}

func hostClose(fd int32) (r int32) {
	runtime_blockingcall(func() { r = rawClose(fd) }, false)
	return
}

func hostRead(fd int32, p unsafe.Pointer, n uint32, offset int64) (r int32) {
	runtime_blockingcall(func() { r = rawRead(fd, p, n, offset) }, true)
	runtime.KeepAlive(p)
	return
}

func hostWrite(fd int32, p unsafe.Pointer, n uint32, offset int64, long bool) (r int32) {
	runtime_blockingcall(func() { r = rawWrite(fd, p, n, offset) }, long)
	runtime.KeepAlive(p)
	return
}

func hostStat(path string, follow uint32, st unsafe.Pointer) (r int32) {
	runtime_blockingcall(func() { r = rawStat(path, follow, st) }, true)
	runtime.KeepAlive(unsafe.StringData(path))
	runtime.KeepAlive(st)
	return
}

func hostFstat(fd int32, st unsafe.Pointer) (r int32) {
	runtime_blockingcall(func() { r = rawFstat(fd, st) }, false)
	runtime.KeepAlive(st)
	return
}

func hostPath(op uint32, path string, a, b int64) (r int32) {
	runtime_blockingcall(func() { r = rawPath(op, path, a, b) }, true)
	runtime.KeepAlive(unsafe.StringData(path))
	return
}

func hostPaths(op uint32, a, b string) (r int32) {
	runtime_blockingcall(func() { r = rawPaths(op, a, b) }, true)
	runtime.KeepAlive(unsafe.StringData(a))
	runtime.KeepAlive(unsafe.StringData(b))
	return
}

func hostFd(op uint32, fd int32, a, b int64) (r int32) {
	runtime_blockingcall(func() { r = rawFd(op, fd, a, b) }, true)
	return
}
