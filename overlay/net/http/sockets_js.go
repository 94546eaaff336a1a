package http

// GOOS=js: requests go by fetch only where the host has no sockets (a page); under Node by Transport's own connections, as on the native ports.

import _ "unsafe" // for linkname

//go:linkname hasSockets syscall.hasSockets
func hasSockets() bool

func init() { jsFetchDisabled = jsFetchDisabled || hasSockets() }
