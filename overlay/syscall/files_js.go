package syscall

// GOOS=js: open files.
//
// Descriptors lead to them by a table in Go memory (fdtable_js.go), which every M sees, lowest free number first as in POSIX;
// the host's own descriptors are never shown to the program, which therefore cannot close one that the host needs. The
// host has no lseek: a file's position is the host's until the program seeks; from then on it is kept here and given with each call.
// Two goroutines that read one descriptor at the same time are kept apart by internal/poll, as on the native port.

import (
	"sync/atomic"
	"unsafe"
)

// A file is an open file description; several descriptors may lead to it (Dup).
type file struct {
	sys      int32 // the host's descriptor; -1 for a pipe or socket
	refs     int
	flags    int // of Open
	nonblock bool
	path     string // absolute, of what was opened by name
	mode     uint32 // file type, 0: not asked for yet
	seeked   bool
	pos      int64
	entries  []byte // of a directory: what is not read yet
	listed   bool
	pipe     *pipe
	sock     *socket
	pds      []uint32 // poll descriptors that wait for it
}

// Close closes a descriptor.
func Close(fd int) error {
	f, err := lookup(fd)
	if err != nil {
		return err
	}
	last, ok := uninstall(f, fd)
	if !ok {
		return EBADF
	}
	if !last {
		return nil
	}
	if f.pipe != nil {
		f.pipe.close(f)
		return nil
	}
	if f.sock != nil {
		f.sock.close()
		return nil
	}
	if f.isStream() {
		return errorOf(streamClose(f.sys))
	}
	return errorOf(hostClose(f.sys))
}

// CloseOnExec has nothing to do: no descriptor is inherited unasked.
func CloseOnExec(fd int) {}

// Dup gives another descriptor for the same open file.
func Dup(fd int) (int, error) {
	f, err := lookup(fd)
	if err != nil {
		return -1, err
	}
	return install(f, 0), nil
}

// Dup2 makes newfd a descriptor of what fd is one of.
func Dup2(fd, newfd int) error {
	f, err := lookup(fd)
	if err != nil {
		return err
	}
	if newfd < 0 || newfd > 1<<20 {
		return EBADF
	}
	if newfd == fd {
		return nil
	}
	Close(newfd)
	if got := install(f, newfd); got != newfd {
		Close(got)
		return EBUSY
	}
	return nil
}

// SetNonblock switches the mode in which Read and Write give EAGAIN instead of waiting.
func SetNonblock(fd int, nonblocking bool) error {
	f, err := lookup(fd)
	if err != nil {
		return err
	}
	f.nonblock = nonblocking
	return nil
}

// fcntl is what package internal/syscall/unix calls.
func fcntl(fd, cmd, arg int) (int, error) {
	f, err := lookup(fd)
	if err != nil {
		return -1, err
	}
	switch cmd {
	case F_GETFL:
		flags := f.flags & (O_WRONLY | O_RDWR | O_APPEND | O_SYNC)
		if f.nonblock {
			flags |= O_NONBLOCK
		}
		return flags, nil
	case F_SETFL:
		f.nonblock = arg&O_NONBLOCK != 0
		return 0, nil
	case F_GETFD, F_SETFD:
		return 0, nil
	case F_DUPFD, F_DUPFD_CLOEXEC:
		return install(f, arg), nil
	}
	return -1, ENOSYS
}

// pollable says whether package runtime's poller can wait for fd: for pipes and sockets inside the program (1) and for the host's
// sockets, which it makes ready (2), it can.
func pollable(fd int) int {
	f, err := lookup(fd)
	switch {
	case err == nil && (f.pipe != nil || f.sock != nil && f.sock.loop != nil):
		return 1
	case err == nil && f.sock != nil:
		return 2
	}
	return 0
}

// pollOpen has a poll descriptor told of what happens to fd's file, pollClose no longer.
func pollOpen(fd int, pd uint32) {
	if f, err := lookup(fd); err == nil {
		files.Lock()
		f.setPolls(append(f.pds, pd))
		files.Unlock()
	}
}

func pollClose(fd int, pd uint32) {
	if f, err := lookup(fd); err == nil {
		files.Lock()
		for i, x := range f.pds {
			if x == pd {
				f.setPolls(append(f.pds[:i:i], f.pds[i+1:]...))
				break
			}
		}
		files.Unlock()
	}
}

// setPolls links the poll descriptors of a file (their second word), so that whoever has the first one reaches all.
func (f *file) setPolls(pds []uint32) {
	f.pds = pds
	for i := len(pds) - 1; i >= 0; i-- {
		next := uint32(0)
		if i+1 < len(pds) {
			next = pds[i+1]
		}
		at := uintptr(pds[i]) + 4
		atomic.StoreUint32(*(**uint32)(unsafe.Pointer(&at)), next)
	}
	if f.sock != nil {
		atomic.StoreUint32(&f.sock.shared.pd, f.firstPoll())
	}
}

// firstPoll is the poll descriptor that leads to all of them, 0 if there are none.
func (f *file) firstPoll() uint32 {
	if len(f.pds) == 0 {
		return 0
	}
	return f.pds[0]
}

// kind is the file's type (S_IFREG and so on).
func (f *file) kind() uint32 {
	if f.mode == 0 {
		var st Stat_t
		if hostFstat(f.sys, unsafe.Pointer(&st)) == 0 {
			f.mode = st.Mode & S_IFMT
		}
	}
	return f.mode
}

// offset is the position to give to the host: -1 for its own.
func (f *file) offset() int64 {
	if f.seeked {
		return f.pos
	}
	return -1
}

// again tells whether a call that gave r is to be repeated: it would have had to wait, and the goroutine has waited.
func (f *file) again(r int32, mode uint32) bool {
	if Errno(-r) != EAGAIN || f.nonblock {
		return false
	}
	id := runtime_newcompletion()
	runtime_onM0()
	hostWait(f.sys, mode, id)
	runtime_offM0()
	runtime_completionwait(id)
	return true
}

// isStream says whether the host may have a stream of its event loop for the file, which is M0's.
func (f *file) isStream() bool {
	kind := f.kind()
	return kind == S_IFIFO || kind == S_IFSOCK || kind == S_IFCHR
}

// Read reads into b what is there, at least a byte unless the file is at its end.
func Read(fd int, b []byte) (int, error) {
	f, err := lookup(fd)
	if err != nil {
		return -1, err
	}
	if f.flags&O_WRONLY != 0 {
		return -1, EBADF
	}
	if f.pipe != nil {
		return f.pipe.read(f, b)
	}
	if f.sock != nil {
		if len(b) == 0 {
			return 0, nil
		}
		return f.sock.read(b, false)
	}
	n, err := f.read(b, f.offset())
	if n > 0 {
		f.pos += int64(n)
	}
	return n, err
}

// Write writes b, at the file's position or at its end (O_APPEND).
func Write(fd int, b []byte) (int, error) {
	f, err := lookup(fd)
	if err != nil {
		return -1, err
	}
	if f.flags&(O_WRONLY|O_RDWR) == 0 {
		return -1, EBADF
	}
	if f.pipe != nil {
		return f.pipe.write(f, b)
	}
	if f.sock != nil {
		return f.sock.write(b)
	}
	offset := f.offset()
	if f.flags&O_APPEND != 0 {
		offset = -1
	}
	n, err := f.write(b, offset)
	if n > 0 {
		f.pos += int64(n)
		if f.flags&O_APPEND != 0 && f.kind() == S_IFREG {
			f.pos, _ = f.size()
		}
	}
	return n, err
}

// Pread reads at offset, without moving the position.
func Pread(fd int, b []byte, offset int64) (int, error) {
	f, err := f0(fd, offset)
	if err != nil {
		return -1, err
	}
	return f.read(b, offset)
}

// Pwrite writes at offset, without moving the position.
func Pwrite(fd int, b []byte, offset int64) (int, error) {
	f, err := f0(fd, offset)
	if err != nil {
		return -1, err
	}
	return f.write(b, offset)
}

// f0 is the seekable file of a descriptor.
func f0(fd int, offset int64) (*file, error) {
	f, err := lookup(fd)
	if err != nil {
		return nil, err
	}
	if offset < 0 {
		return nil, EINVAL
	}
	if f.pipe != nil || f.sock != nil || !seekable(f.kind()) {
		return nil, ESPIPE
	}
	return f, nil
}

func seekable(kind uint32) bool { return kind != S_IFIFO && kind != S_IFSOCK }

func (f *file) read(b []byte, offset int64) (int, error) {
	if f.kind() == S_IFDIR {
		return -1, EISDIR
	}
	if len(b) == 0 && f.isStream() {
		return 0, nil // and does not wait
	}
	for {
		p, n := unsafe.Pointer(unsafe.SliceData(b)), uint32(min(len(b), 1<<30))
		var r int32
		if f.isStream() {
			r = streamRead(f.sys, p, n)
		} else {
			r = hostRead(f.sys, p, n, offset)
		}
		if r < 0 && f.again(r, 'r') {
			continue
		}
		return count(r)
	}
}

// virtualFile and what follows are descriptors of the host that stand for its streams only.
const virtualFile = 1 << 24

func (f *file) write(b []byte, offset int64) (int, error) {
	for {
		p, n := unsafe.Pointer(unsafe.SliceData(b)), uint32(min(len(b), 1<<30))
		var r int32
		if f.sys >= virtualFile {
			r = streamWrite(f.sys, p, n)
		} else {
			kind := f.kind()
			r = hostWrite(f.sys, p, n, offset, kind == S_IFSOCK || kind == S_IFCHR)
		}
		if r < 0 && f.again(r, 'w') {
			continue
		}
		return count(r)
	}
}

// count is the result of read and write: -1 beside an error, as system calls have it.
func count(r int32) (int, error) {
	if r < 0 {
		return -1, Errno(-r)
	}
	return int(r), nil
}

func (f *file) size() (int64, error) {
	var st Stat_t
	err := errorOf(hostFstat(f.sys, unsafe.Pointer(&st)))
	return st.Size, err
}

// Seek sets the position for the next Read or Write.
func Seek(fd int, offset int64, whence int) (int64, error) {
	f, err := lookup(fd)
	if err != nil {
		return 0, err
	}
	if f.pipe != nil || f.sock != nil {
		return 0, ESPIPE
	}
	kind := f.kind()
	if !seekable(kind) || kind == S_IFCHR && hostPosition(f.sys) < 0 {
		return 0, ESPIPE
	}
	if kind == S_IFCHR {
		return 0, nil
	}
	var base int64
	switch whence {
	case 0:
	case 1:
		base = f.position()
	case 2:
		if base, err = f.size(); err != nil {
			return 0, err
		}
	default:
		return 0, EINVAL
	}
	if base+offset < 0 {
		return 0, EINVAL
	}
	f.seeked, f.pos = true, base+offset
	f.entries, f.listed = nil, false
	return f.pos, nil
}

// position is where the next Read begins.
func (f *file) position() int64 {
	if !f.seeked {
		if at := hostPosition(f.sys); at >= 0 {
			return at
		}
	}
	return f.pos
}

// Ftruncate changes the size of an open file.
func Ftruncate(fd int, length int64) error {
	f, err := lookup(fd)
	if err != nil {
		return err
	}
	if f.pipe != nil || f.sock != nil || length < 0 || f.flags&(O_WRONLY|O_RDWR) == 0 {
		return EINVAL
	}
	return errorOf(hostFd(fdTruncate, f.sys, length, 0))
}

// Fsync has the system write an open file to its device.
func Fsync(fd int) error {
	f, err := lookup(fd)
	if err != nil {
		return err
	}
	if f.pipe != nil || f.sock != nil {
		return EINVAL
	}
	return errorOf(hostFd(fdSync, f.sys, 0, 0))
}

// Fstat describes an open file.
func Fstat(fd int, st *Stat_t) error {
	f, err := lookup(fd)
	if err != nil {
		return err
	}
	if f.pipe != nil {
		*st = Stat_t{Mode: S_IFIFO | 0600, Nlink: 1, Blksize: 4096, Uid: uint32(Getuid()), Gid: uint32(Getgid())}
		st.Ino = uint64(uintptr(unsafe.Pointer(f.pipe)))
		return nil
	}
	if f.sock != nil {
		*st = Stat_t{Mode: S_IFSOCK | 0777, Nlink: 1, Blksize: 4096, Uid: uint32(Getuid()), Gid: uint32(Getgid())}
		st.Ino = uint64(uintptr(unsafe.Pointer(f.sock)))
		return nil
	}
	return errorOf(hostFstat(f.sys, unsafe.Pointer(st)))
}

// Fchmod changes the permissions of an open file.
func Fchmod(fd int, mode uint32) error {
	f, err := lookup(fd)
	if err != nil {
		return err
	}
	return errorOf(hostFd(fdChmod, f.sys, int64(mode), 0))
}

// Fchown changes the owner of an open file.
func Fchown(fd int, uid, gid int) error {
	f, err := lookup(fd)
	if err != nil {
		return err
	}
	return errorOf(hostFd(fdChown, f.sys, int64(uid), int64(gid)))
}

// Fchdir makes an open directory the working directory.
func Fchdir(fd int) error {
	f, err := lookup(fd)
	if err != nil {
		return err
	}
	if f.path == "" {
		return ENOTDIR
	}
	return Chdir(f.path)
}

// A Dirent is a directory entry as ReadDirent gives it; Reclen bytes after it is the next one.
type Dirent struct {
	Ino    uint64
	Reclen uint16
	Type   uint8
	Name   [256]byte
}

const direntHead = int(unsafe.Offsetof(Dirent{}.Name))

func direntIno(buf []byte) (uint64, bool) {
	return readInt(buf, unsafe.Offsetof(Dirent{}.Ino), unsafe.Sizeof(Dirent{}.Ino))
}

func direntReclen(buf []byte) (uint64, bool) {
	return readInt(buf, unsafe.Offsetof(Dirent{}.Reclen), unsafe.Sizeof(Dirent{}.Reclen))
}

func direntNamlen(buf []byte) (uint64, bool) {
	n, ok := direntReclen(buf)
	if !ok || n < uint64(direntHead) {
		return 0, false
	}
	return n - uint64(direntHead), true
}

// ReadDirent reads entries of an open directory.
func ReadDirent(fd int, buf []byte) (int, error) {
	f, err := lookup(fd)
	if err != nil {
		return -1, err
	}
	if f.pipe != nil || f.kind() != S_IFDIR {
		return -1, ENOTDIR
	}
	if !f.listed {
		if f.entries, err = text(textReaddir, f.path); err != nil {
			return -1, err
		}
		f.listed = true
	}
	// The host's form of an entry: type, length of the name (two bytes), name.
	n := 0
	for len(f.entries) > 0 {
		name := f.entries[3 : 3+int(f.entries[1])+int(f.entries[2])<<8]
		size := direntHead + len(name) + 1
		if n+size > len(buf) {
			if n == 0 {
				return -1, EINVAL
			}
			break
		}
		d := buf[n : n+size]
		clear(d)
		d[0] = 1 // inode numbers are not told; 0 would mean a deleted entry
		d[unsafe.Offsetof(Dirent{}.Reclen)], d[unsafe.Offsetof(Dirent{}.Reclen)+1] = byte(size), byte(size>>8)
		d[unsafe.Offsetof(Dirent{}.Type)] = f.entries[0]
		copy(d[direntHead:], name)
		n += size
		f.entries = f.entries[3+len(name):]
	}
	return n, nil
}
