package syscall

// GOOS=js: reading from and writing to sockets. All of it is in non-blocking mode: EAGAIN, and internal/poll waits.

import (
	"sync/atomic"
	"unsafe"
)

// datagramHead is the size of a datagram's length and address in the ring.
const datagramHead = 32

// takeError is the error that the host noted in a state word, which it gives once: then the stream is at its end.
func takeError(state *uint32, then uint32) Errno {
	for {
		old := atomic.LoadUint32(state)
		if old>>stateErrorBits == 0 {
			return 0
		}
		if atomic.CompareAndSwapUint32(state, old, old&(1<<stateErrorBits-1)|then) {
			return Errno(old >> stateErrorBits)
		}
	}
}

// copyOut copies from the ring, beginning offset bytes behind its head.
func (s *socket) copyOut(b []byte, offset uint32) int {
	at := (s.shared.head + offset) & (s.shared.cap - 1)
	n := copy(b, s.ring[at:])
	return n + copy(b[n:], s.ring)
}

func (s *socket) read(b []byte, peek bool) (int, error) {
	if s.sotype == SOCK_DGRAM || s.loop != nil {
		var from sockAddress
		n, _, err := s.receive(b, peek, &from)
		return n, err
	}
	if s.state != sockConnected && s.outcome() != 0 || s.state == sockNew || s.state == sockListening {
		return -1, ENOTCONN
	}
	sh := s.shared
	s.rmu.Lock()
	defer s.rmu.Unlock()
	for {
		avail := atomic.LoadUint32(&sh.tail) - sh.head
		if avail > 0 && !s.readShut.Load() {
			n := s.copyOut(b[:min(uint32(len(b)), avail)], 0)
			if !peek {
				atomic.StoreUint32(&sh.head, sh.head+uint32(n))
			}
			return n, nil
		}
		if s.readShut.Load() {
			return 0, nil
		}
		state := atomic.LoadUint32(&sh.rstate)
		if atomic.LoadUint32(&sh.tail) != sh.head {
			continue // what came before the state changed
		}
		switch {
		case state&rstatePaused != 0:
			// The stream is faster than its reader: it gets more room.
			if sh.cap < ringMax {
				s.setRing(int(sh.cap) * 4)
			}
			hostResume(s.at())
			continue
		case state>>stateErrorBits != 0:
			return -1, takeError(&sh.rstate, rstateEOF)
		case state&rstateEOF != 0:
			return 0, nil
		}
		return -1, EAGAIN
	}
}

// queueMax is what the host takes at once of what the system has no room for.
const queueMax = 256 << 10

func (s *socket) write(b []byte) (int, error) {
	if s.writeShut.Load() {
		return -1, EPIPE
	}
	if s.loop != nil {
		if s.sotype == SOCK_DGRAM && !s.connected {
			return -1, EDESTADDRREQ
		}
		return s.loopWrite(b, nil)
	}
	sh := s.shared
	if s.sotype == SOCK_DGRAM {
		return s.sendConnected(b)
	}
	if s.state != sockConnected && (s.outcome() != 0 || s.state != sockConnected) {
		return -1, ENOTCONN
	}
	state := atomic.LoadUint32(&sh.wstate)
	if state>>stateErrorBits != 0 {
		return -1, takeError(&sh.wstate, 0)
	}
	if state&wstateBlocked != 0 {
		return -1, EAGAIN
	}
	if len(b) == 0 {
		return 0, nil
	}
	done := 0
	if sh.fd >= 0 {
		r := hostSend(sh.fd, unsafe.Pointer(&b[0]), uint32(min(len(b), 1<<30)))
		if int(r) == len(b) || r < 0 && Errno(-r) != EAGAIN {
			return count(r)
		}
		done = max(int(r), 0)
	}
	rest := b[done:min(len(b), done+queueMax)]
	r := hostSocketWrite(s.at(), unsafe.Pointer(&rest[0]), uint32(len(rest)))
	if r < 0 {
		if done > 0 {
			return done, nil
		}
		return -1, Errno(-r)
	}
	return done + int(r), nil
}

// receive takes the next datagram: its length that was copied, whether it was longer, and in *from its sender.
func (s *socket) receive(b []byte, peek bool, from *sockAddress) (n int, truncated bool, err error) {
	if s.loop != nil {
		return s.loopRead(b, peek, from)
	}
	if s.state == sockNew {
		return -1, false, EAGAIN
	}
	sh := s.shared
	s.rmu.Lock()
	defer s.rmu.Unlock()
	if atomic.LoadUint32(&sh.tail) == sh.head {
		if e := takeError(&sh.rstate, 0); e != 0 {
			return -1, false, e
		}
		if s.readShut.Load() {
			return 0, false, nil
		}
		return -1, false, EAGAIN
	}
	// Sizes are multiples of 8, and the ring's too: length and address are in one piece or two.
	var head [datagramHead]byte
	s.copyOut(head[:], 0)
	size := uint32(head[0]) | uint32(head[1])<<8 | uint32(head[2])<<16
	from.decode(head[4:])
	n = s.copyOut(b[:min(uint32(len(b)), size)], datagramHead)
	if !peek {
		atomic.StoreUint32(&sh.head, sh.head+(datagramHead+size+7)&^7)
	}
	return n, uint32(n) < size, nil
}

func (s *socket) sendConnected(b []byte) (int, error) {
	if !s.connected {
		return -1, EDESTADDRREQ
	}
	if e := takeError(&s.shared.rstate, 0); e != 0 {
		return -1, e
	}
	return s.sendTo(b, &s.shared.remote)
}

func (s *socket) sendTo(b []byte, to *sockAddress) (int, error) {
	id := runtime_newcompletion()
	hostSendto(s.at(), unsafe.Pointer(unsafe.SliceData(b)), uint32(len(b)), unsafe.Pointer(to), id)
	return count(runtime_completionwait(id))
}

// Recvfrom receives a message and tells who has sent it; nil where that is the other end of a connection.
func Recvfrom(fd int, p []byte, flags int) (n int, from Sockaddr, err error) {
	n, _, _, from, err = Recvmsg(fd, p, nil, flags)
	return n, from, err
}

// Recvmsg is Recvfrom; there is never anything out of band.
func Recvmsg(fd int, p, oob []byte, flags int) (n, oobn, recvflags int, from Sockaddr, err error) {
	var a sockAddress
	n, recvflags, family, err := recvmsg(fd, p, flags, &a)
	if a.family != 0 {
		from = a.sockaddr(family)
	}
	return n, 0, recvflags, from, err
}

func recvmsg(fd int, p []byte, flags int, from *sockAddress) (n, recvflags, family int, err error) {
	s, err := lookupSocket(fd)
	if err != nil {
		return -1, 0, 0, err
	}
	if s.sotype == SOCK_STREAM {
		n, err = s.read(p, flags&MSG_PEEK != 0)
		return n, 0, s.family, err
	}
	n, truncated, err := s.receive(p, flags&MSG_PEEK != 0, from)
	if truncated {
		recvflags = MSG_TRUNC
	}
	return n, recvflags, s.family, err
}

// Sendto sends a message.
func Sendto(fd int, p []byte, flags int, to Sockaddr) error {
	_, err := SendmsgN(fd, p, nil, to, flags)
	return err
}

// SendmsgN sends a message; nothing can be sent out of band.
func SendmsgN(fd int, p, oob []byte, to Sockaddr, flags int) (n int, err error) {
	s, err := lookupSocket(fd)
	if err != nil {
		return -1, err
	}
	if len(oob) > 0 {
		return -1, EOPNOTSUPP
	}
	if to == nil {
		return s.write(p)
	}
	var a sockAddress
	if err := a.set(s.family, to); err != nil {
		return -1, err
	}
	return s.send(p, &a)
}

// send sends to an address.
func (s *socket) send(p []byte, to *sockAddress) (int, error) {
	if s.sotype != SOCK_DGRAM || s.connected {
		return -1, EISCONN
	}
	if s.loop != nil {
		return s.loopWrite(p, to)
	}
	if s.state == sockNew {
		if err := s.open(); err != nil {
			return -1, err
		}
	}
	return s.sendTo(p, to)
}

// open has the host make a datagram socket that was not bound.
func (s *socket) open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != sockNew {
		return nil
	}
	return s.openDatagram()
}

// The following are what package internal/syscall/unix has by other names.

func recvfromInet4(fd int, p []byte, flags int, from *SockaddrInet4) (int, error) {
	n, _, _, err := recvmsgInet4(fd, p, nil, flags, from)
	return n, err
}

func recvfromInet6(fd int, p []byte, flags int, from *SockaddrInet6) (int, error) {
	n, _, _, err := recvmsgInet6(fd, p, nil, flags, from)
	return n, err
}

func recvmsgInet4(fd int, p, oob []byte, flags int, from *SockaddrInet4) (n, oobn int, recvflags int, err error) {
	var a sockAddress
	n, recvflags, _, err = recvmsg(fd, p, flags, &a)
	a.inet4(from)
	return n, 0, recvflags, err
}

func recvmsgInet6(fd int, p, oob []byte, flags int, from *SockaddrInet6) (n, oobn int, recvflags int, err error) {
	var a sockAddress
	n, recvflags, _, err = recvmsg(fd, p, flags, &a)
	a.inet6(from)
	return n, 0, recvflags, err
}

func sendmsgInet4(fd int, p, oob []byte, to *SockaddrInet4, flags int) (n int, err error) {
	if to == nil || len(oob) > 0 {
		return SendmsgN(fd, p, oob, nil, flags)
	}
	s, err := lookupSocket(fd)
	if err != nil {
		return -1, err
	}
	var a sockAddress
	if err := a.setInet4(s.family, to); err != nil {
		return -1, err
	}
	return s.send(p, &a)
}

func sendmsgInet6(fd int, p, oob []byte, to *SockaddrInet6, flags int) (n int, err error) {
	if to == nil || len(oob) > 0 {
		return SendmsgN(fd, p, oob, nil, flags)
	}
	s, err := lookupSocket(fd)
	if err != nil {
		return -1, err
	}
	var a sockAddress
	if err := a.setInet6(s.family, to); err != nil {
		return -1, err
	}
	return s.send(p, &a)
}
