// The Go side of the host's calls (overlay/syscall, overlay/syscall/js, overlay/runtime) and the table that the host is typed by say the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FdOp, hostCalls, IdentOp, JsOp, PathOp, PathsOp, syscalls, TextOp } from '../../abi/hostcalls.ts';
import { linuxErrno } from './errno.ts';

const overlay = (path: string): string => readFileSync(join(import.meta.dirname, '../../../overlay', path), 'utf8');

/** The names of the const block whose first one is given, without their prefix. */
function constants(text: string, first: string, prefix: string): string[] {
  const block = new RegExp(`const \\(\\n\\t${first} = iota\\n([^)]*)\\)`).exec(text);
  assert.ok(block, first);
  return [first, ...block[1].trim().split(/\s+/)].map((n) => n.slice(prefix.length)).map((n) => n[0].toLowerCase() + n.slice(1));
}

test('operations have the same numbers', () => {
  const go = overlay('syscall/host_js.go');
  assert.deepEqual(constants(go, 'pathMkdir', 'path'), PathOp);
  assert.deepEqual(constants(go, 'pathsRename', 'paths'), PathsOp);
  assert.deepEqual(constants(go, 'fdChmod', 'fd'), FdOp);
  assert.deepEqual(constants(go, 'textReaddir', 'text'), TextOp);
  assert.deepEqual(constants(go, 'identUid', 'ident'), IdentOp);
  assert.deepEqual(constants(overlay('syscall/js/calls.go'), 'opGet', 'op'), JsOp);
});

test('each import of the overlay is in the table, with its parameters', () => {
  const types: Readonly<Record<string, readonly string[]>> = {
    string: ['i32', 'i32'], uint32: ['i32'], int32: ['i32'], int64: ['i64'], uint64: ['i64'], 'unsafe.Pointer': ['i32'], '': [],
  };
  const flat = (list: string): string[] => {
    const parts = list.split(',').map((p) => p.trim().split(/\s+/));
    // `a, b int64`: a name without a type has the next one's.
    return parts.flatMap((p, i) => types[p[1] ?? parts.slice(i).find((q) => q.length > 1)?.[1] ?? p[0]]);
  };
  const declared = new Map<string, { params: string[]; results: string[] }>();
  for (const file of ['syscall/host_js.go', 'syscall/exec_js.go', 'syscall/nethost_js.go', 'syscall/js/calls.go', 'runtime/signal_js.go', 'runtime/export_js.go']) {
    for (const m of overlay(file).matchAll(/\/\/go:wasmimport goloom (\w+)\n(?:\/\/go:noescape\n)?func \w+\(([^)]*)\) ?(\w*)/g)) {
      declared.set(m[1], { params: flat(m[2]), results: [...types[m[3]]] });
    }
  }
  for (const c of syscalls) assert.deepEqual(declared.get(c.name), { params: [...c.params], results: [...c.results] }, c.name);
  assert.deepEqual([...declared.keys()].filter((n) => !syscalls.some((c) => c.name === n)), []);
  assert.equal(new Set([...hostCalls, ...syscalls].map((c) => c.name)).size, hostCalls.length + syscalls.length);
});

test('error numbers are those that overlay/syscall names', () => {
  const go = new Map([...overlay('syscall/tables_js.go').matchAll(/^\t(E\w+) +Errno = (\d+)$/gm)].map((m) => [m[1], Number(m[2])]));
  for (const name of ['ENOENT', 'EEXIST', 'EACCES', 'EAGAIN', 'ENOTEMPTY', 'ELOOP', 'ENAMETOOLONG', 'EXDEV', 'EPIPE', 'ECONNREFUSED', 'EOPNOTSUPP']) {
    assert.equal(linuxErrno({ code: name }), go.get(name), name);
  }
  assert.equal(linuxErrno({ code: 'ENOTSUP' }), go.get('EOPNOTSUPP'));
  assert.equal(linuxErrno({ code: 'EUNHEARDOF' }), go.get('EIO'));
  assert.throws(() => linuxErrno(new TypeError('a bug')), TypeError);
});
