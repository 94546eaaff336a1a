package os

// Directory entries as this port's syscall.ReadDirent gives them: with their types, so that ReadDir needs no Lstat.

import (
	"syscall"
	"unsafe"
)

func direntIno(buf []byte) (uint64, bool) {
	return readInt(buf, unsafe.Offsetof(syscall.Dirent{}.Ino), unsafe.Sizeof(syscall.Dirent{}.Ino))
}

func direntReclen(buf []byte) (uint64, bool) {
	return readInt(buf, unsafe.Offsetof(syscall.Dirent{}.Reclen), unsafe.Sizeof(syscall.Dirent{}.Reclen))
}

func direntNamlen(buf []byte) (uint64, bool) {
	n, ok := direntReclen(buf)
	head := uint64(unsafe.Offsetof(syscall.Dirent{}.Name))
	if !ok || n < head {
		return 0, false
	}
	return n - head, true
}

func direntType(buf []byte) FileMode {
	switch buf[unsafe.Offsetof(syscall.Dirent{}.Type)] {
	case 1:
		return ModeNamedPipe
	case 2:
		return ModeDevice | ModeCharDevice
	case 4:
		return ModeDir
	case 6:
		return ModeDevice
	case 8:
		return 0
	case 10:
		return ModeSymlink
	case 12:
		return ModeSocket
	}
	return ^FileMode(0)
}
