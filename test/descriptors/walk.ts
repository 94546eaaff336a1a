// Reads type descriptors back from data symbols (bytes and relocations), as the runtime would from memory, and prints
// them in the format of oracle.go.txt.

import type { DataSymbol, Program } from '../../src/ir/program.ts';

const decoder = new TextDecoder();

/** A place in a data symbol. */
interface Ref {
  readonly sym: DataSymbol;
  readonly off: number;
}

export class Walker {
  private readonly data: Program['data'];
  private readonly ids = new Map<string, number>();
  readonly queue: string[] = [];
  private readonly relocs = new Map<DataSymbol, Map<number, { target: string; addend: number }>>();

  constructor(program: Program) {
    this.data = program.data;
  }

  id(sym: string): number {
    let n = this.ids.get(sym);
    if (n === undefined) {
      n = this.queue.length;
      this.ids.set(sym, n);
      this.queue.push(sym);
    }
    return n;
  }

  private u(r: Ref, at: number, size: number): number {
    let v = 0;
    for (let i = size - 1; i >= 0; i--) v = v * 256 + (r.sym.bytes?.[r.off + at + i] ?? 0);
    return v;
  }

  private ptr(r: Ref, at: number): Ref | null {
    let map = this.relocs.get(r.sym);
    if (map === undefined) this.relocs.set(r.sym, (map = new Map(r.sym.relocs.map((x) => [x.offset, x]))));
    const x = map.get(r.off + at);
    if (x === undefined) return null;
    const sym = this.data.get(x.target);
    if (sym === undefined) throw new Error(`${r.sym.name}+${r.off + at}: no symbol ${x.target}`);
    return { sym, off: x.addend };
  }

  private typeAt(r: Ref, at: number): number {
    const p = this.ptr(r, at);
    if (p === null) throw new Error(`${r.sym.name}+${r.off + at}: nil type`);
    return this.id(p.sym.name);
  }

  private varint(r: Ref, at: number): [number, number] {
    let v = 0;
    for (let i = 0; ; i++) {
      const b = this.u(r, at + i, 1);
      v += (b & 0x7f) * 2 ** (7 * i);
      if (b < 0x80) return [v, i + 1];
    }
  }

  private name(r: Ref | null): { text: string; tag: string; pkg: string; embedded: boolean; exported: boolean } {
    if (r === null) return { text: '', tag: '', pkg: '', embedded: false, exported: false };
    const flags = this.u(r, 0, 1);
    let at = 1;
    const str = (): string => {
      const [n, len] = this.varint(r, at);
      at += len + n;
      const out = new Uint8Array(n);
      for (let i = 0; i < n; i++) out[i] = this.u(r, at - n + i, 1);
      return decoder.decode(out);
    };
    const text = str();
    const tag = (flags & 2) !== 0 ? str() : '';
    const pkg = (flags & 4) !== 0 ? this.name(this.ptr(r, at)).text : '';
    return { text, tag, pkg, embedded: (flags & 8) !== 0, exported: (flags & 1) !== 0 };
  }

  private mask(r: Ref): string {
    const bits = this.ptr(r, 32);
    let s = '';
    if (this.u(r, 8, 8) > 128 << 10) return 'on demand'; // gc's are made when needed; ours are there
    for (let i = 0; i < this.u(r, 8, 8) / 8; i++) s += (this.u(bits!, i >> 3, 1) >> (i & 7)) & 1;
    return s;
  }

  /** One line as oracle.go.txt prints it; `isRoot`: also *T. */
  dump(n: number, isRoot: boolean): string {
    const sym = this.data.get(this.queue[n]!);
    if (sym === undefined) throw new Error(`no descriptor ${this.queue[n]}`);
    const r: Ref = { sym, off: 0 };
    const flags = this.u(r, 20, 1);
    const kind = this.u(r, 23, 1);
    let text = this.name(this.ptr(r, 40)).text;
    if ((flags & 2) !== 0) text = text.slice(1);
    const named = (flags & 4) !== 0;
    const fixed = [48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 72, 64, 56, 80, 112, 56, 56, 48, 80, 48][kind]!;
    const uncommon: Ref | null = (flags & 1) !== 0 ? { sym, off: fixed } : null;
    const pkg = uncommon === null ? '' : this.name(this.ptr(uncommon, 0)).text;
    const q = JSON.stringify;
    let out = `${n} ${text} kind=${kind} size=${this.u(r, 0, 8)} ptr=${this.u(r, 8, 8)} align=${this.u(r, 21, 1)}/${this.u(r, 22, 1)} flags=${flags} eq=${this.ptr(r, 24) !== null} name=${q(named ? baseName(text) : '')} pkg=${q(named ? pkg : '')} mask=${this.mask(r)}`;
    out += this.kindPart(r, kind, fixed + (uncommon === null ? 0 : 16));
    if (kind !== 20 && uncommon !== null) out += this.methods(uncommon);
    if (named && isRoot) out += ` ptr=${this.typeAt(r, 44)}`;
    return out;
  }

  private methods(u: Ref): string {
    const x = this.u(u, 6, 2);
    const at = this.u(u, 8, 4);
    let out = '';
    for (let i = 0; i < x; i++) out += ` ${this.name(this.ptr(u, at + 16 * i)).text}()`;
    return out;
  }

  private kindPart(r: Ref, kind: number, tail: number): string {
    switch (kind) {
      case 22:
      case 23:
        return ` elem=${this.typeAt(r, 48)}`;
      case 17:
        return ` elem=${this.typeAt(r, 48)} len=${this.u(r, 64, 8)}`;
      case 18:
        return ` elem=${this.typeAt(r, 48)} dir=${this.u(r, 56, 8)}`;
      case 21: {
        const key = this.typeAt(r, 48);
        const elem = this.typeAt(r, 56);
        const group = this.ptr(r, 64)!;
        return ` key=${key} elem=${elem} group=${this.u(r, 80, 8)}/${this.u(group, 8, 8)}/${this.mask(group)} slot=${this.u(r, 88, 8)} off=${this.u(r, 96, 8)} flags=${this.u(r, 104, 4)}`;
      }
      case 19: {
        const nin = this.u(r, 48, 2);
        const nout = this.u(r, 50, 2);
        let out = ` variadic=${nout >= 0x8000} in=`;
        for (let i = 0; i < nin; i++) out += `${this.typeAt(r, tail + 8 * i)},`;
        out += ' out=';
        for (let i = 0; i < (nout & 0x7fff); i++) out += `${this.typeAt(r, tail + 8 * (nin + i))},`;
        return out;
      }
      case 25:
        return this.fields(r);
      case 20:
        return this.imethods(r);
      default:
        return '';
    }
  }

  private fields(r: Ref): string {
    const pkg = this.name(this.ptr(r, 48)).text;
    const list = this.ptr(r, 56);
    let out = '';
    for (let i = 0; i < this.u(r, 64, 8); i++) {
      const f: Ref = { sym: list!.sym, off: list!.off + 24 * i };
      const name = this.name(this.ptr(f, 0));
      out += ` ${name.text}:${this.typeAt(f, 8)}@${this.u(f, 16, 8)}${name.embedded ? '!' : ''}${name.tag === '' ? '' : JSON.stringify(name.tag)}${name.exported ? '' : `(${pkg})`}`;
    }
    return out;
  }

  private imethods(r: Ref): string {
    const pkg = this.name(this.ptr(r, 48)).text;
    const list = this.ptr(r, 56);
    let out = '';
    for (let i = 0; i < this.u(r, 64, 8); i++) {
      const m: Ref = { sym: list!.sym, off: list!.off + 8 * i };
      const name = this.name(this.ptr(m, 0));
      out += ` ${name.text}:${this.typeAt(m, 4)}${name.exported ? '' : `(${name.pkg === '' ? pkg : name.pkg})`}`;
    }
    return out;
  }
}

/** What reflect's Name gives: after the last dot outside brackets. */
function baseName(s: string): string {
  let depth = 0;
  for (let i = s.length - 1; i >= 0; i--) {
    if (s[i] === ']') depth++;
    else if (s[i] === '[') depth--;
    else if (s[i] === '.' && depth === 0) return s.slice(i + 1);
  }
  return s;
}
