package syscall

// GOOS=js: sockets. Their state is kept here, in the program's memory; the host has a socket of its own from the moment on that one is needed
// (Listen, Connect, Bind of a datagram socket). What both sides use is the sockShared; src/abi/sockets.ts has its protocol.
//
// Reading takes bytes from a ring that the host fills, writing goes to the system directly (sockio_js.go); all else are calls of the host on M0.

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// sockShared is the part of a socket that the host uses.
type sockShared struct {
	pd            uint32
	ring          uint32
	cap           uint32
	head          uint32 // Go's
	tail          uint32 // the host's
	rstate        uint32
	wstate        uint32
	fd            int32 // the system's, -1: writing is a call on M0
	connect       uint32
	flags         uint32
	local, remote sockAddress
}

// Bits of sockShared.rstate, wstate and flags.
const (
	rstateEOF      = 1
	rstatePaused   = 2
	wstateBlocked  = 1
	stateErrorBits = 8

	flagV6only    = 1
	flagReuseaddr = 2
	flagBroadcast = 4
)

const (
	ringFirst    = 4 << 10
	ringMax      = 256 << 10
	ringDatagram = 256 << 10
)

// States of a socket.
const (
	sockNew = iota
	sockListening
	sockConnecting
	sockConnected
	sockDatagram // the host has a datagram socket, which may be connected
)

type socket struct {
	family, sotype int
	shared         *sockShared
	ring           []byte     // keeps shared.ring alive
	rmu            sync.Mutex // guards reading: the ring's head
	mu             sync.Mutex // guards all below
	state          int
	bound          bool
	hosted         bool // the host knows it
	connected      bool // of datagram sockets
	readShut       atomic.Bool
	writeShut      atomic.Bool
	linger         Linger
	noDelay        bool
	keepAlive      bool
	keepIdle       int
	options        map[[2]int]int
	loop           *loop // of a socket inside the program
}

func newSocket(family, sotype int) *socket {
	return &socket{family: family, sotype: sotype, shared: &sockShared{fd: -1}, keepIdle: 15}
}

func (s *socket) at() unsafe.Pointer { return unsafe.Pointer(s.shared) }

// setRing gives the socket an empty ring of size bytes, which the host does not look at now.
func (s *socket) setRing(size int) {
	s.ring = make([]byte, size)
	sh := s.shared
	sh.ring, sh.cap = uint32(uintptr(unsafe.Pointer(&s.ring[0]))), uint32(size)
	sh.head = 0
	atomic.StoreUint32(&sh.tail, 0)
}

// lookupSocket is the socket that fd is a descriptor of.
func lookupSocket(fd int) (*socket, error) {
	f, err := lookup(fd)
	if err != nil {
		return nil, err
	}
	if f.sock == nil {
		return nil, ENOTSOCK
	}
	return f.sock, nil
}

func installSocket(s *socket) int {
	return install(&file{sys: -1, mode: S_IFSOCK, flags: O_RDWR, nonblock: true, sock: s}, 0)
}

// Socket makes a socket: the host's, or one inside the program (loopback_js.go).
func Socket(domain, typ, proto int) (fd int, err error) {
	inside := !hasSockets()
	switch domain {
	case AF_INET, AF_INET6:
		if typ != SOCK_STREAM && typ != SOCK_DGRAM {
			return -1, EPROTONOSUPPORT
		}
		if typ == SOCK_STREAM && proto != 0 && proto != IPPROTO_TCP || typ == SOCK_DGRAM && proto != 0 && proto != IPPROTO_UDP {
			return -1, EPROTONOSUPPORT
		}
	case AF_UNIX:
		switch typ {
		case SOCK_DGRAM, SOCK_SEQPACKET:
			inside = true
		case SOCK_STREAM:
		default:
			return -1, ESOCKTNOSUPPORT
		}
	default:
		return -1, EAFNOSUPPORT
	}
	s := newSocket(domain, typ)
	if inside {
		s.loop = new(loop)
	}
	return installSocket(s), nil
}

// Bind gives a socket its address. A stream socket with SO_REUSEADDR is going to listen: the host begins with that now, as it tells of an
// address in use only then.
func Bind(fd int, sa Sockaddr) error {
	s, err := lookupSocket(fd)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bound || s.state != sockNew {
		return EINVAL
	}
	if err := s.shared.local.set(s.family, sa); err != nil {
		return err
	}
	s.bound = true
	if s.loop != nil {
		loopback.mu.Lock()
		defer loopback.mu.Unlock()
		return s.loopBind()
	}
	if s.sotype == SOCK_DGRAM {
		return s.openDatagram()
	}
	if s.shared.flags&flagReuseaddr != 0 {
		return s.listen(maxBacklog)
	}
	return nil
}

const maxBacklog = 4096

// Listen makes a socket one that accepts connections.
func Listen(fd int, backlog int) error {
	s, err := lookupSocket(fd)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sotype == SOCK_DGRAM {
		return EOPNOTSUPP
	}
	switch s.state {
	case sockListening:
		return nil
	case sockNew:
		if !s.bound {
			s.anyAddress()
		}
		return s.listen(backlog)
	}
	return EINVAL
}

// anyAddress makes the local address the one that stands for all.
func (s *socket) anyAddress() {
	s.shared.local = sockAddress{family: uint16(s.family)}
	switch s.family {
	case AF_INET:
		s.shared.local.length = 4
	case AF_INET6:
		s.shared.local.length = 16
	}
}

func (s *socket) listen(backlog int) error {
	if s.loop != nil {
		loopback.mu.Lock()
		defer loopback.mu.Unlock()
		if !s.bound {
			if err := s.loopBindAny(); err != nil {
				return err
			}
		}
		s.state = sockListening
		return nil
	}
	s.hosted = true
	id := runtime_newcompletion()
	hostListen(s.at(), uint32(backlog), id)
	err := errorOf(runtime_completionwait(id))
	if err == nil {
		s.state = sockListening
	}
	return err
}

// openDatagram has the host make, bind and connect a datagram socket, as far as addresses are there.
func (s *socket) openDatagram() error {
	if s.state == sockNew {
		s.setRing(ringDatagram)
	}
	s.hosted = true
	id := runtime_newcompletion()
	hostDatagram(s.at(), map[int]uint32{AF_INET: 4, AF_INET6: 6}[s.family], id)
	err := errorOf(runtime_completionwait(id))
	if err == nil {
		s.state = sockDatagram
	}
	return err
}

// Accept takes the next connection that has come to a listening socket.
func Accept(fd int) (newfd int, sa Sockaddr, err error) {
	l, err := lookupSocket(fd)
	if err != nil {
		return -1, nil, err
	}
	if l.state != sockListening {
		return -1, nil, EINVAL
	}
	if l.loop != nil {
		s, err := l.loopAccept()
		if err != nil {
			return -1, nil, err
		}
		return installSocket(s), s.shared.remote.sockaddr(s.family), nil
	}
	l.rmu.Lock()
	defer l.rmu.Unlock()
	if atomic.LoadUint32(&l.shared.tail) == l.shared.head {
		return -1, nil, EAGAIN
	}
	s := newSocket(l.family, l.sotype)
	s.setRing(ringFirst)
	s.state, s.hosted, s.noDelay, s.keepAlive = sockConnected, true, true, true
	l.shared.head++
	if r := hostAccept(l.at(), s.at()); r < 0 {
		return -1, nil, Errno(-r)
	}
	if s.family == AF_UNIX {
		s.shared.local = l.shared.local
	}
	return installSocket(s), s.shared.remote.sockaddr(s.family), nil
}

// Connect connects a socket. A stream's connection is under way when it returns EINPROGRESS; SO_ERROR tells the outcome.
func Connect(fd int, sa Sockaddr) error {
	s, err := lookupSocket(fd)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.state {
	case sockConnecting:
		return EALREADY
	case sockConnected:
		return EISCONN
	case sockListening:
		return EISCONN
	}
	if err := s.shared.remote.set(s.family, sa); err != nil {
		return err
	}
	if s.loop != nil {
		err := s.loopConnect()
		s.connected = err == nil && s.sotype == SOCK_DGRAM
		return err
	}
	if s.sotype == SOCK_DGRAM {
		err := s.openDatagram()
		s.connected = err == nil
		return err
	}
	s.setRing(ringFirst)
	s.state, s.hosted, s.noDelay, s.keepAlive = sockConnecting, true, true, true
	s.shared.connect = uint32(EINPROGRESS)
	hostConnect(s.at())
	return EINPROGRESS
}

// outcome is the state of a connection that is being made: 0 when it is there.
func (s *socket) outcome() Errno {
	if s.state != sockConnecting {
		return 0
	}
	e := Errno(atomic.LoadUint32(&s.shared.connect))
	if e == 0 {
		s.state = sockConnected
	}
	return e
}

// Shutdown ends one or both directions of a connection.
func Shutdown(fd int, how int) error {
	s, err := lookupSocket(fd)
	if err != nil {
		return err
	}
	if how < SHUT_RD || how > SHUT_RDWR {
		return EINVAL
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == sockListening && how != SHUT_WR {
		s.readShut.Store(true)
		runtime_pollReady(s.shared.pd, 'r')
		return nil
	}
	if s.outcome() != 0 || s.state != sockConnected && !s.connected {
		return ENOTCONN
	}
	if how != SHUT_WR {
		s.readShut.Store(true)
		runtime_pollReady(s.shared.pd, 'r')
	}
	if how != SHUT_RD && !s.writeShut.Swap(true) && s.state == sockConnected {
		if s.loop != nil {
			s.loopShutdown()
		} else {
			hostShutdown(s.at())
		}
		runtime_pollReady(s.shared.pd, 'w')
	}
	return nil
}

// close is called when the last descriptor is closed.
func (s *socket) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loop != nil {
		s.loopClose()
		return
	}
	if !s.hosted {
		return
	}
	reset := uint32(0)
	if s.linger.Onoff != 0 && s.linger.Linger == 0 {
		reset = 1
	}
	hostSocketClose(s.at(), reset)
	s.state, s.hosted = sockNew, false
}

// Getsockname is a socket's own address.
func Getsockname(fd int) (Sockaddr, error) {
	s, err := lookupSocket(fd)
	if err != nil {
		return nil, err
	}
	return s.shared.local.sockaddr(s.family), nil
}

// Getpeername is the address of the other end of a connection.
func Getpeername(fd int) (Sockaddr, error) {
	s, err := lookupSocket(fd)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outcome() != 0 || s.state != sockConnected && !s.connected {
		return nil, ENOTCONN
	}
	return s.shared.remote.sockaddr(s.family), nil
}
