package unix

import _ "unsafe" // for linkname

// Fcntl is package syscall's.
//
//go:linkname Fcntl syscall.fcntl
func Fcntl(fd int, cmd int, arg int) (int, error)
