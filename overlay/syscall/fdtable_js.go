package syscall

// GOOS=js: the table that leads from descriptors to open files. Looking up takes no lock, since every read and write of every goroutine does it; the
// rest is under files.Mutex. Chunks are made as they are needed and stay.

import (
	"sync"
	"sync/atomic"
)

const (
	chunkFiles = 256
	maxFiles   = 1 << 17
)

type fileChunk [chunkFiles]atomic.Pointer[file]

var files struct {
	sync.Mutex
	chunks [maxFiles / chunkFiles]atomic.Pointer[fileChunk]
	low    int // no lower descriptor is free
}

func init() {
	for fd, flags := range [...]int{O_RDONLY, O_WRONLY, O_WRONLY} {
		install(&file{sys: int32(fd), flags: flags}, 0)
	}
}

// slot is where the file of a descriptor is; nil if its chunk is not there.
func slot(fd int) *atomic.Pointer[file] {
	if uint(fd) >= maxFiles {
		return nil
	}
	c := files.chunks[fd/chunkFiles].Load()
	if c == nil {
		return nil
	}
	return &c[fd%chunkFiles]
}

func lookup(fd int) (*file, error) {
	if at := slot(fd); at != nil {
		if f := at.Load(); f != nil {
			return f, nil
		}
	}
	return nil, EBADF
}

// install gives f the lowest free descriptor from min on; -1 if there is none.
func install(f *file, min int) int {
	files.Lock()
	defer files.Unlock()
	fd := max(min, files.low)
	for ; fd < maxFiles; fd++ {
		if chunk := &files.chunks[fd/chunkFiles]; chunk.Load() == nil {
			chunk.Store(new(fileChunk))
		}
		if at := slot(fd); at.Load() == nil {
			at.Store(f)
			break
		}
	}
	if fd == maxFiles {
		return -1
	}
	if min <= files.low {
		files.low = fd + 1
	}
	f.refs++
	return fd
}

// uninstall frees a descriptor of f; false if it is none any more. Was it the last one?
func uninstall(f *file, fd int) (last, ok bool) {
	files.Lock()
	defer files.Unlock()
	if at := slot(fd); at == nil || !at.CompareAndSwap(f, nil) {
		return false, false
	}
	files.low = min(files.low, fd)
	f.refs--
	return f.refs == 0, true
}
