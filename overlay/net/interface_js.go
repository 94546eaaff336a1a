package net

// GOOS=js: network interfaces. The host tells those that have addresses; what it doesn't tell of them is read from the system's files, where there
// are any (Linux).

import (
	"internal/bytealg"
	"os"
	_ "unsafe" // for linkname
)

//go:linkname syscall_interfaces syscall.interfaces
func syscall_interfaces() (string, error)

// A hostInterface is an interface and its addresses.
type hostInterface struct {
	Interface
	addrs []Addr
}

// hostInterfaces parses what the host tells: a line an interface, parts with tabs between.
func hostInterfaces() ([]hostInterface, error) {
	text, err := syscall_interfaces()
	if err != nil {
		return nil, err
	}
	var all []hostInterface
	for i, line := range splitLines(text) {
		parts := splitTabs(line)
		if len(parts) < 3 {
			continue
		}
		x := hostInterface{Interface: Interface{Index: i + 1, MTU: 1500, Name: parts[0], Flags: FlagUp | FlagRunning}}
		if parts[2] == "loopback" {
			x.Flags |= FlagLoopback
			x.MTU = 65536
		} else {
			x.Flags |= FlagBroadcast | FlagMulticast
			if mac, err := ParseMAC(parts[1]); err == nil {
				x.HardwareAddr = mac
			}
		}
		for _, a := range parts[3:] {
			address, scope := a, "0"
			if i := bytealg.LastIndexByteString(a, '%'); i >= 0 {
				address, scope = a[:i], a[i+1:]
			}
			if ip, ipnet, err := ParseCIDR(address); err == nil {
				x.addrs = append(x.addrs, &IPNet{IP: ip, Mask: ipnet.Mask})
			}
			if n, _, ok := dtoi(scope); ok && n > 0 {
				x.Index = n
			}
		}
		x.readSystem()
		all = append(all, x)
	}
	return all, nil
}

func splitTabs(s string) (parts []string) {
	for {
		i := bytealg.IndexByteString(s, '\t')
		if i < 0 {
			return append(parts, s)
		}
		parts = append(parts, s[:i])
		s = s[i+1:]
	}
}

// readSystem takes over what Linux tells in files.
func (x *hostInterface) readSystem() {
	if n, ok := x.systemNumber("ifindex"); ok {
		x.Index = n
	}
	if n, ok := x.systemNumber("mtu"); ok {
		x.MTU = n
	}
	if n, ok := x.systemNumber("flags"); ok {
		x.Flags = 0
		for bit, flag := range map[int]Flags{0x1: FlagUp, 0x2: FlagBroadcast, 0x8: FlagLoopback, 0x10: FlagPointToPoint, 0x40: FlagRunning, 0x1000: FlagMulticast} {
			if n&bit != 0 {
				x.Flags |= flag
			}
		}
		// The system shows there what was configured; the host has the interface in use.
		if x.Flags&FlagUp != 0 {
			x.Flags |= FlagRunning
		}
	}
}

func (x *hostInterface) systemNumber(what string) (int, bool) {
	b, err := os.ReadFile("/sys/class/net/" + x.Name + "/" + what)
	if err != nil || len(b) == 0 {
		return 0, false
	}
	s := string(b)
	if len(s) > 2 && s[:2] == "0x" {
		n, _, ok := xtoi(s[2:])
		return n, ok
	}
	n, _, ok := dtoi(s)
	return n, ok
}

func interfaceTable(ifindex int) ([]Interface, error) {
	all, err := hostInterfaces()
	if err != nil {
		return nil, err
	}
	var table []Interface
	for _, x := range all {
		if ifindex == 0 || ifindex == x.Index {
			table = append(table, x.Interface)
		}
	}
	return table, nil
}

func interfaceAddrTable(ifi *Interface) ([]Addr, error) {
	all, err := hostInterfaces()
	if err != nil {
		return nil, err
	}
	var addrs []Addr
	for _, x := range all {
		if ifi == nil || ifi.Index == x.Index {
			addrs = append(addrs, x.addrs...)
		}
	}
	return addrs, nil
}

// interfaceMulticastAddrTable reads the system's lists (Linux); the host doesn't tell.
func interfaceMulticastAddrTable(ifi *Interface) ([]Addr, error) {
	var addrs []Addr
	// Groups of IPv4 come in lines below that of their interface, as a word of the machine's order of bytes.
	isOurs := false
	eachLine("/proc/net/igmp", func(line string, fields []string) {
		switch {
		case line[0] != ' ' && line[0] != '\t':
			isOurs = len(fields) > 1 && (ifi == nil || fields[1] == ifi.Name)
		case isOurs && len(fields[0]) == 8:
			if ip := hexIP(fields[0]); ip != nil {
				addrs = append(addrs, &IPAddr{IP: IPv4(ip[3], ip[2], ip[1], ip[0])})
			}
		}
	})
	eachLine("/proc/net/igmp6", func(line string, fields []string) {
		if len(fields) > 2 && (ifi == nil || fields[1] == ifi.Name) && len(fields[2]) == 32 {
			if ip := hexIP(fields[2]); ip != nil {
				addrs = append(addrs, &IPAddr{IP: ip})
			}
		}
	})
	return addrs, nil
}

// eachLine calls f for the lines of a file that have fields, with those.
func eachLine(name string, f func(line string, fields []string)) {
	file, err := open(name)
	if err != nil {
		return
	}
	defer file.close()
	for line, ok := file.readLine(); ok; line, ok = file.readLine() {
		if fields := getFields(line); len(fields) > 0 {
			f(line, fields)
		}
	}
}

func hexIP(s string) IP {
	ip := make(IP, len(s)/2)
	for i := range ip {
		b, ok := xtoi2(s[2*i:2*i+2], 0)
		if !ok {
			return nil
		}
		ip[i] = b
	}
	return ip
}
