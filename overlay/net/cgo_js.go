package net

// GOOS=js: the host's resolver in the place of libc's. As on the native ports it is asked only where GODEBUG=netdns=cgo, the system's configuration or its kind
// say so; otherwise Go's own resolver reads the files and asks the name servers.

import (
	"context"
	"internal/bytealg"
	"net/netip"
	_ "unsafe" // for linkname
)

const cgoAvailable = true

// Kinds of hostLookup of package syscall.
const (
	lookupHost4 = iota
	lookupHost6
	lookupHostAny
	lookupAddress
)

//go:linkname syscall_lookupName syscall.lookupName
func syscall_lookupName(kind int, name string) string

//go:linkname syscall_hostPrefersResolver syscall.hostPrefersResolver
func syscall_hostPrefersResolver() bool

func init() {
	if syscall_hostPrefersResolver() {
		systemConf().preferCgo = true
	}
}

// askHost gives the entries of the host's answer.
func askHost(ctx context.Context, kind int, name string) ([]string, error) {
	answer := make(chan string, 1)
	if ctx.Done() == nil {
		answer <- syscall_lookupName(kind, name)
	} else {
		go func() { answer <- syscall_lookupName(kind, name) }()
	}
	var text string
	select {
	case text = <-answer:
	case <-ctx.Done():
		return nil, newDNSError(mapErr(ctx.Err()), name, "")
	}
	switch text[0] {
	case '=':
		return splitLines(text[1:]), nil
	case '-':
		return nil, newDNSError(errNoSuchHost, name, "")
	case '~':
		return nil, &DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	}
	return nil, &DNSError{Err: text[1:], Name: name}
}

func splitLines(s string) (lines []string) {
	for s != "" {
		line, rest := s, ""
		if i := bytealg.IndexByteString(s, '\n'); i >= 0 {
			line, rest = s[:i], s[i+1:]
		}
		lines = append(lines, line)
		s = rest
	}
	return lines
}

func cgoLookupHost(ctx context.Context, name string) (addrs []string, err error) {
	return askHost(ctx, lookupHostAny, name)
}

func cgoLookupPort(ctx context.Context, network, service string) (port int, err error) {
	return goLookupPort(network, service)
}

func cgoLookupIP(ctx context.Context, network, name string) (addrs []IPAddr, err error) {
	kind := lookupHostAny
	switch ipVersion(network) {
	case '4':
		kind = lookupHost4
	case '6':
		kind = lookupHost6
	}
	lines, err := askHost(ctx, kind, name)
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		if a, err := netip.ParseAddr(line); err == nil {
			addrs = append(addrs, IPAddr{IP: a.AsSlice(), Zone: a.Zone()})
		}
	}
	return addrs, nil
}

// cgoLookupCNAME leaves it to Go's resolver: the host's can't tell.
func cgoLookupCNAME(ctx context.Context, name string) (cname string, err error) {
	return "", newDNSError(errNoSuchHost, name, "")
}

func cgoLookupPTR(ctx context.Context, addr string) (ptrs []string, err error) {
	if _, err := netip.ParseAddr(addr); err != nil {
		return nil, &DNSError{Err: "invalid address", Name: addr}
	}
	ptrs, err = askHost(ctx, lookupAddress, addr)
	for i, name := range ptrs {
		ptrs[i] = absDomainName(name)
	}
	return ptrs, err
}
