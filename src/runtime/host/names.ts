// Names and addresses of hosts as the system's own resolver knows them (node:dns), for Go's package net where it doesn't read the resolver's
// files itself; and the network interfaces. Answers are texts, a line an entry, which Go takes with `text`.

import type { promises } from 'node:dns';
import { LookupKind } from '../../abi/sockets.ts';

type Kind = (typeof LookupKind)[number];

const dns = (): typeof promises => process.getBuiltinModule('node:dns').promises;

const lookups: Readonly<Record<Kind, (name: string) => Promise<string[]>>> = {
  host4: (name) => addresses(name, 4),
  host6: (name) => addresses(name, 6),
  host: (name) => addresses(name, 0),
  addr: (address) => dns().reverse(address),
  cname: (name) => dns().resolveCname(name),
  mx: async (name) => (await dns().resolveMx(name)).map((r) => `${r.priority} ${r.exchange}`),
  ns: (name) => dns().resolveNs(name),
  txt: async (name) => (await dns().resolveTxt(name)).map((parts) => JSON.stringify(parts.join(''))),
  srv: async (name) => (await dns().resolveSrv(name)).map((r) => `${r.priority} ${r.weight} ${r.port} ${r.name}`),
};

async function addresses(name: string, family: number): Promise<string[]> {
  return (await dns().lookup(name, { all: true, family, order: 'verbatim' })).map((a) => a.address);
}

/** What an answer begins with: found, no such name, or an error that another attempt may not meet, or another one. */
export const Answer = { found: '=', missing: '-', temporary: '~', failed: '!' } as const;

/** The answer's first character is one of Answer; then the entries, or the error's text. */
export async function lookup(kind: number, name: string): Promise<string> {
  try {
    return Answer.found + (await lookups[LookupKind[kind]](name)).join('\n');
  } catch (e) {
    const code = (e as { code?: string }).code ?? '';
    if (code === 'ENOTFOUND' || code === 'ENODATA' || code === 'EAI_NONAME' || code === 'EAI_NODATA') return Answer.missing;
    if (code === 'EAI_AGAIN' || code === 'ETIMEOUT' || code === 'ESERVFAIL') return Answer.temporary + code;
    return Answer.failed + (e instanceof Error ? e.message : String(e));
  }
}

/** The network interfaces that have addresses: a line each, `name mac address/length%scope…`. */
export function interfaces(): string {
  const all = process.getBuiltinModule('node:os').networkInterfaces();
  return Object.entries(all).map(([name, list]) => [
    name, list?.[0]?.mac ?? '', list?.[0]?.internal ? 'loopback' : '', ...(list ?? []).map((a) => `${a.cidr ?? a.address}%${a.family === 'IPv6' ? a.scopeid ?? 0 : 0}`),
  ].join('\t')).join('\n');
}
