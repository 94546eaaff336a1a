package syscall

// GOOS=js: the calls of the host about sockets (src/abi/hostcalls.ts). A socket is the address of its sockShared.

import "unsafe"

//go:wasmimport goloom net_listen
func hostListen(s unsafe.Pointer, backlog, id uint32)

//go:wasmimport goloom net_accept
func hostAccept(listener, s unsafe.Pointer) int32

//go:wasmimport goloom net_connect
func hostConnect(s unsafe.Pointer)

//go:wasmimport goloom net_send
//go:noescape
func hostSend(fd int32, p unsafe.Pointer, n uint32) int32

//go:wasmimport goloom net_write
//go:noescape
func hostSocketWrite(s, p unsafe.Pointer, n uint32) int32

//go:wasmimport goloom net_resume
func hostResume(s unsafe.Pointer)

//go:wasmimport goloom net_shutdown
func hostShutdown(s unsafe.Pointer)

//go:wasmimport goloom net_close
func hostSocketClose(s unsafe.Pointer, reset uint32)

//go:wasmimport goloom net_option
//go:noescape
func hostOption(s unsafe.Pointer, option uint32, value int32, address unsafe.Pointer) int32

//go:wasmimport goloom net_datagram
func hostDatagram(s unsafe.Pointer, family, id uint32)

//go:wasmimport goloom net_sendto
//go:noescape
func hostSendto(s, p unsafe.Pointer, n uint32, to unsafe.Pointer, id uint32)

//go:wasmimport goloom net_lookup
//go:noescape
func hostLookup(kind uint32, name string, id uint32)

//go:wasmimport goloom net_answer
//go:noescape
func hostAnswer(answer uint32, p unsafe.Pointer, n uint32) int32

// Options of hostOption.
const (
	optionNoDelay = iota
	optionKeepAlive
	optionReceiveBuffer
	optionSendBuffer
	optionBroadcast
	optionTtl
	optionMulticastTTL
	optionMulticastLoopback
	optionMulticastInterface
	optionJoin
	optionLeave
)

// Kinds of hostLookup.
const (
	lookupHost4 = iota
	lookupHost6
	lookupHost
	lookupAddr
	lookupCname
	lookupMx
	lookupNs
	lookupTxt
	lookupSrv
)

// Lookup asks the host's resolver; the answer begins with a character that says how it went (src/runtime/host/names.ts).
func lookupName(kind int, name string) string {
	id := runtime_newcompletion()
	hostLookup(uint32(kind), name, id)
	answer := uint32(runtime_completionwait(id))
	b := make([]byte, hostAnswer(answer, nil, 0))
	if len(b) > 0 {
		hostAnswer(answer, unsafe.Pointer(&b[0]), uint32(len(b)))
	}
	return string(b)
}

// interfaces lists the host's network interfaces, in the form of src/runtime/host/names.ts.
func interfaces() (string, error) {
	b, err := text(textInterfaces, "")
	return string(b), err
}

// hostPrefersResolver says whether names are better asked of the host than of the system's files: Windows has none.
func hostPrefersResolver() bool { return hostIdent(identWindows) != 0 }

// hasSockets says whether the host has sockets.
func hasSockets() bool { return hostIdent(identSockets) != 0 }
