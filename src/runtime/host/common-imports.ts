// Parts of a program's imports that Node and pages have alike: arguments and environment, and refusals for threads other than M0.

import type { Memory } from './memory.ts';

const encoder = new TextEncoder();

/** WASI's two functions for a list of strings: sizes, and the strings with the table of their addresses. */
export function stringList(mem: Memory, list: readonly (string | Uint8Array)[]): [(count: number, size: number) => number, (table: number, buf: number) => number] {
  const bytes = list.map((s) => {
    const text = typeof s === 'string' ? encoder.encode(s) : s, b = new Uint8Array(text.length + 1);
    b.set(text);
    return b;
  });
  return [
    (count, size) => {
      mem.setU32(count, bytes.length);
      mem.setU32(size, bytes.reduce((n, b) => n + b.length, 0));
      return 0;
    },
    (table, buf) => {
      for (const b of bytes) {
        mem.setU32(table, buf);
        mem.bytes(buf, b.length).set(b);
        table += 4;
        buf += b.length;
      }
      return 0;
    },
  ];
}

/** Completes the imports of a thread that is not M0 with refusals for what it must not call. */
export function refuseOthers(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Imports {
  const all: Record<string, WebAssembly.Imports[string]> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const known = imports[from]?.[name];
    if (known === undefined && kind !== 'function') throw new Error(`import ${from}.${name} cannot be shared with other threads`);
    (all[from] ??= {})[name] = known ?? (() => { throw new Error(`${from}.${name} was called on a thread other than M0`); });
  }
  return all;
}
