package syscall

// GOOS=js: the calls of the host (src/abi/hostcalls.ts has the table). They give a result, or the negative number of an error.

import "unsafe"

//go:wasmimport goloom fs_open
//go:noescape
func rawOpen(path string, flags, perm uint32) int32

//go:wasmimport goloom fs_close
func rawClose(fd int32) int32

//go:wasmimport goloom fs_read
//go:noescape
func rawRead(fd int32, p unsafe.Pointer, n uint32, offset int64) int32

//go:wasmimport goloom fs_write
//go:noescape
func rawWrite(fd int32, p unsafe.Pointer, n uint32, offset int64) int32

//go:wasmimport goloom stream_close
func streamClose(fd int32) int32

//go:wasmimport goloom stream_read
//go:noescape
func streamRead(fd int32, p unsafe.Pointer, n uint32) int32

//go:wasmimport goloom stream_write
//go:noescape
func streamWrite(fd int32, p unsafe.Pointer, n uint32) int32

//go:wasmimport goloom fs_position
func hostPosition(fd int32) int64

//go:wasmimport goloom fs_stat
//go:noescape
func rawStat(path string, follow uint32, st unsafe.Pointer) int32

//go:wasmimport goloom fs_fstat
//go:noescape
func rawFstat(fd int32, st unsafe.Pointer) int32

//go:wasmimport goloom fs_path
//go:noescape
func rawPath(op uint32, path string, a, b int64) int32

//go:wasmimport goloom fs_paths
//go:noescape
func rawPaths(op uint32, a, b string) int32

//go:wasmimport goloom fs_fd
func rawFd(op uint32, fd int32, a, b int64) int32

//go:wasmimport goloom fs_text
//go:noescape
func hostText(op uint32, path string) int32

//go:wasmimport goloom text
//go:noescape
func hostTake(p unsafe.Pointer, n uint32) uint32

//go:wasmimport goloom fd_wait
func hostWait(fd int32, mode, id uint32)

//go:wasmimport goloom ident
func hostIdent(what uint32) int32

//go:wasmimport goloom umask
func hostUmask(mask int32) int32

//go:wasmimport goloom kill
func hostKill(pid, sig int32) int32

// Operations of hostPath, hostPaths, hostFd, hostText and hostIdent; the host has the same lists.
const (
	pathMkdir = iota
	pathUnlink
	pathRmdir
	pathChmod
	pathChown
	pathLchown
	pathUtimes
	pathTruncate
	pathChdir
	pathAccess
)

const (
	pathsRename = iota
	pathsLink
	pathsSymlink
)

const (
	fdChmod = iota
	fdChown
	fdTruncate
	fdSync
)

const (
	textReaddir = iota
	textReadlink
	textRealpath
	textCwd
	textHostname
	textExecutable
	textGroups
	textInterfaces
)

const (
	identUid = iota
	identGid
	identEuid
	identEgid
	identPid
	identPpid
	identWindows
	identSockets
)

// Completions of package runtime.

func runtime_newcompletion() uint32

func runtime_completionwait(id uint32) int32

// Between runtime_onM0 and runtime_offM0 a goroutine runs on M0, whose event loop and process-wide state some calls belong to.

func runtime_onM0()

func runtime_offM0()

// Between runtime_onFiles and runtime_offM0 it stays on its M, which is M0 where the host keeps the files itself.

func runtime_onFiles()

func errorOf(r int32) error {
	if r < 0 {
		return Errno(-r)
	}
	return nil
}

// text is the answer to one of the calls that give a text of any length. The M that asked keeps it until it asks again.
func text(op uint32, path string) ([]byte, error) {
	runtime_onFiles()
	defer runtime_offM0()
	r := hostText(op, path)
	if r < 0 {
		return nil, Errno(-r)
	}
	b := make([]byte, r)
	if r > 0 {
		hostTake(unsafe.Pointer(&b[0]), uint32(r))
	}
	return b, nil
}
