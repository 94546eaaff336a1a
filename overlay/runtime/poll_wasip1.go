package runtime

const errnoNotPermitted = 63 // wasi EPERM

// pollRefused: WASI has no way to wait for a file without blocking; internal/poll then uses it in blocking mode.
func pollRefused(fd uintptr) int { return errnoNotPermitted }
