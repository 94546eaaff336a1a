// The record of a socket that a program and its host share: Go memory (overlay/syscall/socket_js.go, sockShared), words of 32 bits.
//
// Who writes what. A host with sockets reads from a stream into the ring and moves TAIL; Go reads and moves HEAD; both count bytes and run on past
// the capacity, a power of two. A listener's ring has no bytes: TAIL counts connections that have come, HEAD those that were accepted. When the ring
// is full the host sets PAUSED in RSTATE and touches the ring no more until net_resume; meanwhile Go may put another ring in its place. RSTATE
// and WSTATE are changed by atomic operations, the rest of a field's bits being an error number that the host found. PD is Go's: the poll
// descriptor that the host makes ready (netready) after each change. The addresses are written by who knows them, before they are needed.

export const SocketWord = { PD: 0, RING: 4, CAP: 8, HEAD: 12, TAIL: 16, RSTATE: 20, WSTATE: 24, FD: 28, CONNECT: 32, FLAGS: 36, LOCAL: 40, REMOTE: 168 } as const;

/** RSTATE: the stream has ended; the host waits for net_resume. */
export const RSTATE_EOF = 1, RSTATE_PAUSED = 2;
/** WSTATE: the host holds bytes that the system had no room for. */
export const WSTATE_BLOCKED = 1;
/** Above these bits of RSTATE and WSTATE: an error number. */
export const STATE_ERROR_SHIFT = 8;

/** FLAGS, as the socket was set up. */
export const SocketFlag = { V6ONLY: 1, REUSEADDR: 2, BROADCAST: 4, DATAGRAM: 8, REUSEPORT: 16 } as const;

/** An address: family (AF_…, 0 none), port, scope of IPv6, length of the bytes, and those: 4, 16, or a path. */
export const SocketAddress = { FAMILY: 0, PORT: 2, SCOPE: 4, LENGTH: 8, BYTES: 12, SIZE: 128 } as const;
export const AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10;

/** A datagram in the ring begins with its length (a word) and its sender's address as far as IP needs it; it takes a multiple of 8 bytes. */
export const DATAGRAM_HEAD = 32;

/** Options of net_option. */
export const SocketOption = [
  'noDelay', 'keepAlive', 'receiveBuffer', 'sendBuffer', 'broadcast', 'ttl', 'multicastTTL', 'multicastLoopback', 'multicastInterface', 'join', 'leave',
] as const;
/** Kinds of net_lookup. */
export const LookupKind = ['host4', 'host6', 'host', 'addr', 'cname', 'mx', 'ns', 'txt', 'srv'] as const;
