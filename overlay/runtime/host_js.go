package runtime

// GOOS=js: what package syscall asks of this one: waiting for answers of the host.

import "unsafe"

//go:linkname syscall_newcompletion syscall.runtime_newcompletion
func syscall_newcompletion() uint32 { return knewcompletion() }

//go:linkname syscall_completionwait syscall.runtime_completionwait
func syscall_completionwait(id uint32) int32 { return kcompletionwait(id) }

// Calls of the host that only M0 may make stand between these two.

//go:linkname syscall_onM0 syscall.runtime_onM0
func syscall_onM0() { konm0() }

//go:linkname syscall_onFiles syscall.runtime_onFiles
func syscall_onFiles() { konfiles() }

//go:linkname syscall_offM0 syscall.runtime_offM0
func syscall_offM0() { koffm0() }

//go:linkname syscall_blockingcall syscall.runtime_blockingcall
func syscall_blockingcall(call func(), long bool) {
	if !kblockingcall(*(*unsafe.Pointer)(unsafe.Pointer(&call)), long) {
		call()
	}
}

//go:linkname syscall_lastingcall syscall.runtime_lastingcall
func syscall_lastingcall(call func()) {
	if !klastingcall(*(*unsafe.Pointer)(unsafe.Pointer(&call))) {
		call()
	}
}

//go:linkname syscall_startSystem syscall.runtime_startSystem
func syscall_startSystem(fn func()) { startSystem(fn) }

//go:linkname js_runtime_jscall syscall/js.runtime_jscall
func js_runtime_jscall(c unsafe.Pointer) int32 { return kjscall(c) }

var eventHandler func()

//go:linkname js_runtime_setevent syscall/js.runtime_setevent
func js_runtime_setevent(fn func()) {
	eventHandler = fn
	ksetevent(*(*unsafe.Pointer)(unsafe.Pointer(&eventHandler)))
}
