// //go:embed variables: strings, byte slices and embed.FS as static data.

import type { Var } from '../types/model.ts';
import { DataWriter } from './data.ts';
import { GoKind, type GoType } from './gotype.ts';
import type { SourcePackage } from './package.ts';
import type { Registry } from './registry.ts';

interface EmbedFile { readonly name: string; readonly data: Uint8Array }

/** Writes the variable's data from the files that its patterns stand for. */
export function embedData(r: Registry, unit: SourcePackage, v: Var, patterns: readonly string[]): void {
  const t = r.types.of(v.type, null);
  const files = new Map<string, EmbedFile>();
  for (const p of patterns) for (const f of unit.embedded(p)) files.set(f.name, f);
  const w = new DataWriter(t.size);
  if (t.kind === GoKind.Struct) writeFS(r, w, t, [...files.values()]);
  else {
    const only = [...files.values()][0];
    if (only !== undefined && only.data.length !== 0) {
      w.addr(0, t.kind === GoKind.String ? r.readonlySym(only.data, 1) : bytesVar(r, only.data));
      w.u64(8, only.data.length);
      if (t.kind === GoKind.Slice) w.u64(16, only.data.length);
    }
  }
  r.addData(w.symbol(r.globalSym(v), { ptrmask: t.ptrmask, readonly: false }));
}

function bytesVar(r: Registry, data: Uint8Array): string {
  const w = new DataWriter(data.length);
  w.bytes.set(data);
  return r.anonymous(w, r.types.arrayOf(r.types.basic(GoKind.Uint8), data.length), false);
}

const encoder = new TextEncoder();

/** embed.FS{files *[]file}, file{name, data string; hash [16]byte}, with entries for folders, sorted by folder, then name. */
function writeFS(r: Registry, w: DataWriter, t: GoType, files: EmbedFile[]): void {
  const all = new Map<string, EmbedFile>();
  for (const f of files) {
    all.set(f.name, f);
    for (let i = f.name.lastIndexOf('/'); i > 0; i = f.name.lastIndexOf('/', i - 1)) {
      const dir = f.name.slice(0, i + 1);
      all.set(dir, { name: dir, data: new Uint8Array(0) });
    }
  }
  const list = [...all.values()].sort((a, b) => comparePaths(a.name, b.name));
  const slice = t.fields[0]!.type.elem!;
  const file = slice.elem!;
  const array = r.types.arrayOf(file, list.length);
  const data = new DataWriter(array.size);
  list.forEach((f, i) => {
    const at = i * file.size;
    const name = encoder.encode(f.name);
    data.addr(at, r.readonlySym(name, 1));
    data.u64(at + 8, name.length);
    if (f.data.length === 0) return;
    data.addr(at + 16, r.readonlySym(f.data, 1));
    data.u64(at + 24, f.data.length);
  });
  const head = new DataWriter(24);
  if (list.length !== 0) head.addr(0, r.anonymous(data, array, false));
  head.u64(8, list.length);
  head.u64(16, list.length);
  w.addr(0, r.anonymous(head, slice, false));
}

function splitPath(name: string): [string, string] {
  const n = name.endsWith('/') ? name.slice(0, -1) : name;
  const i = n.lastIndexOf('/');
  return i < 0 ? ['.', n] : [n.slice(0, i), n.slice(i + 1)];
}

function comparePaths(a: string, b: string): number {
  const [da, ea] = splitPath(a);
  const [db, eb] = splitPath(b);
  return da < db ? -1 : da > db ? 1 : ea < eb ? -1 : ea > eb ? 1 : 0;
}
