// Places data symbols in linear memory: collector roots together, read-only data shared where equal, zero data last.
// Then writes their bytes with relocations applied.
import { DataReloc } from '../abi/object.ts';
import type { DataObject } from '../abi/object.ts';

export interface DataLayout {
  readonly address: Map<string, number>;
  /** Symbols that have storage of their own, ascending by address. */
  readonly placed: readonly DataObject[];
  readonly start: number;
  readonly end: number;
  readonly roots: number;
  readonly rootsEnd: number;
}

/** Assigns addresses from `start` on. */
export function layoutData(data: readonly DataObject[], start: number): DataLayout {
  const address = new Map<string, number>();
  const placed: DataObject[] = [];
  let at = start;
  const place = (d: DataObject): void => {
    const align = Math.max(1, d.align);
    at = Math.ceil(at / align) * align;
    address.set(d.name, at);
    placed.push(d);
    at += d.size;
  };
  const constants: DataObject[] = [];
  const variables: DataObject[] = [];
  const roots: DataObject[] = [];
  const zero: DataObject[] = [];
  for (const d of data) {
    if (d.ptrmask.some((w) => w !== 0)) roots.push(d);
    else if (d.readonly) constants.push(d);
    else if (isZero(d)) zero.push(d);
    else variables.push(d);
  }
  // Wide alignments first, so that nothing is lost to padding; small things first, so that more addresses are short.
  const order = (a: DataObject, b: DataObject): number => b.align - a.align || a.size - b.size;
  placeShared(constants.sort(order), place, address);
  variables.sort(order).forEach(place);
  at = (at + 7) & ~7;
  const rootsStart = at;
  for (const d of roots.sort(order)) {
    at = (at + 7) & ~7;
    place(d);
  }
  at = (at + 7) & ~7;
  const rootsEnd = at;
  zero.sort(order).forEach(place);
  return { address, placed, start, end: (at + 7) & ~7, roots: rootsStart, rootsEnd };
}

function isZero(d: DataObject): boolean {
  return d.relocs.length === 0 && (d.bytes === null || d.bytes.every((b) => b === 0));
}

/** Read-only symbols with equal contents get one address. */
function placeShared(list: readonly DataObject[], place: (d: DataObject) => void, address: Map<string, number>): void {
  const byContent = new Map<string, string>();
  for (const d of list) {
    if (d.relocs.length > 0 || d.bytes === null || d.size !== d.bytes.length || d.size > 256 || d.typelink !== '') {
      place(d);
      continue;
    }
    const key = `${d.align > 1 ? d.align : ''}:${String.fromCharCode(...d.bytes)}`;
    const same = byContent.get(key);
    if (same === undefined) {
      byContent.set(key, d.name);
      place(d);
    } else address.set(d.name, address.get(same)!);
  }
}

/** What relocations resolve to; 0 = not linked. */
export interface Resolver {
  addressOf(sym: string): number;
  codeOf(sym: string): number;
}

/** Writes the contents of all placed symbols into an image of memory that begins at address `base`. */
export function writeData(layout: DataLayout, image: Uint8Array, base: number, resolve: Resolver): void {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  for (const d of layout.placed) {
    const at = layout.address.get(d.name)! - base;
    if (d.bytes !== null) image.set(d.bytes.length > d.size ? d.bytes.subarray(0, d.size) : d.bytes, at);
    for (const r of d.relocs) {
      const isCode = r.kind === DataReloc.code32 || r.kind === DataReloc.weakCode32;
      const target = isCode ? resolve.codeOf(r.target) : resolve.addressOf(r.target);
      view.setUint32(at + r.offset, target === 0 ? 0 : target + r.addend, true);
    }
  }
}

/** The collector's bitmap over ROOTS..ROOTS_END: bit i of byte i/8 says that word i holds a pointer. */
export function rootsMask(layout: DataLayout): Uint8Array {
  const words = (layout.rootsEnd - layout.roots) >>> 3;
  const mask = new Uint8Array((words + 7) >>> 3);
  for (const d of layout.placed) {
    const at = layout.address.get(d.name)!;
    if (at < layout.roots || at >= layout.rootsEnd) continue;
    const first = (at - layout.roots) >>> 3;
    d.ptrmask.forEach((bits, i) => {
      for (let k = 0; k < 32; k++) {
        if ((bits >>> k & 1) === 0) continue;
        const w = first + i * 32 + k;
        mask[w >>> 3] |= 1 << (w & 7);
      }
    });
  }
  return mask;
}
