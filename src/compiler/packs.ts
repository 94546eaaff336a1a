// Packs: files of the build cache that keep what was made from the packages of programs. A pack has a key, which says what its
// entries were made from, and entries by name: bytes that mean nothing to this file.
//
// A pack's file is named after what the key's owner is (the standard library, a package's folder), so that a newer
// key replaces the older one's entries and the cache does not grow with every edit. It is read whole and written beside its
// place and renamed: readers see an old pack or a new one. Two writers at once lose the entries of one of them, which costs time only.
//
// Invariants: an entry is given out only if its checksum is right, and only under the very key that it was stored
// under. Whatever is wrong with a file, the pack is empty.

import { readFileSync } from 'node:fs';
import { digest } from '../base/hash.ts';
import { keepAlive, writeAtomically } from './cache.ts';

const magic = 'goloom pack 1\n';
const headSize = magic.length + 8;
/** A pack is not let grow beyond this; what the present program does not use goes first. */
const maxSize = 96 << 20;

interface Place { readonly at: number; readonly size: number; readonly sum: number }

export class Pack {
  readonly key: string;
  private readonly path: string;
  private bytes = new Uint8Array(0);
  private readonly places = new Map<string, Place>();
  private readonly added = new Map<string, Uint8Array>();
  private readonly used = new Set<string>();

  /** Opens the pack of `owner` in the cache's folder. */
  constructor(dir: string, owner: string, key: string, fresh: boolean) {
    this.key = key;
    const name = digest(owner);
    this.path = `${dir}/objects/${name.slice(0, 2)}/${name}.pack`;
    if (!fresh) this.read();
  }

  private read(): void {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = new Uint8Array(readFileSync(this.path));
    } catch {
      return;
    }
    const view = new DataView(bytes.buffer);
    if (bytes.length < headSize || !startsWith(bytes, magic)) return;
    const size = view.getUint32(magic.length, true);
    if (headSize + size > bytes.length) return;
    const head = bytes.subarray(headSize, headSize + size);
    if (checksum(head) !== view.getUint32(magic.length + 4, true)) return;
    const { key, places } = JSON.parse(new TextDecoder().decode(head)) as { key: string; places: (string | number)[] };
    if (key !== this.key) return;
    keepAlive(this.path);
    this.bytes = bytes;
    let at = headSize + size;
    for (let i = 0; i < places.length; i += 3) {
      const length = places[i + 1] as number;
      if (at + length > bytes.length) return;
      this.places.set(places[i] as string, { at, size: length, sum: places[i + 2] as number });
      at += length;
    }
  }

  /** The entry's bytes, or undefined. */
  get(name: string): Uint8Array | undefined {
    const place = this.places.get(name);
    if (place === undefined) return undefined;
    const entry = this.bytes.subarray(place.at, place.at + place.size);
    if (checksum(entry) !== place.sum) {
      this.places.delete(name);
      return undefined;
    }
    this.used.add(name);
    return entry;
  }

  /** Puts an entry in the place of the one of that name. */
  set(name: string, bytes: Uint8Array): void {
    this.places.delete(name);
    this.added.set(name, bytes);
  }

  /** Writes the pack, if anything was put in. */
  write(): void {
    if (this.added.size === 0) return;
    const places: (string | number)[] = [];
    const parts: Uint8Array[] = [];
    let total = 0;
    const put = (name: string, bytes: Uint8Array, sum: number): void => {
      places.push(name, bytes.length, sum);
      parts.push(bytes);
      total += bytes.length;
    };
    for (const [name, bytes] of this.added) put(name, bytes, checksum(bytes));
    const keep = (isUsed: boolean): void => {
      for (const [name, p] of this.places) {
        if (this.used.has(name) === isUsed && total + p.size < maxSize) put(name, this.bytes.subarray(p.at, p.at + p.size), p.sum);
      }
    };
    keep(true);
    keep(false);
    const head = new TextEncoder().encode(JSON.stringify({ key: this.key, places }));
    const out = new Uint8Array(headSize + head.length + total);
    const view = new DataView(out.buffer);
    new TextEncoder().encodeInto(magic, out);
    view.setUint32(magic.length, head.length, true);
    view.setUint32(magic.length + 4, checksum(head), true);
    out.set(head, headSize);
    let at = headSize + head.length;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    writeAtomically(this.path, out);
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

function checksum(bytes: Uint8Array): number {
  return process.getBuiltinModule('node:zlib').crc32(bytes) >>> 0;
}
