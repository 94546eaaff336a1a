package syscall

// GOOS=js: sockets inside the program. On a host without sockets all are of this kind, so that a server and its clients in one program work; on
// others those that the host doesn't have: datagrams and packets over Unix sockets, which therefore reach nobody outside. As with a real network
// whose other hosts are all down, who is called but is not there refuses the connection.
//
// All of it is under loopback.mu.

import "sync"

// A packet is what one call has sent.
type packet struct {
	data []byte
	from sockAddress
}

// loop is what a socket inside the program has beside its common state.
type loop struct {
	queue   []packet // received
	size    int      // bytes in queue
	backlog []*socket
	peer    *socket // other end of a connection, or where a connected datagram socket sends
	eof     bool    // nothing more will come
	gone    bool    // closed
}

var loopback struct {
	mu    sync.Mutex
	bound []*socket
	port  uint16
}

const (
	loopBuffer    = 64 << 10
	loopBacklog   = 4096
	firstPort     = 49152
	largestPacket = 65507
)

func (s *socket) inStream() bool { return s.sotype != SOCK_DGRAM }

// ip is an address's 16 bytes, and whether they stand for all.
func (a *sockAddress) ip() (ip [16]byte, all bool) {
	if a.family == AF_INET {
		ip[10], ip[11] = 0xff, 0xff
		copy(ip[12:], a.bytes[:4])
		return ip, [4]byte(a.bytes[:4]) == [4]byte{}
	}
	copy(ip[:], a.bytes[:16])
	return ip, ip == [16]byte{}
}

// reaches says whether what is sent to address to comes to a socket bound to a.
func (a *sockAddress) reaches(to *sockAddress) bool {
	if a.family == AF_UNIX || to.family == AF_UNIX {
		return a.family == to.family && a.length == to.length && a.bytes == to.bytes
	}
	mine, all := a.ip()
	ip, anyone := to.ip()
	return a.port == to.port && (all || anyone || mine == ip)
}

// find is the socket that s would reach at address to.
func (s *socket) find(to *sockAddress) *socket {
	for _, x := range loopback.bound {
		if x.sotype == s.sotype && x.shared.local.reaches(to) {
			return x
		}
	}
	return nil
}

// loopBind gives s its local address, or a free port of it. loopback.mu is held.
func (s *socket) loopBind() error {
	a := &s.shared.local
	if a.family != AF_UNIX && a.port == 0 {
		for tries := 0; a.port == 0; tries++ {
			if tries > 0xffff-firstPort {
				return EADDRINUSE
			}
			if loopback.port++; loopback.port < firstPort {
				loopback.port = firstPort
			}
			if a.port = loopback.port; s.find(a) != nil {
				a.port = 0
			}
		}
	} else if s.find(a) != nil {
		return EADDRINUSE
	}
	if err := a.makeFile(); err != nil {
		return err
	}
	loopback.bound = append(loopback.bound, s)
	return nil
}

// makeFile makes the file that stands for a Unix socket with a path. It is an empty one, for want of the other kind.
func (a *sockAddress) makeFile() error {
	if a.family != AF_UNIX || a.length == 0 || a.bytes[0] == 0 {
		return nil
	}
	fd, err := Open(string(a.bytes[:a.length]), O_CREAT|O_EXCL|O_RDONLY, 0755)
	switch err {
	case nil:
		return Close(fd)
	case EEXIST:
		return EADDRINUSE
	case ENOSYS:
		return nil
	}
	return err
}

// loopBindAny binds s if it isn't bound; a Unix socket does without a name.
func (s *socket) loopBindAny() error {
	if s.bound || s.family == AF_UNIX {
		return nil
	}
	s.bound = true
	s.anyAddress()
	return s.loopBind()
}

func (s *socket) loopConnect() error {
	loopback.mu.Lock()
	defer loopback.mu.Unlock()
	x := s.find(&s.shared.remote)
	if x == nil || x.inStream() && x.state != sockListening {
		return s.notFound()
	}
	if err := s.loopBindAny(); err != nil {
		return err
	}
	if !s.inStream() {
		s.loop.peer, s.state = x, sockDatagram
		return nil
	}
	if len(x.loop.backlog) == loopBacklog {
		return ECONNREFUSED
	}
	c := newSocket(x.family, x.sotype)
	c.loop = &loop{peer: s}
	c.state = sockConnected
	c.shared.local, c.shared.remote = s.shared.remote, s.shared.local
	if c.family == AF_UNIX {
		c.shared.local = x.shared.local
	}
	s.loop.peer, s.state = c, sockConnected
	x.loop.backlog = append(x.loop.backlog, c)
	runtime_pollReady(x.shared.pd, 'r')
	return nil
}

// notFound is the error of a connection to nobody.
func (s *socket) notFound() error {
	if a := &s.shared.remote; a.family == AF_UNIX && a.length > 0 && a.bytes[0] != 0 {
		if err := access(string(a.bytes[:a.length]), 0); err == ENOENT {
			return ENOENT
		}
	}
	return ECONNREFUSED
}

func (s *socket) loopAccept() (*socket, error) {
	loopback.mu.Lock()
	defer loopback.mu.Unlock()
	if len(s.loop.backlog) == 0 {
		return nil, EAGAIN
	}
	c := s.loop.backlog[0]
	s.loop.backlog = s.loop.backlog[1:]
	return c, nil
}

// loopRead takes from the queue: of a stream what fits, else a packet, whose rest is lost.
func (s *socket) loopRead(b []byte, peek bool, from *sockAddress) (n int, truncated bool, err error) {
	loopback.mu.Lock()
	defer loopback.mu.Unlock()
	l := s.loop
	if len(l.queue) == 0 {
		switch {
		case l.eof || s.readShut.Load():
			return 0, false, nil
		case s.inStream() && s.state != sockConnected:
			return -1, false, ENOTCONN
		}
		return -1, false, EAGAIN
	}
	p := &l.queue[0]
	n = copy(b, p.data)
	truncated = n < len(p.data)
	*from = p.from
	if peek {
		return n, truncated, nil
	}
	if s.sotype == SOCK_STREAM && truncated {
		p.data = p.data[n:]
		l.size -= n
		truncated = false
	} else {
		l.size -= len(p.data)
		l.queue = l.queue[1:]
	}
	if l.peer != nil {
		runtime_pollReady(l.peer.shared.pd, 'w')
	}
	return n, truncated, nil
}

// loopWrite sends to the other end, or to an address.
func (s *socket) loopWrite(b []byte, to *sockAddress) (int, error) {
	loopback.mu.Lock()
	defer loopback.mu.Unlock()
	x := s.loop.peer
	if to != nil {
		if err := s.loopBindAny(); err != nil {
			return -1, err
		}
		s.state = sockDatagram
		if x = s.find(to); x == nil {
			if s.family == AF_UNIX {
				return -1, ECONNREFUSED
			}
			return len(b), nil // lost
		}
	}
	switch {
	case s.writeShut.Load():
		return -1, EPIPE
	case x == nil:
		return -1, ENOTCONN
	case x.loop.gone || x.loop.eof && x.readShut.Load():
		if s.inStream() {
			return -1, EPIPE
		}
		return -1, ECONNREFUSED
	case s.sotype != SOCK_STREAM && len(b) > largestPacket:
		return -1, EMSGSIZE
	case s.sotype == SOCK_STREAM && len(b) == 0:
		return 0, nil
	}
	room := loopBuffer - x.loop.size
	if room <= 0 || s.sotype != SOCK_STREAM && x.loop.size > 0 && room < len(b) {
		if s.sotype == SOCK_DGRAM && s.family != AF_UNIX {
			return len(b), nil // lost
		}
		return -1, EAGAIN
	}
	if s.sotype == SOCK_STREAM {
		b = b[:min(len(b), room)]
	}
	x.loop.queue = append(x.loop.queue, packet{append([]byte(nil), b...), s.shared.local})
	x.loop.size += len(b)
	runtime_pollReady(x.shared.pd, 'r')
	return len(b), nil
}

// loopEnd tells the other end that nothing more will come.
func (s *socket) loopEnd() {
	if x := s.loop.peer; x != nil && s.inStream() {
		x.loop.eof = true
		runtime_pollReady(x.shared.pd, 'r')
		runtime_pollReady(x.shared.pd, 'w')
	}
}

func (s *socket) loopShutdown() {
	loopback.mu.Lock()
	s.loopEnd()
	loopback.mu.Unlock()
}

func (s *socket) loopClose() {
	loopback.mu.Lock()
	defer loopback.mu.Unlock()
	s.loop.gone = true
	s.loopEnd()
	for i, x := range loopback.bound {
		if x == s {
			loopback.bound = append(loopback.bound[:i:i], loopback.bound[i+1:]...)
			break
		}
	}
	for _, c := range s.loop.backlog {
		c.loop.gone = true
		c.loopEnd()
	}
}
