package syscall

// GOOS=js: what package syscall declares of sockets: numbers are those of Linux.

const (
	AF_UNSPEC = 0
	AF_UNIX   = 1
	AF_INET   = 2
	AF_INET6  = 10
)

const (
	SOCK_STREAM    = 1
	SOCK_DGRAM     = 2
	SOCK_RAW       = 3
	SOCK_SEQPACKET = 5
)

const (
	IPPROTO_IP   = 0
	IPPROTO_ICMP = 1
	IPPROTO_IPV4 = 4
	IPPROTO_TCP  = 6
	IPPROTO_UDP  = 17
	IPPROTO_IPV6 = 41
)

const SOMAXCONN = 128

// Levels and names of options.
const (
	SOL_SOCKET = 1

	SO_REUSEADDR = 2
	SO_TYPE      = 3
	SO_ERROR     = 4
	SO_BROADCAST = 6
	SO_SNDBUF    = 7
	SO_RCVBUF    = 8
	SO_KEEPALIVE = 9
	SO_LINGER    = 13
	SO_REUSEPORT = 15

	TCP_NODELAY   = 1
	TCP_KEEPIDLE  = 4
	TCP_KEEPINTVL = 5
	TCP_KEEPCNT   = 6

	IP_TTL             = 2
	IP_MULTICAST_IF    = 32
	IP_MULTICAST_TTL   = 33
	IP_MULTICAST_LOOP  = 34
	IP_ADD_MEMBERSHIP  = 35
	IP_DROP_MEMBERSHIP = 36

	IPV6_UNICAST_HOPS   = 16
	IPV6_MULTICAST_IF   = 17
	IPV6_MULTICAST_HOPS = 18
	IPV6_MULTICAST_LOOP = 19
	IPV6_JOIN_GROUP     = 20
	IPV6_LEAVE_GROUP    = 21
	IPV6_V6ONLY         = 26
)

const (
	SHUT_RD   = 0
	SHUT_WR   = 1
	SHUT_RDWR = 2
)

const (
	MSG_OOB   = 0x1
	MSG_PEEK  = 0x2
	MSG_TRUNC = 0x20
)

const F_DUPFD_CLOEXEC = 1030

// SYS_FCNTL is not used on this port.
const SYS_FCNTL = 500

// A Sockaddr is one of the following types.
type Sockaddr any

// A SockaddrInet4 is an address of IPv4 and a port.
type SockaddrInet4 struct {
	Port int
	Addr [4]byte
}

// A SockaddrInet6 is an address of IPv6 and a port.
type SockaddrInet6 struct {
	Port   int
	ZoneId uint32
	Addr   [16]byte
}

// A SockaddrUnix is a path, or a name that begins with @ or a zero byte.
type SockaddrUnix struct {
	Name string
}

// Linger is the value of SO_LINGER.
type Linger struct {
	Onoff  int32
	Linger int32
}

// An IPMreq is a group to join and the interface's address.
type IPMreq struct {
	Multiaddr [4]byte
	Interface [4]byte
}

// An IPMreqn is the same with the interface's index.
type IPMreqn struct {
	Multiaddr [4]byte
	Address   [4]byte
	Ifindex   int32
}

// An IPv6Mreq is a group to join and the interface's index.
type IPv6Mreq struct {
	Multiaddr [16]byte
	Interface uint32
}

// A sockAddress is an address as the host has it (src/abi/sockets.ts).
type sockAddress struct {
	family uint16
	port   uint16
	scope  uint32
	length uint32
	bytes  [116]byte
}

// set takes over sa, which must be of the socket's family.
func (a *sockAddress) set(family int, sa Sockaddr) error {
	switch sa := sa.(type) {
	case *SockaddrInet4:
		return a.setInet4(family, sa)
	case *SockaddrInet6:
		return a.setInet6(family, sa)
	case *SockaddrUnix:
		return a.setUnix(family, sa.Name)
	}
	return EAFNOSUPPORT
}

func (a *sockAddress) setInet4(family int, sa *SockaddrInet4) error {
	if family != AF_INET {
		return EAFNOSUPPORT
	}
	if sa.Port < 0 || sa.Port > 0xFFFF {
		return EINVAL
	}
	*a = sockAddress{family: AF_INET, port: uint16(sa.Port), length: 4}
	copy(a.bytes[:], sa.Addr[:])
	return nil
}

func (a *sockAddress) setInet6(family int, sa *SockaddrInet6) error {
	if family != AF_INET6 {
		return EAFNOSUPPORT
	}
	if sa.Port < 0 || sa.Port > 0xFFFF {
		return EINVAL
	}
	*a = sockAddress{family: AF_INET6, port: uint16(sa.Port), scope: sa.ZoneId, length: 16}
	copy(a.bytes[:], sa.Addr[:])
	return nil
}

// setUnix takes over a path or name. As on Linux a path has at most 107 bytes, and @ stands for a zero byte.
func (a *sockAddress) setUnix(family int, name string) error {
	if family != AF_UNIX {
		return EAFNOSUPPORT
	}
	if len(name) > 107 {
		return EINVAL
	}
	*a = sockAddress{family: AF_UNIX}
	a.length = uint32(copy(a.bytes[:], name))
	if a.length > 0 && a.bytes[0] == '@' {
		a.bytes[0] = 0
	}
	return nil
}

// decode reads an address of IP as it lies in the ring before a datagram.
func (a *sockAddress) decode(b []byte) {
	a.family, a.port = uint16(b[0])|uint16(b[1])<<8, uint16(b[2])|uint16(b[3])<<8
	a.scope = uint32(b[4]) | uint32(b[5])<<8 | uint32(b[6])<<16 | uint32(b[7])<<24
	a.length = uint32(b[8])
	copy(a.bytes[:16], b[12:])
}

// inet4 and inet6 give it to a program, if it is of such a kind.
func (a *sockAddress) inet4(sa *SockaddrInet4) {
	if a.family == AF_INET {
		sa.Port = int(a.port)
		copy(sa.Addr[:], a.bytes[:4])
	}
}

func (a *sockAddress) inet6(sa *SockaddrInet6) {
	switch a.family {
	case AF_INET6:
		sa.Port, sa.ZoneId = int(a.port), a.scope
		copy(sa.Addr[:], a.bytes[:16])
	case AF_INET:
		// The host says plainly that the peer speaks IPv4.
		sa.Port = int(a.port)
		sa.Addr = [16]byte{10: 0xff, 11: 0xff}
		copy(sa.Addr[12:], a.bytes[:4])
	}
}

// sockaddr is the address for a program; nil for none. An unnamed Unix socket has an empty name.
func (a *sockAddress) sockaddr(family int) Sockaddr {
	switch family {
	case AF_INET:
		sa := new(SockaddrInet4)
		a.inet4(sa)
		return sa
	case AF_INET6:
		sa := new(SockaddrInet6)
		a.inet6(sa)
		return sa
	case AF_UNIX:
		name := a.bytes[:a.length]
		if len(name) > 0 && name[0] == 0 {
			return &SockaddrUnix{Name: "@" + string(name[1:])}
		}
		return &SockaddrUnix{Name: string(name)}
	}
	return nil
}
