// Compiled functions kept from build to build. An entry of a pack is a job of the builder (build/jobs.ts): the record of what it
// asked of the program, and for each function that it made how the passes came to its final form (passes/facts.ts),
// that form's blocks where it is short enough to be inlined, and the code, if it was linked.
//
// An entry holds as long as the sources do that the job was done from: the key of its pack covers the compiler, its flags, the
// package, and all packages below it. The standard library is one such unit. What else a function depends on differs
// from program to program and is noted with it: questions of the passes and of the code generator about other functions, with
// the answers. They are asked again; where an answer differs, the function is built from its source as ever.
//
// Invariant: a program comes out the same, byte by byte, with entries and without.

import { callees } from '../analysis/callgraph.ts';
import { markCalls, waits } from '../analysis/suspend.ts';
import { digest } from '../base/hash.ts';
import type { JobRecord, JobStore, StoredJob } from '../build/jobs.ts';
import type { InitOrder } from '../build/package.ts';
import { generateFunc } from '../codegen/codegen.ts';
import type { CodegenContext } from '../codegen/code.ts';
import type { FuncCode, FuncSource } from '../abi/object.ts';
import type { Func, Mentions } from '../ir/func.ts';
import type { Program } from '../ir/program.ts';
import { readBody, writeBody } from '../ir/serial.ts';
import type { SerialBody } from '../ir/serial.ts';
import type { LoadedPackage, LoadedProgram } from '../load/program.ts';
import type { Fact, FinalFacts } from '../passes/facts.ts';
import type { EarlierBuilds, EarlierForm } from '../passes/list.ts';
import type { Package } from '../types/model.ts';
import type { FrontPackage } from './front.ts';
import { codeNotes, notesHold, readCode, writeCode } from './object-code.ts';
import type { CodeNotes } from './object-code.ts';
import { Pack } from './packs.ts';

/** Where compiled functions are kept, and what they depend on besides the sources. */
export interface ObjectCache {
  readonly dir: string;
  /** Stands for the compiler with its overlay, and for the settings. */
  readonly key: string;
  /** The settings alone: what a newer compiler makes takes the place of what an older one made with the same ones. */
  readonly settings: string;
  /** Whether to make everything anew. */
  readonly fresh: boolean;
}

/** A kept function does not fit the program after all. The build has to be done again without it. */
export class StaleObject extends Error {}

/** Other programs may need a function in another final form; so many are kept. */
const maxForms = 6;

/** A final form as it is kept. */
interface SerialForm {
  readonly asked: readonly Fact[];
  readonly final: readonly string[];
  readonly waits: boolean;
  readonly cost: number | null;
  readonly summary: FinalFacts['summary'];
  readonly assumed?: NonNullable<FinalFacts['assumed']>;
  readonly digest: string;
  readonly notes: CodeNotes;
  /** Places of the blocks and of the code behind the entry's head; a size of 0: there is none. */
  readonly body: readonly [at: number, size: number];
  readonly code: readonly [at: number, size: number];
}
type Counts = readonly (readonly [sym: string, times: number])[];
interface SerialFunc { readonly calls: Counts; readonly addresses: Counts; readonly forms: readonly SerialForm[] }
interface EntryHead { readonly record: JobRecord; readonly funcs: readonly SerialFunc[] }

/** A function of an entry. */
interface FuncEntry { readonly entry: Entry; built: Mentions; forms: Form[] }
interface Entry { readonly pack: Pack; readonly sym: string; readonly record: JobRecord; readonly funcs: Map<string, FuncEntry>; changed: boolean }

/** A final form, read or made. */
class Form implements EarlierForm {
  readonly asked: readonly Fact[];
  readonly facts: FinalFacts;
  readonly final: readonly string[];
  readonly waits: boolean;
  readonly body: Uint8Array;
  code: Uint8Array;
  notes: CodeNotes;
  private readonly program: () => Program;
  private loaded = false;

  constructor(o: { asked: readonly Fact[]; facts: FinalFacts; final: readonly string[]; waits: boolean; body: Uint8Array; code: Uint8Array; notes: CodeNotes }, program: () => Program) {
    this.asked = o.asked;
    this.facts = o.facts;
    this.final = o.final;
    this.waits = o.waits;
    this.body = o.body;
    this.code = o.code;
    this.notes = o.notes;
    this.program = program;
  }

  fits(f: Func, isLimited: boolean): boolean { return notesHold(this.program(), f, isLimited, this.notes); }

  load(f: Func): boolean {
    if (this.loaded) return true;
    if (this.body.length === 0) return false;
    this.loaded = true;
    readBody(this.program(), f, JSON.parse(decoder.decode(this.body)) as SerialBody);
    return true;
  }
}

const nothing = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a build found out about a function that it optimised. */
interface Made { readonly built: Mentions; readonly asked: readonly Fact[]; readonly facts: () => FinalFacts }

export class ObjectStore implements JobStore, EarlierBuilds {
  private readonly homes: Homes;
  private readonly avoid: ReadonlySet<string>;
  /** Entries of this program, and the functions in them. */
  private readonly entries: Entry[] = [];
  private readonly funcs = new Map<string, FuncEntry>();
  private readonly made = new Map<string, Made>();
  private program!: Program;
  /** Builds a function's blocks (the builder's). */
  private build!: (f: Func) => void;

  /** `avoid`: functions to be made anew. */
  constructor(homes: Homes, packages: readonly FrontPackage[], avoid: ReadonlySet<string>) {
    this.homes = homes;
    homes.setPackages(packages);
    this.avoid = avoid;
  }

  keepOrder(p: Package, order: InitOrder): void { this.homes.keepOrder(p, order); }

  /** The program that the entries are read into. */
  attach(program: Program, build: (f: Func) => void): void {
    this.program = program;
    this.build = build;
  }

  // ---- jobs

  find(sym: string, home: ReadonlySet<Package>): StoredJob | null {
    const pack = this.homes.packOf(home);
    const bytes = pack?.get(sym);
    if (bytes === undefined) return null;
    const entry = this.read(pack!, sym, bytes);
    this.enter(entry);
    return { ...entry.record, compiled: (name) => ({ built: entry.funcs.get(name)!.built, form: null }) };
  }

  keep(sym: string, home: ReadonlySet<Package>, record: JobRecord): void {
    const pack = this.homes.packOf(home);
    if (pack === null) return;
    const entry: Entry = { pack, sym, record, funcs: new Map(), changed: true };
    for (const f of record.funcs) entry.funcs.set(f.name, { entry, built: { calls: new Map(), addresses: new Map() }, forms: [] });
    this.enter(entry);
  }

  private enter(entry: Entry): void {
    this.entries.push(entry);
    for (const [name, f] of entry.funcs) if (!this.funcs.has(name)) this.funcs.set(name, f);
  }

  // ---- passes

  formsOf(f: Func): readonly EarlierForm[] { return this.avoid.has(f.name) ? [] : this.funcs.get(f.name)!.forms; }

  rebuild(f: Func): void { this.build(f); }

  keepForm(f: Func, built: Mentions, asked: readonly Fact[], facts: () => FinalFacts): void {
    if (this.funcs.has(f.name)) this.made.set(f.name, { built, asked, facts });
  }

  // ---- code

  /** The code of the program's functions: kept, or made now. */
  code(program: Program, ctx: CodegenContext): { source: FuncSource; done: ReadonlyMap<string, FuncCode> } {
    const done = new Map<string, FuncCode>();
    const make = (f: Func): FuncCode => (f.compiled === null ? generateFunc(f, ctx) : this.keptCode(f, ctx));
    const source: FuncSource = {
      has: (name) => program.funcs.has(name),
      get: (name) => {
        let code = done.get(name);
        const f = program.funcs.get(name);
        if (code === undefined && f !== undefined) done.set(name, (code = make(f)));
        return code;
      },
    };
    return { source, done };
  }

  private keptCode(f: Func, ctx: CodegenContext): FuncCode {
    const form = f.compiled!.form as Form;
    if (form.code.length === 0) {
      if (!form.load(f)) throw new StaleObject(f.name);
      markCalls(this.program, f);
      return generateFunc(f, ctx);
    }
    if (!form.fits(f, f.suspends && ctx.needsLimitCheck(f.name))) throw new StaleObject(f.name);
    return readCode(this.program, form.code);
  }

  /** Stores what this build made. */
  commit(ctx: CodegenContext, done: ReadonlyMap<string, FuncCode>): void {
    for (const [name, made] of this.made) this.add(name, made, done.has(name));
    for (const [name, code] of done) {
      const entry = this.funcs.get(name);
      const f = this.program.funcs.get(name)!;
      const form = entry === undefined ? undefined : ((f.compiled?.form as Form | null | undefined) ?? entry.forms[0]);
      if (form === undefined || form.code.length !== 0) continue;
      form.code = writeCode(this.program, code);
      form.notes = codeNotes(this.program, f, f.suspends && ctx.needsLimitCheck(name), code);
      entry!.entry.changed = true;
    }
    for (const entry of this.entries) if (entry.changed) entry.pack.set(entry.sym, writeEntry(entry));
    this.homes.write();
  }

  /** Adds the final form of a function that this build optimised. */
  private add(name: string, { built, asked, facts }: Made, isLinked: boolean): void {
    const entry = this.funcs.get(name)!;
    const f = this.program.funcs.get(name)!;
    const final = facts();
    // What is not linked because it was inlined everywhere may have to be linked in another program.
    const body = Number.isFinite(final.cost) || !isLinked ? encoder.encode(JSON.stringify(writeBody(this.program, f))) : nothing;
    const form = new Form({ asked, facts: final, final: callees(this.program, f).map((g) => g.name), waits: waits(f), body, code: nothing, notes: [] }, () => this.program);
    entry.built = built;
    entry.forms = this.avoid.has(name) ? [form] : [form, ...entry.forms].slice(0, maxForms);
    entry.entry.changed = true;
  }

  private read(pack: Pack, sym: string, bytes: Uint8Array): Entry {
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const head = JSON.parse(decoder.decode(bytes.subarray(4, 4 + size))) as EntryHead;
    const part = ([at, length]: readonly [number, number]): Uint8Array => bytes.subarray(4 + size + at, 4 + size + at + length);
    const entry: Entry = { pack, sym, record: head.record, funcs: new Map(), changed: false };
    const form = (s: SerialForm): Form => new Form({
      asked: s.asked, facts: { cost: s.cost ?? Infinity, summary: s.summary, assumed: s.assumed ?? null, digest: s.digest }, final: s.final, waits: s.waits, body: part(s.body), code: part(s.code), notes: s.notes,
    }, () => this.program);
    head.record.funcs.forEach((f, i) => {
      const s = head.funcs[i]!;
      entry.funcs.set(f.name, { entry, built: { calls: new Map(s.calls), addresses: new Map(s.addresses) }, forms: s.forms.map(form) });
    });
    return entry;
  }
}

/** An entry in bytes: length of the head, head, blocks and codes. */
function writeEntry(entry: Entry): Uint8Array {
  const blobs: Uint8Array[] = [];
  let at = 0;
  const place = (bytes: Uint8Array): [number, number] => {
    blobs.push(bytes);
    at += bytes.length;
    return [at - bytes.length, bytes.length];
  };
  const form = (x: Form): SerialForm => {
    const { cost, summary, assumed, digest: all } = x.facts;
    return { asked: x.asked, final: x.final, waits: x.waits, cost: Number.isFinite(cost) ? cost : null, summary, ...(assumed === null ? {} : { assumed }), digest: all, notes: x.notes, body: place(x.body), code: place(x.code) };
  };
  const { notes, funcs, variable } = entry.record;
  const serial = funcs.map((f): SerialFunc => {
    const x = entry.funcs.get(f.name)!;
    return { calls: [...x.built.calls], addresses: [...x.built.addresses], forms: x.forms.map(form) };
  });
  const head = encoder.encode(JSON.stringify({ record: variable === undefined ? { notes, funcs } : { notes, funcs, variable }, funcs: serial } satisfies EntryHead));
  const out = new Uint8Array(4 + head.length + at);
  new DataView(out.buffer).setUint32(0, head.length, true);
  out.set(head, 4);
  let to = 4 + head.length;
  for (const b of blobs) {
    out.set(b, to);
    to += b.length;
  }
  return out;
}

// ---- which pack a job belongs to

/** Gives jobs their packs: the one of the package that has all others below it. */
export class Homes {
  private readonly cache: ObjectCache;
  private readonly loaded: LoadedProgram;
  private readonly packages = new Map<Package, LoadedPackage>();
  private readonly packs = new Map<LoadedPackage, Pack | null>();
  private readonly keys = new Map<LoadedPackage, string>();
  private readonly below = new Map<LoadedPackage, Set<LoadedPackage>>();
  private std: Pack | null = null;

  constructor(cache: ObjectCache, loaded: LoadedProgram) {
    this.cache = cache;
    this.loaded = loaded;
  }

  setPackages(packages: readonly FrontPackage[]): void { for (const p of packages) this.packages.set(p.pkg, p.loaded); }

  /** The order of initialisation of a package of the standard library. */
  orderOf(p: LoadedPackage): InitOrder | null {
    const bytes = isStd(p) ? this.stdPack().get(orderName(p)) : undefined;
    return bytes === undefined ? null : (JSON.parse(decoder.decode(bytes)) as InitOrder);
  }

  keepOrder(pkg: Package, order: InitOrder): void {
    const p = this.packages.get(pkg)!;
    if (isStd(p)) this.stdPack().set(orderName(p), encoder.encode(JSON.stringify(order)));
  }

  packOf(home: ReadonlySet<Package>): Pack | null {
    let top: LoadedPackage | null = null;
    for (const pkg of home) {
      const p = this.packages.get(pkg);
      if (p === undefined) return null;
      if (isStd(p) || p === top) continue;
      if (top === null || this.isBelow(top, p)) top = p;
      else if (!this.isBelow(p, top)) return null;
    }
    return top === null ? this.stdPack() : this.userPack(top);
  }

  /** Whether a package imports another one, directly or not: p is above q. */
  private isBelow(q: LoadedPackage, p: LoadedPackage): boolean { return this.importsOf(p).has(q); }

  private importsOf(p: LoadedPackage): Set<LoadedPackage> {
    let set = this.below.get(p);
    if (set === undefined) {
      this.below.set(p, (set = new Set()));
      for (const q of p.imports.values()) {
        set.add(q);
        for (const r of this.importsOf(q)) set.add(r);
      }
    }
    return set;
  }

  private stdPack(): Pack {
    if (this.std !== null) return this.std;
    const { goroot, goVersion, goos } = this.loaded;
    const owner = `std\0${this.cache.settings}\0${goroot}\0${goos}`;
    return (this.std = new Pack(this.cache.dir, owner, digest(`${this.cache.key}\0${owner}\0${goVersion}`), this.cache.fresh));
  }

  /** A main package's functions are of no use once it is edited, and so often as not it is what is edited. */
  private userPack(p: LoadedPackage): Pack | null {
    if (this.loaded.roots.includes(p)) return null;
    let pack = this.packs.get(p);
    if (pack === undefined) {
      pack = new Pack(this.cache.dir, `package\0${p.path}\0${p.forTest}\0${p.dir}\0${this.cache.settings}`, this.keyOf(p), this.cache.fresh);
      this.packs.set(p, pack);
    }
    return pack;
  }

  /** Stands for a package's sources and all below it. */
  private keyOf(p: LoadedPackage): string {
    if (isStd(p)) return this.stdPack().key;
    let key = this.keys.get(p);
    if (key === undefined) {
      const files = [...p.files.map((f) => `${f.path}\0${f.displayName}\0${latin(f.text)}`), ...p.embedFiles.map((f) => `${f.name}\0${latin(f.data)}`)];
      const imports = [...p.imports].map(([path, q]) => `${path} ${this.keyOf(q)}`);
      key = digest([this.stdPack().key, p.path, p.symbolPath, p.goVersion, ...imports, ...files].join('\0\0'));
      this.keys.set(p, key);
    }
    return key;
  }

  write(): void {
    this.std?.write();
    for (const pack of this.packs.values()) pack?.write();
  }
}

/** Name of the entry with a package's order of initialisation; no symbol is called so. */
function orderName(p: LoadedPackage): string { return `order ${p.path}`; }

/** Whether a package is the standard library's own form of it, not one made for its test. */
function isStd(p: LoadedPackage): boolean { return p.std && p.forTest === ''; }

function latin(bytes: Uint8Array): string { return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'); }
