package syscall

// GOOS=js: what GOROOT's file of this name has beside sockets (socket_js.go and its kin).

func StopIO(fd int) error { return ENOSYS }

func SetReadDeadline(fd int, t int64) error { return ENOSYS }

func SetWriteDeadline(fd int, t int64) error { return ENOSYS }
