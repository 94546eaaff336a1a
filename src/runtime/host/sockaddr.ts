// Addresses of sockets between their form in shared memory (src/abi/sockets.ts) and Node's, which are texts.

import { AF_INET, AF_INET6, AF_UNIX, SocketAddress } from '../../abi/sockets.ts';
import type { Memory } from './memory.ts';

/** An address as Node has it: a path, or a numeric host and a port. */
export type Address = { readonly path: string } | { readonly host: string; readonly port: number; readonly family: 4 | 6 };

/** The address at `at`; undefined if there is none. */
export function getAddress(mem: Memory, at: number): Address | undefined {
  const view = mem.view(), p = at >>> 0;
  const family = view.getUint16(p + SocketAddress.FAMILY, true), port = view.getUint16(p + SocketAddress.PORT, true);
  const bytes = Buffer.from(mem.bytes(p + SocketAddress.BYTES, view.getUint32(p + SocketAddress.LENGTH, true)));
  if (family === AF_UNIX) return { path: bytes.toString('utf8') };
  if (family === AF_INET) return { host: bytes.join('.'), port, family: 4 };
  if (family !== AF_INET6) return undefined;
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(bytes.readUInt16BE(i).toString(16));
  const scope = view.getUint32(p + SocketAddress.SCOPE, true);
  return { host: groups.join(':') + (scope === 0 ? '' : `%${zoneName(scope)}`), port, family: 6 };
}

/** An IP address and port, in numeric form, as in shared memory: 28 bytes. */
export function encodeAddress(host: string, port: number): Buffer {
  const [numeric, zone] = host.split('%'), bytes = numeric.includes(':') ? parse6(numeric) : numeric.split('.').map(Number);
  const out = Buffer.alloc(IP_ADDRESS_SIZE);
  out.writeUInt16LE(bytes.length === 4 ? AF_INET : AF_INET6, SocketAddress.FAMILY);
  out.writeUInt16LE(port, SocketAddress.PORT);
  out.writeUInt32LE(zone === undefined ? 0 : zoneIndex(zone), SocketAddress.SCOPE);
  out.writeUInt32LE(bytes.length, SocketAddress.LENGTH);
  out.set(bytes, SocketAddress.BYTES);
  return out;
}

const IP_ADDRESS_SIZE = 28;

/** The 16 bytes of an IPv6 address, which may end in the dotted form of IPv4. */
function parse6(text: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (dotted !== null) {
    const [a, b, c, d] = dotted.slice(2).map(Number);
    text = `${dotted[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const [head, tail] = text.split('::').map((part) => (part === '' ? [] : part.split(':').map((g) => parseInt(g, 16))));
  const groups = tail === undefined ? head : [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return groups.flatMap((g) => [g >> 8, g & 255]);
}

/** Zones of IPv6 addresses by their interface's number, where the system names them. */
function zones(): Map<string, number> {
  const map = new Map<string, number>();
  for (const [name, list] of Object.entries(process.getBuiltinModule('node:os').networkInterfaces())) {
    for (const a of list ?? []) if (a.family === 'IPv6' && a.scopeid) map.set(name, a.scopeid);
  }
  return map;
}

function zoneIndex(zone: string): number { return /^\d+$/.test(zone) ? Number(zone) : zones().get(zone) ?? 0; }

function zoneName(index: number): string {
  for (const [name, i] of zones()) if (i === index) return name;
  return String(index);
}
