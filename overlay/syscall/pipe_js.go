package syscall

// GOOS=js: pipes. The host has none to offer that could be read without blocking the thread, so they are made of memory; what is
// written at one end stays in the program. A full pipe makes writers wait, as on Linux at 64 KiB.

import "sync"

const pipeSize = 64 << 10

// pipeBuf is the size up to which a write is not mixed with others.
const pipeBuf = 4096

// A pipe is shared by its two ends. All of it is under mu; cond is for ends in blocking mode, those in non-blocking mode
// wait with the runtime's poller.
type pipe struct {
	mu                 sync.Mutex
	cond               sync.Cond
	data               []byte
	readEnd            *file
	writeEnd           *file
	noReader, noWriter bool
}

// runtime_pollReady tells package runtime's poller that what pd (0: nobody) waits for can be read ('r') or written ('w'), or that waiting is of no use.
func runtime_pollReady(pd uint32, mode int)

// Pipe makes a pipe; p[0] is read from, p[1] written to.
func Pipe(p []int) error {
	if len(p) != 2 {
		return EINVAL
	}
	x := new(pipe)
	x.cond.L = &x.mu
	x.readEnd = &file{sys: -1, mode: S_IFIFO, flags: O_RDONLY, pipe: x}
	x.writeEnd = &file{sys: -1, mode: S_IFIFO, flags: O_WRONLY, pipe: x}
	p[0], p[1] = install(x.readEnd, 0), install(x.writeEnd, 0)
	return nil
}

func (x *pipe) read(f *file, b []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(b) == 0 {
		return 0, nil
	}
	for len(x.data) == 0 {
		if x.noWriter {
			return 0, nil
		}
		if f.nonblock {
			return -1, EAGAIN
		}
		x.cond.Wait()
	}
	n := copy(b, x.data)
	if x.data = x.data[n:]; len(x.data) == 0 {
		x.data = nil
	}
	x.changed(x.writeEnd, 'w')
	return n, nil
}

func (x *pipe) write(f *file, b []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	done := 0
	for {
		if x.noReader {
			return max(done, -1), EPIPE
		}
		room := pipeSize - len(x.data)
		if room > 0 && (len(b) > pipeBuf || room >= len(b) || done > 0) {
			n := min(room, len(b))
			x.data = append(x.data, b[:n]...)
			done += n
			b = b[n:]
			x.changed(x.readEnd, 'r')
		}
		if len(b) == 0 {
			return done, nil
		}
		if f.nonblock {
			if done > 0 {
				return done, nil
			}
			return -1, EAGAIN
		}
		x.cond.Wait()
	}
}

// close is called when an end's last descriptor is closed.
func (x *pipe) close(f *file) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if f == x.readEnd {
		x.noReader = true
		x.changed(x.writeEnd, 'w')
	} else {
		x.noWriter = true
		x.changed(x.readEnd, 'r')
	}
}

// changed wakes those who wait at an end.
func (x *pipe) changed(end *file, mode int) {
	x.cond.Broadcast()
	files.Lock()
	pd := end.firstPoll()
	files.Unlock()
	runtime_pollReady(pd, mode)
}
