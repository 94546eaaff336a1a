package os

import _ "unsafe" // for linkname

//go:linkname syscall_executable syscall.executable
func syscall_executable() (string, error)

func executable() (string, error) { return syscall_executable() }
