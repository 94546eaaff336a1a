// Reachability over functions and data: what the roots reach by strong relocations is linked, the rest is dropped.
// Weak relocations keep nothing alive and become 0 if their target is gone.
import { CodeReloc, DataReloc } from '../abi/object.ts';
import type { DataObject, FuncCode, FuncSource, ObjectProgram } from '../abi/object.ts';

export interface Marked {
  readonly funcs: FuncCode[];
  readonly data: DataObject[];
  /** Kernel functions and host imports that code calls. */
  readonly kernelFuncs: Set<string>;
  readonly kernelGlobals: Set<string>;
  /** Functions whose table index is used. */
  readonly codes: Set<string>;
  /** How often each symbol is called, for short indices. */
  readonly calls: Map<string, number>;
}

/** A symbol that something needs and nothing defines. */
export class LinkError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LinkError';
  }
}

/** Finds what the program's entry and roots reach. `funcValue` is the suffix of static func values. */
export function mark(funcs: FuncSource, program: ObjectProgram): Marked {
  return new Marker(funcs, program).run();
}

class Marker {
  private readonly funcs: FuncSource;
  private readonly program: ObjectProgram;
  private readonly out: Marked = {
    funcs: [], data: [], kernelFuncs: new Set(), kernelGlobals: new Set(), codes: new Set(), calls: new Map(),
  };
  private readonly seenFuncs = new Set<string>();
  private readonly seenData = new Set<string>();
  private readonly work: (FuncCode | DataObject)[] = [];

  constructor(funcs: FuncSource, program: ObjectProgram) {
    this.funcs = funcs;
    this.program = program;
  }

  run(): Marked {
    this.code(this.program.entry, 'the program');
    for (const r of this.program.roots) {
      if (this.funcs.has(r)) this.func(r, 'the program');
      else this.datum(r, 'the program');
    }
    while (this.work.length > 0) {
      const x = this.work.pop()!;
      if ('code' in x) this.scanFunc(x);
      else this.scanData(x);
    }
    return this.out;
  }

  private func(name: string, from: string): void {
    if (this.seenFuncs.has(name)) return;
    this.seenFuncs.add(name);
    const f = this.funcs.get(name);
    if (f === undefined) throw new LinkError(`relocation target ${name} not defined (used by ${from})`);
    this.out.funcs.push(f);
    this.work.push(f);
  }

  private code(name: string, from: string): void {
    this.out.codes.add(name);
    this.func(name, from);
  }

  private datum(name: string, from: string): void {
    if (this.seenData.has(name)) return;
    this.seenData.add(name);
    const d = this.program.data.get(name);
    if (d === undefined) throw new LinkError(`relocation target ${name} not defined (used by ${from})`);
    this.out.data.push(d);
    this.work.push(d);
  }

  private scanFunc(f: FuncCode): void {
    const { relocs, syms } = f;
    const { calls, kernelFuncs, kernelGlobals } = this.out;
    for (let i = 0; i < relocs.length; i += 4) {
      const sym = syms[relocs[i + 2]];
      switch (relocs[i + 1]) {
        case CodeReloc.func:
          calls.set(sym, (calls.get(sym) ?? 0) + 1);
          this.func(sym, f.name);
          break;
        case CodeReloc.kernelFunc:
          calls.set(sym, (calls.get(sym) ?? 0) + 1);
          kernelFuncs.add(sym);
          break;
        case CodeReloc.global: kernelGlobals.add(sym); break;
        case CodeReloc.addr: this.datum(sym, f.name); break;
        case CodeReloc.code: this.code(sym, f.name); break;
      }
    }
  }

  private scanData(d: DataObject): void {
    for (const r of d.relocs) {
      if (r.kind === DataReloc.addr32) this.datum(r.target, d.name);
      else if (r.kind === DataReloc.code32) this.code(r.target, d.name);
    }
  }
}
