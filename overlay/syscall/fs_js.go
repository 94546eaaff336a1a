package syscall

// GOOS=js: files by name. The working directory is kept here, not with the host's process: every M sees the same one, and programs
// run in any thread. Paths go to the host as bytes, made absolute but not cleaned, for a/../b means something else where a is a link.

import (
	"sync"
	"unsafe"
)

var cwd struct {
	sync.Mutex
	dir string
}

// windows: the host's paths may begin with a drive.
var windows = hostIdent(identWindows) == 1

// workingDir is the working directory; the host is asked when it is first needed.
func workingDir() (string, error) {
	cwd.Lock()
	defer cwd.Unlock()
	if cwd.dir == "" {
		b, err := text(textCwd, "")
		if err != nil {
			return "", err
		}
		cwd.dir = string(b)
	}
	return cwd.dir, nil
}

// absolute is the path to give to the host.
func absolute(path string) (string, error) {
	if path == "" {
		return "", ENOENT
	}
	for i := 0; i < len(path); i++ {
		if path[i] == 0 {
			return "", EINVAL
		}
	}
	if path[0] == '/' || windows && len(path) > 1 && path[1] == ':' {
		return path, nil
	}
	dir, err := workingDir()
	if err != nil {
		return "", err
	}
	if dir[len(dir)-1] == '/' {
		return dir + path, nil
	}
	return dir + "/" + path, nil
}

// on calls the host with the absolute form of a path.
func on(path string, call func(path string) int32) error {
	p, err := absolute(path)
	if err != nil {
		return err
	}
	return errorOf(call(p))
}

func onPath(op uint32, path string, a, b int64) error {
	return on(path, func(p string) int32 { return hostPath(op, p, a, b) })
}

// Open opens a file.
func Open(path string, openmode int, perm uint32) (int, error) {
	p, err := absolute(path)
	if err != nil {
		return -1, err
	}
	sys := hostOpen(p, uint32(openmode), perm)
	if sys < 0 {
		return -1, Errno(-sys)
	}
	return install(&file{sys: sys, flags: openmode, path: p, nonblock: openmode&O_NONBLOCK != 0}, 0), nil
}

// A Stat_t describes a file.
type Stat_t struct {
	Dev       int64
	Ino       uint64
	Mode      uint32
	Nlink     uint32
	Uid       uint32
	Gid       uint32
	Rdev      int64
	Size      int64
	Blksize   int32
	Blocks    int32
	Atime     int64
	AtimeNsec int64
	Mtime     int64
	MtimeNsec int64
	Ctime     int64
	CtimeNsec int64
}

// Stat describes the file that path leads to.
func Stat(path string, st *Stat_t) error {
	return on(path, func(p string) int32 { return hostStat(p, 1, unsafe.Pointer(st)) })
}

// Lstat describes the file path, which may be a symbolic link.
func Lstat(path string, st *Stat_t) error {
	return on(path, func(p string) int32 { return hostStat(p, 0, unsafe.Pointer(st)) })
}

// Mkdir makes a directory.
func Mkdir(path string, perm uint32) error { return onPath(pathMkdir, path, int64(perm), 0) }

// Unlink removes a file.
func Unlink(path string) error { return onPath(pathUnlink, path, 0, 0) }

// Rmdir removes an empty directory.
func Rmdir(path string) error { return onPath(pathRmdir, path, 0, 0) }

// Chmod changes the permissions of a file.
func Chmod(path string, mode uint32) error { return onPath(pathChmod, path, int64(mode), 0) }

// Chown changes the owner of a file.
func Chown(path string, uid, gid int) error { return onPath(pathChown, path, int64(uid), int64(gid)) }

// Lchown changes the owner of a file or symbolic link.
func Lchown(path string, uid, gid int) error { return onPath(pathLchown, path, int64(uid), int64(gid)) }

// access tells whether the process may use a file as mode says (1: execute, 2: write, 4: read), for internal/syscall/unix.
func access(path string, mode uint32) error { return onPath(pathAccess, path, int64(mode), 0) }

// Truncate changes the size of a file.
func Truncate(path string, length int64) error {
	if length < 0 {
		return EINVAL
	}
	return onPath(pathTruncate, path, length, 0)
}

// utimeOmit in place of nanoseconds: the time is not to be changed (unix.UTIME_OMIT).
const utimeOmit = -2

// UtimesNano sets the times of last access and modification.
func UtimesNano(path string, ts []Timespec) error {
	if len(ts) != 2 {
		return EINVAL
	}
	ns := func(t Timespec) int64 {
		if t.Nsec == utimeOmit {
			return -1 << 63
		}
		return t.Sec*1e9 + t.Nsec
	}
	return onPath(pathUtimes, path, ns(ts[0]), ns(ts[1]))
}

// Rename renames a file.
func Rename(from, to string) error {
	a, err := absolute(from)
	if err != nil {
		return err
	}
	return on(to, func(b string) int32 { return hostPaths(pathsRename, a, b) })
}

// Link makes a hard link to a file.
func Link(path, link string) error {
	a, err := absolute(path)
	if err != nil {
		return err
	}
	return on(link, func(b string) int32 { return hostPaths(pathsLink, a, b) })
}

// Symlink makes a symbolic link with the text path.
func Symlink(path, link string) error {
	if path == "" {
		return ENOENT
	}
	return on(link, func(b string) int32 { return hostPaths(pathsSymlink, path, b) })
}

// Readlink reads the text of a symbolic link.
func Readlink(path string, buf []byte) (int, error) {
	p, err := absolute(path)
	if err != nil {
		return -1, err
	}
	b, err := text(textReadlink, p)
	if err != nil {
		return -1, err
	}
	return copy(buf, b), nil
}

// ImplementsGetwd tells package os that Getwd works.
const ImplementsGetwd = true

// Getwd is the working directory.
func Getwd() (string, error) { return workingDir() }

// Getcwd writes the working directory to buf.
func Getcwd(buf []byte) (int, error) {
	dir, err := workingDir()
	if err != nil {
		return 0, err
	}
	if len(buf) < len(dir) {
		return 0, ERANGE
	}
	return copy(buf, dir), nil
}

// Chdir changes the working directory.
func Chdir(path string) error {
	p, err := absolute(path)
	if err != nil {
		return err
	}
	if err := errorOf(hostPath(pathChdir, p, 0, 0)); err != nil {
		return err
	}
	dir, err := text(textRealpath, p)
	if err != nil {
		return err
	}
	cwd.Lock()
	cwd.dir = string(dir)
	cwd.Unlock()
	return nil
}
