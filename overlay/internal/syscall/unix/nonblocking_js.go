package unix

import "syscall"

// IsNonblock reports whether Read and Write on fd give EAGAIN instead of waiting.
func IsNonblock(fd int) (nonblocking bool, err error) {
	flags, err := Fcntl(fd, syscall.F_GETFL, 0)
	return err == nil && HasNonblockFlag(flags), err
}

// HasNonblockFlag reports whether the flags of F_GETFL say so.
func HasNonblockFlag(flag int) bool { return flag&syscall.O_NONBLOCK != 0 }
