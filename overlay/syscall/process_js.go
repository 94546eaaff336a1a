package syscall

// GOOS=js: the process, its user, other processes.

func Getuid() int  { return int(hostIdent(identUid)) }
func Getgid() int  { return int(hostIdent(identGid)) }
func Geteuid() int { return int(hostIdent(identEuid)) }
func Getegid() int { return int(hostIdent(identEgid)) }
func Getpid() int  { return int(hostIdent(identPid)) }
func Getppid() int { return int(hostIdent(identPpid)) }

// Getgroups lists the groups that the user belongs to.
func Getgroups() ([]int, error) {
	b, err := text(textGroups, "")
	if err != nil {
		return nil, err
	}
	var groups []int
	for ; len(b) >= 4; b = b[4:] {
		groups = append(groups, int(uint32(b[0])|uint32(b[1])<<8|uint32(b[2])<<16|uint32(b[3])<<24))
	}
	return groups, nil
}

// Umask sets the bits that new files don't get; the old ones.
func Umask(mask int) int {
	runtime_onM0()
	defer runtime_offM0()
	return int(hostUmask(int32(mask)))
}

// Kill sends a signal.
func Kill(pid int, signum Signal) error { return errorOf(hostKill(int32(pid), int32(signum))) }

// Sysctl knows kern.hostname only.
func Sysctl(key string) (string, error) {
	if key != "kern.hostname" {
		return "", ENOSYS
	}
	b, err := text(textHostname, "")
	return string(b), err
}

// executable is the path of the program's file, for package os.
func executable() (string, error) {
	b, err := text(textExecutable, "")
	return string(b), err
}

// A WaitStatus is how a process ended, as wait4 of Linux tells it.
type WaitStatus uint32

func (w WaitStatus) Exited() bool    { return w&0x7f == 0 }
func (w WaitStatus) Signaled() bool  { return w&0x7f != 0x7f && w&0x7f != 0 }
func (w WaitStatus) Stopped() bool   { return w&0xff == 0x7f }
func (w WaitStatus) Continued() bool { return w == 0xffff }
func (w WaitStatus) CoreDump() bool  { return w.Signaled() && w&0x80 != 0 }
func (w WaitStatus) TrapCause() int  { return -1 }

func (w WaitStatus) ExitStatus() int {
	if !w.Exited() {
		return -1
	}
	return int(w>>8) & 0xff
}

func (w WaitStatus) Signal() Signal {
	if !w.Signaled() {
		return -1
	}
	return Signal(w & 0x7f)
}

func (w WaitStatus) StopSignal() Signal {
	if !w.Stopped() {
		return -1
	}
	return Signal(w>>8) & 0xff
}

// Rusage is what a process has used.
type Rusage struct {
	Utime Timeval
	Stime Timeval
}
