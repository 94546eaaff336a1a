// Arguments and environment variables as bytes. Node gives them as text, with U+FFFD for what is not UTF-8; Linux has the bytes still.

import { readFileSync } from 'node:fs';

const lossy = (s: string): boolean => s.includes('\uFFFD');

function strings(path: string): Buffer[] {
  let all: Buffer;
  try { all = readFileSync(path); } catch { return []; }
  const out: Buffer[] = [];
  for (let start = 0; start < all.length;) {
    const end = all.indexOf(0, start);
    const stop = end < 0 ? all.length : end;
    out.push(all.subarray(start, stop));
    start = stop + 1;
  }
  return out;
}

/** The arguments, those that lost something as the bytes that this process was started with: its last ones. */
export function argumentBytes(args: readonly string[]): readonly (string | Uint8Array)[] {
  if (!args.some(lossy)) return args;
  const raw = strings('/proc/self/cmdline');
  return args.map((arg, i) => {
    const bytes = raw[raw.length - args.length + i];
    return lossy(arg) && bytes !== undefined && bytes.toString('utf8') === arg ? bytes : arg;
  });
}

/** Settings `name=value`, those that lost something as this process has them. */
export function environmentBytes(settings: readonly string[]): readonly (string | Uint8Array)[] {
  if (!settings.some(lossy)) return settings;
  const raw = new Map(strings('/proc/self/environ').map((b) => [b.toString('utf8'), b]));
  return settings.map((s) => (lossy(s) ? raw.get(s) ?? s : s));
}
