package runtime

// The process: arguments, environment, GODEBUG settings, page size. The texts come from the host at start-up.

import "unsafe"

//go:wasmimport wasi_snapshot_preview1 args_sizes_get
//go:noescape
func args_sizes_get(argc, argvBufLen unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 args_get
//go:noescape
func args_get(argv, argvBuf unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 environ_sizes_get
//go:noescape
func environ_sizes_get(environCount, environBufLen unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 environ_get
//go:noescape
func environ_get(environ, environBuf unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 random_get
//go:noescape
func random_get(buf unsafe.Pointer, n uint32) uint32

var argslice, envs []string

// goenvs reads arguments and environment from the host.
func goenvs() {
	argslice = hostStrings(args_sizes_get, args_get)
	envs = hostStrings(environ_sizes_get, environ_get)
}

// hostStrings reads a list of zero-terminated strings in the manner of WASI: sizes first, then addresses and bytes.
func hostStrings(sizes, get func(a, b unsafe.Pointer) uint32) []string {
	var n, size uint32
	if sizes(unsafe.Pointer(&n), unsafe.Pointer(&size)) != 0 || n == 0 {
		return nil
	}
	addrs := make([]uint32, n)
	bytes := make([]byte, size+1)
	if get(unsafe.Pointer(&addrs[0]), unsafe.Pointer(&bytes[0])) != 0 {
		return nil
	}
	list := make([]string, n)
	for i, a := range addrs {
		start := uintptr(a) - uintptr(unsafe.Pointer(&bytes[0]))
		end := start
		for bytes[end] != 0 {
			end++
		}
		list[i] = string(bytes[start:end])
	}
	return list
}

//go:linkname os_runtime_args os.runtime_args
func os_runtime_args() []string { return append([]string{}, argslice...) }

//go:linkname syscall_runtime_envs syscall.runtime_envs
func syscall_runtime_envs() []string { return append([]string{}, envs...) }

func gogetenv(key string) string {
	for _, s := range envs {
		if len(s) > len(key) && s[len(key)] == '=' && s[:len(key)] == key {
			return s[len(key)+1:]
		}
	}
	return ""
}

//go:linkname syscall_Getpagesize syscall.Getpagesize
func syscall_Getpagesize() int { return 65536 }

//go:linkname syscall_runtimeSetenv syscall.runtimeSetenv
func syscall_runtimeSetenv(key, value string) {
	if key == "GODEBUG" {
		godebugChanged(value)
	}
}

//go:linkname syscall_runtimeUnsetenv syscall.runtimeUnsetenv
func syscall_runtimeUnsetenv(key string) {
	if key == "GODEBUG" {
		godebugChanged("")
	}
}

//go:linkname syscall_runtimeClearenv syscall.runtimeClearenv
func syscall_runtimeClearenv(env map[string]int) { godebugChanged("") }

// GODEBUG: internal/godebug holds the settings and is told of changes; this package reads a few itself.

type godebugFlag struct {
	value string
	inc   func()
}

var (
	panicnil       godebugFlag
	godebugUpdate  func(def, env string)
	godebugEnv     string
	godebugDefault string // set by the linker from the main package's go.mod and //go:debug lines
)

func parsedebug() {
	godebugEnv = gogetenv("GODEBUG")
	readGodebug()
	setTraceback(gogetenv("GOTRACEBACK"))
	initGC()
}

func readGodebug() {
	panicnil.value = godebugSetting("panicnil")
	async := godebugSetting("asynctimerchan")
	asyncTimerChan = async != "" && async != "0"
	tracebackLabels = godebugSetting("tracebacklabels") == "1"
}

// godebugSetting is the value of key, the environment before the default; the last entry counts.
func godebugSetting(key string) string {
	v := ""
	for _, list := range [2]string{godebugDefault, godebugEnv} {
		for len(list) > 0 {
			entry := list
			if i := indexByte(list, ','); i >= 0 {
				entry, list = list[:i], list[i+1:]
			} else {
				list = ""
			}
			if len(entry) > len(key) && entry[:len(key)] == key && entry[len(key)] == '=' {
				v = entry[len(key)+1:]
			}
		}
	}
	return v
}

func indexByte(s string, c byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}

func godebugChanged(env string) {
	godebugEnv = env
	readGodebug()
	if godebugUpdate != nil {
		godebugUpdate(godebugDefault, env)
	}
}

//go:linkname godebug_setUpdate internal/godebug.setUpdate
func godebug_setUpdate(update func(string, string)) {
	godebugUpdate = update
	update(godebugDefault, godebugEnv)
}

//go:linkname godebug_setNewIncNonDefault internal/godebug.setNewIncNonDefault
func godebug_setNewIncNonDefault(newIncNonDefault func(string) func()) {
	newIncrement = newIncNonDefault
}

// newIncrement makes what counts that a setting made a difference; package internal/godebug sets it.
var newIncrement func(name string) func()

// increment counts that the setting made a difference.
func (g *godebugFlag) increment(name string) {
	if g.inc == nil && newIncrement != nil {
		g.inc = newIncrement(name)
	}
	if g.inc != nil {
		g.inc()
	}
}

// getAuxv is what golang.org/x/sys/cpu asks for: there is none.
//
//go:linkname getAuxv
func getAuxv() []uintptr { return nil }

//go:linkname write
func write(fd uintptr, p unsafe.Pointer, n int32) int32 { return kwrite(int32(fd), p, n) }
