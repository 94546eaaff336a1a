package syscall

// GOOS=js: child processes. The host starts them and tells of their end. A child's standard stream that is an open file of the host is
// given as it is; one that is a pipe of this program (pipe_js.go) gets a pipe of the host, and a goroutine that moves the data.

import "unsafe"

//go:wasmimport goloom proc_start
//go:noescape
func hostStart(spec unsafe.Pointer, n uint32, id uint32)

//go:wasmimport goloom proc_stream
func hostStream(pid int32, n uint32) int32

//go:wasmimport goloom proc_wait
func hostWait4(pid int32, id uint32) int32

// runtime_startSystem starts a goroutine that is not one of the program's.
func runtime_startSystem(fn func())

// ProcAttr says how to start a process.
type ProcAttr struct {
	Dir   string
	Env   []string
	Files []uintptr
	Sys   *SysProcAttr
}

// SysProcAttr has nothing to say on this port.
type SysProcAttr struct{}

// Streams of a child in what hostStart gets: closed, a pipe of the host, or else a descriptor of the host plus streamFile.
const (
	streamNone = iota
	streamPipe
	streamFile
)

// StartProcess starts a process.
func StartProcess(argv0 string, argv []string, attr *ProcAttr) (pid int, handle uintptr, err error) {
	if attr == nil {
		attr = new(ProcAttr)
	}
	path, err := absolute(argv0)
	if err != nil {
		return 0, 0, err
	}
	dir, err := workingDir()
	if err != nil {
		return 0, 0, err
	}
	if attr.Dir != "" {
		if dir, err = absolute(attr.Dir); err != nil {
			return 0, 0, err
		}
	}
	env := attr.Env
	if env == nil {
		env = Environ()
	}
	var spec []byte
	number := func(n int) { spec = append(spec, byte(n), byte(n>>8), byte(n>>16), byte(n>>24)) }
	texts := func(list ...string) error {
		number(len(list))
		for _, s := range list {
			for i := 0; i < len(s); i++ {
				if s[i] == 0 {
					return EINVAL
				}
			}
			number(len(s))
			spec = append(spec, s...)
		}
		return nil
	}
	for _, list := range [][]string{{path, dir}, argv, env} {
		if err := texts(list...); err != nil {
			return 0, 0, err
		}
	}
	streams := make([]*file, len(attr.Files))
	number(len(streams))
	for i, fd := range attr.Files {
		f, err := lookup(int(fd))
		if fd == ^uintptr(0) {
			number(streamNone)
			continue
		}
		if err != nil {
			return 0, 0, err
		}
		if f.pipe != nil {
			streams[i] = f
			number(streamPipe)
		} else {
			number(streamFile + int(f.sys))
		}
	}
	id := runtime_newcompletion()
	runtime_onM0()
	hostStart(unsafe.Pointer(&spec[0]), uint32(len(spec)), id)
	runtime_offM0()
	r := runtime_completionwait(id)
	if r < 0 {
		return 0, 0, Errno(-r)
	}
	for i, f := range streams {
		if f != nil {
			runtime_onM0()
			sys := hostStream(r, uint32(i))
			runtime_offM0()
			f.share(sys)
		}
	}
	return int(r), 0, nil
}

// share makes a child's stream, known to the host as sys, another holder of a pipe's end, and moves data until one side is closed.
func (f *file) share(sys int32) {
	files.Lock()
	f.refs++
	files.Unlock()
	theirs := &file{sys: sys, mode: S_IFIFO}
	runtime_startSystem(func() {
		buf := make([]byte, 32<<10)
		for {
			var n int
			var err error
			if f == f.pipe.writeEnd {
				if n, err = theirs.read(buf, -1); n > 0 {
					_, err = f.pipe.transfer(f, buf[:n], false)
				}
			} else if n, err = f.pipe.transfer(f, buf, true); n > 0 {
				err = theirs.writeAll(buf[:n])
			}
			if n <= 0 || err != nil {
				break
			}
		}
		runtime_onM0()
		streamClose(sys)
		runtime_offM0()
		files.Lock()
		f.refs--
		last := f.refs == 0
		files.Unlock()
		if last {
			f.pipe.close(f)
		}
	})
}

func (f *file) writeAll(b []byte) error {
	for len(b) > 0 {
		n, err := f.write(b, -1)
		if err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// transfer reads or writes an end of the pipe as one in blocking mode, whatever the mode of its descriptors.
func (x *pipe) transfer(f *file, b []byte, read bool) (int, error) {
	blocking := *f
	blocking.nonblock = false
	if read {
		return x.read(&blocking, b)
	}
	return x.write(&blocking, b)
}

// Wait4 waits for the end of a child process.
func Wait4(pid int, wstatus *WaitStatus, options int, rusage *Rusage) (wpid int, err error) {
	id := runtime_newcompletion()
	runtime_onM0()
	r := hostWait4(int32(pid), id)
	runtime_offM0()
	if r < 0 {
		// The host has completed it, too.
		runtime_completionwait(id)
		return -1, Errno(-r)
	}
	status := WaitStatus(runtime_completionwait(id))
	if wstatus != nil {
		*wstatus = status
	}
	if rusage != nil {
		*rusage = Rusage{}
	}
	return pid, nil
}
