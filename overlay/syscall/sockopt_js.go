package syscall

// GOOS=js: options of sockets, as far as the host has them. What it has not is remembered, so that who asks gets what was set.

import "unsafe"

// GetsockoptInt is the value of an option.
func GetsockoptInt(fd, level, opt int) (value int, err error) {
	s, err := lookupSocket(fd)
	if err != nil {
		return -1, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch [2]int{level, opt} {
	case [2]int{SOL_SOCKET, SO_ERROR}:
		return int(s.outcome()), nil
	case [2]int{SOL_SOCKET, SO_TYPE}:
		return s.sotype, nil
	case [2]int{IPPROTO_TCP, TCP_NODELAY}:
		return bit(s.noDelay), nil
	case [2]int{SOL_SOCKET, SO_KEEPALIVE}:
		return bit(s.keepAlive), nil
	case [2]int{IPPROTO_TCP, TCP_KEEPIDLE}:
		return s.keepIdle, nil
	case [2]int{IPPROTO_IPV6, IPV6_V6ONLY}:
		return bit(s.shared.flags&flagV6only != 0), nil
	case [2]int{SOL_SOCKET, SO_REUSEADDR}:
		return bit(s.shared.flags&flagReuseaddr != 0), nil
	case [2]int{SOL_SOCKET, SO_BROADCAST}:
		return bit(s.shared.flags&flagBroadcast != 0), nil
	}
	if v, ok := s.options[[2]int{level, opt}]; ok {
		return v, nil
	}
	return -1, ENOPROTOOPT
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *socket) flag(bit uint32, value int) {
	s.shared.flags &^= bit
	if value != 0 {
		s.shared.flags |= bit
	}
}

// SetsockoptInt sets an option.
func SetsockoptInt(fd, level, opt int, value int) error {
	s, err := lookupSocket(fd)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	open := s.state != sockNew
	switch [2]int{level, opt} {
	case [2]int{SOL_SOCKET, SO_REUSEADDR}:
		s.flag(flagReuseaddr, value)
		return nil
	case [2]int{IPPROTO_IPV6, IPV6_V6ONLY}:
		s.flag(flagV6only, value)
		return nil
	case [2]int{SOL_SOCKET, SO_BROADCAST}:
		s.flag(flagBroadcast, value)
		if !open || s.loop != nil {
			return nil
		}
		return s.option(optionBroadcast, value)
	case [2]int{IPPROTO_TCP, TCP_NODELAY}:
		if s.noDelay == (value != 0) {
			return nil
		}
		s.noDelay = value != 0
		return s.option(optionNoDelay, value)
	case [2]int{SOL_SOCKET, SO_KEEPALIVE}:
		if s.keepAlive == (value != 0) {
			return nil
		}
		s.keepAlive = value != 0
		return s.setKeepAlive()
	case [2]int{IPPROTO_TCP, TCP_KEEPIDLE}:
		if s.keepIdle == value {
			return nil
		}
		s.keepIdle = value
		return s.setKeepAlive()
	case [2]int{IPPROTO_IP, IP_TTL}, [2]int{IPPROTO_IPV6, IPV6_UNICAST_HOPS}:
		err = s.option(optionTtl, value)
	case [2]int{IPPROTO_IP, IP_MULTICAST_TTL}, [2]int{IPPROTO_IPV6, IPV6_MULTICAST_HOPS}:
		err = s.option(optionMulticastTTL, value)
	case [2]int{IPPROTO_IP, IP_MULTICAST_LOOP}, [2]int{IPPROTO_IPV6, IPV6_MULTICAST_LOOP}:
		err = s.option(optionMulticastLoopback, value)
	case [2]int{SOL_SOCKET, SO_RCVBUF}:
		err = s.option(optionReceiveBuffer, value)
		value *= 2 // as Linux has it
	case [2]int{SOL_SOCKET, SO_SNDBUF}:
		err = s.option(optionSendBuffer, value)
		value *= 2
	case [2]int{IPPROTO_TCP, TCP_KEEPINTVL}, [2]int{IPPROTO_TCP, TCP_KEEPCNT}:
	default:
		return ENOPROTOOPT
	}
	if err != nil {
		return err
	}
	if s.options == nil {
		s.options = make(map[[2]int]int)
	}
	s.options[[2]int{level, opt}] = value
	return nil
}

func (s *socket) setKeepAlive() error {
	seconds := 0
	if s.keepAlive {
		seconds = s.keepIdle
	}
	return s.option(optionKeepAlive, seconds)
}

func (s *socket) option(option, value int) error {
	if s.state == sockNew || s.loop != nil {
		return nil
	}
	return errorOf(hostOption(s.at(), uint32(option), int32(value), nil))
}

// SetsockoptByte is SetsockoptInt.
func SetsockoptByte(fd, level, opt int, value byte) error {
	return SetsockoptInt(fd, level, opt, int(value))
}

// SetsockoptLinger sets SO_LINGER: with 0 s, closing resets the connection.
func SetsockoptLinger(fd, level, opt int, l *Linger) error {
	s, err := lookupSocket(fd)
	if err != nil {
		return err
	}
	if level != SOL_SOCKET || opt != SO_LINGER {
		return ENOPROTOOPT
	}
	s.mu.Lock()
	s.linger = *l
	s.mu.Unlock()
	return nil
}

// group makes the host's call for a multicast group and an interface's address.
func (s *socket) group(option int, group, device Sockaddr) error {
	if s.loop != nil {
		return ENOPROTOOPT
	}
	var a [2]sockAddress
	if err := a[0].set(s.family, group); err != nil {
		return err
	}
	if device != nil {
		if err := a[1].set(s.family, device); err != nil {
			return err
		}
	}
	return errorOf(hostOption(s.at(), uint32(option), 0, unsafe.Pointer(&a)))
}

// SetsockoptInet4Addr sets the interface that multicasts leave by.
func SetsockoptInet4Addr(fd, level, opt int, value [4]byte) error {
	s, err := lookupSocket(fd)
	if err != nil {
		return err
	}
	if level != IPPROTO_IP || opt != IP_MULTICAST_IF {
		return ENOPROTOOPT
	}
	return s.group(optionMulticastInterface, &SockaddrInet4{Addr: value}, nil)
}

func membership(opt, add, drop int) (int, error) {
	switch opt {
	case add:
		return optionJoin, nil
	case drop:
		return optionLeave, nil
	}
	return 0, ENOPROTOOPT
}

// SetsockoptIPMreq joins or leaves a multicast group.
func SetsockoptIPMreq(fd, level, opt int, mreq *IPMreq) error {
	s, err := lookupSocket(fd)
	if err != nil {
		return err
	}
	option, err := membership(opt, IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP)
	if err != nil || level != IPPROTO_IP {
		return ENOPROTOOPT
	}
	var device Sockaddr
	if mreq.Interface != [4]byte{} {
		device = &SockaddrInet4{Addr: mreq.Interface}
	}
	return s.group(option, &SockaddrInet4{Addr: mreq.Multiaddr}, device)
}

// SetsockoptIPMreqn joins or leaves a multicast group, or sets the interface that multicasts leave by; the interface by its address, for the host knows no index.
func SetsockoptIPMreqn(fd, level, opt int, mreq *IPMreqn) error {
	if mreq.Ifindex != 0 && mreq.Address == [4]byte{} {
		return ENOPROTOOPT
	}
	if opt == IP_MULTICAST_IF {
		return SetsockoptInet4Addr(fd, level, opt, mreq.Address)
	}
	return SetsockoptIPMreq(fd, level, opt, &IPMreq{Multiaddr: mreq.Multiaddr, Interface: mreq.Address})
}

// SetsockoptIPv6Mreq joins or leaves a multicast group.
func SetsockoptIPv6Mreq(fd, level, opt int, mreq *IPv6Mreq) error {
	s, err := lookupSocket(fd)
	if err != nil {
		return err
	}
	option, err := membership(opt, IPV6_JOIN_GROUP, IPV6_LEAVE_GROUP)
	if err != nil || level != IPPROTO_IPV6 {
		return ENOPROTOOPT
	}
	var device Sockaddr
	if mreq.Interface != 0 {
		device = &SockaddrInet6{ZoneId: mreq.Interface}
	}
	return s.group(option, &SockaddrInet6{Addr: mreq.Multiaddr}, device)
}
