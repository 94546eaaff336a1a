package unix

import _ "unsafe" // for linkname

// Modes of Eaccess.
const (
	R_OK = 0x4
	W_OK = 0x2
	X_OK = 0x1
)

// Eaccess reports whether the process may use a file as mode says.
//
//go:linkname Eaccess syscall.access
func Eaccess(path string, mode uint32) error
