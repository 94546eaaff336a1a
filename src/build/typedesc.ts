// Type descriptors and itabs, laid out as internal/abi.Type and its kin for 8-byte words, so that the real reflect,
// internal/reflectlite and internal/runtime/maps read them.
//
// Descriptors are demanded at a level while bodies are built, and written at the end:
//   ref    identity, size, pointers (allocation, type switches); what it refers to is left nil unless demanded otherwise
//   assert an interface that values are asserted to: its methods are needed to build itabs
//   boxed  values of the type are in interfaces, so reflect may see it and all it is made of; its methods count
// A method of a boxed type is built when a method of that name and signature is called through some interface, or all
// exported ones once reflect's Method or MethodByName can be reached (gc's linker has the same rules).

import type { DataSymbol } from '../ir/program.ts';
import { declared, isExported } from '../types/model.ts';
import { Alg, algOf, eqFunc, hashFunc, hashMightPanic, needKeyUpdate } from './eqhash.ts';
import { DataWriter } from './data.ts';
import { GoKind, type GoIMethod, type GoType, type MethodSel } from './gotype.ts';
import { methodSet } from './methods.ts';
import type { Registry } from './registry.ts';
import { importPath, linkString, reflectString } from './typestring.ts';

export const Level = { none: 0, ref: 1, assert: 2, boxed: 3 } as const;
export type Level = (typeof Level)[keyof typeof Level];

const TFlag = { uncommon: 1, extraStar: 2, named: 4, regularMemory: 8, maskOnDemand: 16, directIface: 32 } as const;
/** Offsets in abi.Type. */
const T = { SIZE: 0, PTR_BYTES: 8, HASH: 16, TFLAG: 20, ALIGN: 21, FIELD_ALIGN: 22, KIND: 23, EQUAL: 24, GCDATA: 32, STR: 40, PTR_TO_THIS: 44, END: 48 } as const;
const ITAB = { INTER: 0, TYPE: 8, HASH: 16, FUN: 24 } as const;
const maxKeyBytes = 128;
const groupSlots = 8;
const MapFlag = { needKeyUpdate: 1, hashMightPanic: 2, indirectKey: 4, indirectElem: 8 } as const;

const encoder = new TextEncoder();

/** A method of a boxed type that waits for a call of its name and signature. */
interface Pending { readonly type: GoType; readonly method: MethodSel; readonly sig: GoType }
interface Itab { readonly name: string; readonly type: GoType; readonly iface: GoType }

export class TypeDescriptors {
  private readonly r: Registry;
  private readonly levels = new Map<GoType, Level>();
  private readonly order: GoType[] = [];
  /** Types whose Equal closure is needed at any level (map keys). */
  private readonly wantEqual = new Set<GoType>();
  private readonly used = new Set<string>();
  private readonly pending = new Map<string, Pending[]>();
  private readonly boxedMethods: Pending[] = [];
  private readonly itabs = new Map<string, Itab>();
  private readonly groups = new Map<GoType, GoType>();
  /** reflect's Method or MethodByName can be reached: exported methods of all boxed types are. */
  reflectMethods = false;

  constructor(r: Registry) { this.r = r; }

  // ---- demand

  level(t: GoType): Level { return this.levels.get(t) ?? Level.none; }

  /** Symbol of t's descriptor, which will exist with at least that level. */
  demand(t: GoType, level: Level): string {
    const old = this.level(t);
    if (level > old) {
      this.levels.set(t, level);
      if (old === Level.none) this.order.push(t);
      this.demandParts(t, old, level);
    }
    return typeSymbol(t);
  }

  private demandParts(t: GoType, old: Level, level: Level): void {
    if (old < Level.ref) this.demandRefParts(t);
    if (t.kind === GoKind.Interface && level >= Level.assert && old < Level.assert) {
      for (const m of t.imethods) {
        this.demand(m.sig, Level.ref);
        this.useMethod(m);
      }
    }
    if (level === Level.boxed) this.demandBoxedParts(t);
  }

  private demandRefParts(t: GoType): void {
    if (t.kind === GoKind.Map) {
      this.demandEqual(t.key!);
      this.demand(t.elem!, Level.ref);
      this.demand(this.groupType(t), Level.ref);
      this.r.funcValueSym(hashFunc(this.r, t.key!));
      if (t.underlying !== t) this.demand(t.underlying, Level.ref);
    } else if (t.kind === GoKind.Chan) {
      this.demand(t.elem!, Level.ref);
    }
  }

  private demandEqual(t: GoType): void {
    this.demand(t, Level.ref);
    if (this.wantEqual.has(t)) return;
    this.wantEqual.add(t);
    if (hashMightPanic(t)) for (const part of t.kind === GoKind.Array ? [t.elem!] : t.fields.map((f) => f.type)) this.demandEqual(part);
    if (algOf(t) !== Alg.none) this.r.funcValueSym(eqFunc(this.r, t));
  }

  private demandBoxedParts(t: GoType): void {
    const boxed = (x: GoType | null): void => { if (x !== null) this.demand(x, Level.boxed); };
    if (algOf(t) !== Alg.none) this.demandEqual(t);
    boxed(t.elem);
    boxed(t.key);
    t.fields.forEach((f) => boxed(f.type));
    t.params.forEach(boxed);
    t.results.forEach(boxed);
    for (const m of t.imethods) boxed(m.sig);
    if (t.kind === GoKind.Array) boxed(this.r.types.sliceOf(t.elem!));
    if (isNamed(t) || (t.kind !== GoKind.Pointer && methodSet(this.r.types.pointerTo(t)).length !== 0)) {
      if (t.kind !== GoKind.Pointer || t.named !== null) boxed(this.r.types.pointerTo(t));
    }
    if (t.kind !== GoKind.Interface) this.boxMethods(t);
  }

  private boxMethods(t: GoType): void {
    for (const m of methodSet(t)) {
      const sig = methodSig(this.r, m);
      const p: Pending = { type: t, method: m, sig };
      this.boxedMethods.push(p);
      const key = methodKey(m.name, m.pkg, sig);
      if (this.used.has(key)) this.keep(p);
      else {
        const list = this.pending.get(key);
        if (list === undefined) this.pending.set(key, [p]);
        else list.push(p);
      }
      if (this.reflectMethods) this.keepForReflect(p);
    }
  }

  /** A method of that name and signature is called through an interface. */
  useMethod(m: GoIMethod): void {
    const key = methodKey(m.name, m.pkg, m.sig);
    if (this.used.has(key)) return;
    this.used.add(key);
    const list = this.pending.get(key);
    if (list === undefined) return;
    this.pending.delete(key);
    for (const p of list) this.keep(p);
  }

  /** Puts a method's implementation on the work list. */
  private keep(p: Pending): void {
    this.demand(p.sig, Level.ref);
    this.r.markAddressTaken(ifnSym(this.r, p.type, p.method));
  }

  private keepForReflect(p: Pending): void {
    if (p.method.pkg !== '') return;
    this.demand(p.sig, Level.boxed);
    this.r.markAddressTaken(ifnSym(this.r, p.type, p.method));
    this.r.markAddressTaken(this.r.implSym(p.type, p.method));
  }

  /** reflect can look methods up by number or name from now on. */
  useReflectMethods(): void {
    if (this.reflectMethods) return;
    this.reflectMethods = true;
    for (let i = 0; i < this.boxedMethods.length; i++) this.keepForReflect(this.boxedMethods[i]!);
  }

  private isKept(p: { name: string; pkg: string }, sig: GoType): boolean {
    return this.used.has(methodKey(p.name, p.pkg, sig)) || (this.reflectMethods && p.pkg === '');
  }

  /** Symbol of the itab of a concrete type for an interface. */
  itab(t: GoType, iface: GoType): string {
    this.r.markAddressTaken(this.r.runtimeSym('unreachableMethod'));
    const name = `go:itab.${linkString(t)},${linkString(iface)}`;
    if (!this.itabs.has(name)) {
      this.itabs.set(name, { name, type: t, iface });
      this.demand(t, Level.boxed);
      this.demand(iface, Level.ref);
    }
    return name;
  }

  /** The type of a group of slots of a map (internal/runtime/maps). */
  groupType(t: GoType): GoType {
    let g = this.groups.get(t);
    if (g === undefined) {
      const types = this.r.types;
      const slot = this.slotType(t);
      g = types.plainStruct([{ name: 'ctrl', type: types.basic(GoKind.Uint64) }, { name: 'slots', type: types.arrayOf(slot, groupSlots) }]);
      this.groups.set(t, g);
    }
    return g;
  }

  private slotType(t: GoType): GoType {
    const types = this.r.types;
    const key = t.key!.size > maxKeyBytes ? types.pointerTo(t.key!) : t.key!;
    const elem = t.elem!.size > maxKeyBytes ? types.pointerTo(t.elem!) : t.elem!;
    return types.plainStruct([{ name: 'key', type: key }, { name: 'elem', type: elem }]);
  }

  // ---- writing

  /** Writes all descriptors and itabs; nothing may be demanded afterwards. */
  writeAll(): void {
    for (const t of this.order) this.r.addData(this.write(t));
    for (const i of this.itabs.values()) this.r.addData(this.writeItab(i));
  }

  /** Descriptors that reflect looks for when it makes a type, sorted by their text. */
  typelinks(): string[] {
    const list = this.order.filter((t) => isTypelink(t)).map((t) => ({ text: reflectString(t), sym: typeSymbol(t) }));
    list.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    return list.map((x) => x.sym);
  }

  itabSymbols(): string[] { return [...this.itabs.keys()]; }

  /** Types with a boxed descriptor, for generators of code per type. */
  boxedTypes(kind: GoKind): GoType[] { return this.order.filter((t) => t.kind === kind && this.level(t) === Level.boxed); }

  private writeItab(i: Itab): DataSymbol {
    const n = i.iface.imethods.length;
    const w = new DataWriter(ITAB.FUN + 8 * n);
    w.addr(ITAB.INTER, typeSymbol(i.iface));
    w.addr(ITAB.TYPE, typeSymbol(i.type));
    w.u32(ITAB.HASH, typeHash(i.type));
    i.iface.imethods.forEach((m, k) => {
      // Nobody calls it, but 0 in the first place would say that the type does not implement the interface.
      if (!this.isKept(m, m.sig)) { w.code(ITAB.FUN + 8 * k, this.r.runtimeSym('unreachableMethod')); return; }
      const sel = this.r.methodOf(i.type, m.name, m.pkg)!;
      w.code(ITAB.FUN + 8 * k, ifnSym(this.r, i.type, sel));
    });
    return w.symbol(i.name);
  }

  private write(t: GoType): DataSymbol {
    const level = this.level(t);
    const methods = t.kind === GoKind.Interface ? [] : methodSet(t);
    const extra = isNamed(t) || methods.length !== 0;
    const w = new DataWriter(fixedSize(t.kind));
    this.writeCommon(w, t, extra);
    const uncommon = extra ? w.grow(16) : 0;
    this.writeKind(w, t);
    if (extra) this.writeUncommon(w, t, uncommon, level === Level.boxed ? methods : []);
    return w.symbol(typeSymbol(t), { typelink: isTypelink(t) ? reflectString(t) : '' });
  }

  private writeCommon(w: DataWriter, t: GoType, extra: boolean): void {
    w.u64(T.SIZE, t.size);
    w.u64(T.PTR_BYTES, t.ptrBytes);
    w.u32(T.HASH, typeHash(t));
    let text = reflectString(t);
    let flags = (extra ? TFlag.uncommon : 0) | (isNamed(t) ? TFlag.named : 0) | (algOf(t) === Alg.mem ? TFlag.regularMemory : 0) | (t.direct ? TFlag.directIface : 0) | (isMaskOnDemand(t) ? TFlag.maskOnDemand : 0);
    let nameOf: GoType | null = t;
    if (text.startsWith('*')) nameOf = t.elem;
    else { text = `*${text}`; flags |= TFlag.extraStar; }
    const exported = nameOf !== null && nameOf.named !== null && isExported(nameOf.named.obj.name);
    w.u8(T.TFLAG, flags);
    w.u8(T.ALIGN, t.align);
    w.u8(T.FIELD_ALIGN, t.align);
    w.u8(T.KIND, t.kind);
    if (this.wantEqual.has(t) && algOf(t) !== Alg.none) w.addr(T.EQUAL, this.r.funcValueSym(eqFunc(this.r, t)));
    w.addr(T.GCDATA, this.gcData(t));
    w.addr(T.STR, this.name(text, '', exported, false, ''));
    if (t.ptr !== null) this.refIf(w, T.PTR_TO_THIS, t.ptr);
  }

  /** A reference to a descriptor if it is there, else nil. */
  private refIf(w: DataWriter, at: number, t: GoType): void {
    if (this.level(t) !== Level.none) w.addr(at, typeSymbol(t));
  }

  private writeKind(w: DataWriter, t: GoType): void {
    switch (t.kind) {
      case GoKind.Pointer: case GoKind.Slice:
        this.refIf(w, T.END, t.elem!);
        return;
      case GoKind.Array:
        this.refIf(w, T.END, t.elem!);
        if (t.elem!.slice !== null) this.refIf(w, T.END + 8, t.elem!.slice);
        w.u64(T.END + 16, t.len);
        return;
      case GoKind.Chan:
        this.refIf(w, T.END, t.elem!);
        w.u64(T.END + 8, t.dir);
        return;
      case GoKind.Func: this.writeFunc(w, t); return;
      case GoKind.Interface: this.writeInterface(w, t); return;
      case GoKind.Map: this.writeMap(w, t); return;
      case GoKind.Struct: this.writeStruct(w, t); return;
      default:
    }
  }

  private writeFunc(w: DataWriter, t: GoType): void {
    w.u16(T.END, t.params.length);
    w.u16(T.END + 2, t.results.length | (t.variadic ? 0x8000 : 0));
    for (const p of [...t.params, ...t.results]) this.refIf(w, w.grow(8), p);
  }

  private writeInterface(w: DataWriter, t: GoType): void {
    const own = pkgOf(t);
    if (own !== null) w.addr(T.END, this.name(own, '', false, false, ''));
    const n = t.imethods.length;
    const at = w.grow(8 * n);
    this.writeSlice(w, T.END + 8, typeSymbol(t), at, n);
    t.imethods.forEach((m, i) => {
      w.addr(at + 8 * i, this.name(m.name, '', m.pkg === '', false, m.pkg === '' || importPath(m.pkg) === own ? '' : importPath(m.pkg)));
      this.refIf(w, at + 8 * i + 4, m.sig);
    });
  }

  private writeSlice(w: DataWriter, at: number, sym: string, offset: number, n: number): void {
    if (n !== 0) w.addr(at, sym, offset);
    w.u64(at + 8, n);
    w.u64(at + 16, n);
  }

  private writeMap(w: DataWriter, t: GoType): void {
    const slot = this.slotType(t);
    const group = this.groupType(t);
    w.addr(T.END, typeSymbol(t.key!));
    w.addr(T.END + 8, typeSymbol(t.elem!));
    w.addr(T.END + 16, typeSymbol(group));
    w.addr(T.END + 24, this.r.funcValueSym(hashFunc(this.r, t.key!)));
    w.u64(T.END + 32, group.size);
    w.u64(T.END + 40, slot.size);
    w.u64(T.END + 48, slot.offsets[1]!);
    w.u32(T.END + 56, (needKeyUpdate(t.key!) ? MapFlag.needKeyUpdate : 0) | (hashMightPanic(t.key!) ? MapFlag.hashMightPanic : 0)
      | (t.key!.size > maxKeyBytes ? MapFlag.indirectKey : 0) | (t.elem!.size > maxKeyBytes ? MapFlag.indirectElem : 0));
  }

  private writeStruct(w: DataWriter, t: GoType): void {
    const hidden = t.fields.find((f) => f.pkg !== '');
    if (hidden !== undefined) w.addr(T.END, this.name(importPath(hidden.pkg), '', false, false, ''));
    const n = t.fields.length;
    const at = w.grow(24 * n);
    this.writeSlice(w, T.END + 8, typeSymbol(t), at, n);
    t.fields.forEach((f, i) => {
      w.addr(at + 24 * i, this.name(f.name, f.tag, isExported(f.name), f.embedded, ''));
      this.refIf(w, at + 24 * i + 8, f.type);
      w.u64(at + 24 * i + 16, t.offsets[i]!);
    });
  }

  private writeUncommon(w: DataWriter, t: GoType, at: number, methods: readonly MethodSel[]): void {
    const pkg = pkgOf(t);
    if (pkg !== null) w.addr(at, this.name(pkg, '', false, false, ''));
    const n = methods.length;
    w.u16(at + 4, n);
    w.u16(at + 6, methods.filter((m) => m.pkg === '').length);
    const list = w.grow(16 * n);
    w.u32(at + 8, list - at);
    methods.forEach((m, i) => this.writeMethod(w, list + 16 * i, t, m, pkg));
  }

  private writeMethod(w: DataWriter, at: number, t: GoType, m: MethodSel, pkg: string | null): void {
    const foreign = m.pkg !== '' && importPath(m.pkg) !== pkg ? importPath(m.pkg) : '';
    w.addr(at, this.name(m.name, '', m.pkg === '', false, foreign));
    const sig = methodSig(this.r, m);
    if (!this.isKept(m, sig)) {
      for (let k = 4; k < 16; k += 4) w.u32(at + k, 0xffffffff); // never called
      return;
    }
    w.addr(at + 4, typeSymbol(sig));
    w.code(at + 8, ifnSym(this.r, t, m));
    if (this.reflectMethods && m.pkg === '') w.code(at + 12, this.r.implSym(t, m));
    else w.u32(at + 12, 0xffffffff);
  }

  /** Symbol of the pointer bitmap of a type: bit i of byte i/8. */
  private gcData(t: GoType): string {
    if (isMaskOnDemand(t)) return this.maskCell(t);
    const bits = t.ptrBytes / 8;
    const bytes = new Uint8Array(Math.ceil(bits / 8));
    const mask = t.ptrmask;
    for (let i = 0; i < bytes.length; i++) bytes[i] = (mask[i >>> 2]! >>> ((i & 3) * 8)) & 0xff;
    return this.r.readonlySym(bytes, 1);
  }

  /** Symbol of the variable that leads to the bitmap of a large type when somebody has asked for it (runtime.getGCMask). */
  private maskCell(t: GoType): string {
    const sym = `${typeSymbol(t)}.gcmask`;
    this.r.addData(new DataWriter(8).symbol(sym, { readonly: false }));
    return sym;
  }

  /** Symbol of an abi.Name. */
  private name(text: string, tag: string, exported: boolean, embedded: boolean, pkg: string): string {
    const sym = `type:.namedata.${exported ? '' : '-'}${embedded ? '!' : ''}${text}${tag === '' ? '' : ` "${tag}"`}${pkg === '' ? '' : `@${pkg}`}`;
    if (this.r.hasData(sym)) return sym;
    const t = encoder.encode(text);
    const g = tag === '' ? noBytes : encoder.encode(tag);
    const head = [(exported ? 1 : 0) | (g.length !== 0 ? 2 : 0) | (pkg !== '' ? 4 : 0) | (embedded ? 8 : 0), ...varint(t.length)];
    const tagHead = g.length === 0 ? [] : varint(g.length);
    const w = new DataWriter(head.length + t.length + tagHead.length + g.length + (pkg === '' ? 0 : 4));
    w.bytes.set(head, 0);
    w.bytes.set(t, head.length);
    w.bytes.set(tagHead, head.length + t.length);
    w.bytes.set(g, head.length + t.length + tagHead.length);
    if (pkg !== '') w.addr(w.size - 4, this.name(pkg, '', false, false, ''));
    this.r.addData(w.symbol(sym, { align: 1 }));
    return sym;
  }
}

/** Bitmaps of more bytes are made when they are asked for, as in gc (reflectdata's maxPtrmaskBytes); the collector walks the type. */
const maxMaskBytes = 2048;

function isMaskOnDemand(t: GoType): boolean { return t.ptrBytes / 64 > maxMaskBytes && (t.kind === GoKind.Array || t.kind === GoKind.Struct); }

const noBytes = new Uint8Array(0);

function varint(n: number): number[] {
  const out: number[] = [];
  for (; n >= 0x80; n >>>= 7) out.push((n & 0x7f) | 0x80);
  out.push(n);
  return out;
}

function fixedSize(kind: GoKind): number {
  switch (kind) {
    case GoKind.Pointer: case GoKind.Slice: case GoKind.Func: return T.END + 8;
    case GoKind.Array: return T.END + 24;
    case GoKind.Chan: return T.END + 16;
    case GoKind.Interface: case GoKind.Struct: return T.END + 32;
    case GoKind.Map: return T.END + 64;
    default: return T.END;
  }
}

/** Symbol of a type's descriptor. */
export function typeSymbol(t: GoType): string { return `type:${linkString(t)}`; }

/** Defined types and predeclared ones. */
function isNamed(t: GoType): boolean {
  return t.named !== null || t.kind <= GoKind.Complex128 || t.kind === GoKind.String || t.kind === GoKind.UnsafePointer;
}

/** Unnamed types that reflect may be asked to make: it must find the one that exists. */
function isTypelink(t: GoType): boolean {
  if (t.named !== null) return false;
  switch (t.kind) {
    case GoKind.Pointer: case GoKind.Array: case GoKind.Chan: case GoKind.Func: case GoKind.Map: case GoKind.Slice: case GoKind.Struct: return true;
    default: return false;
  }
}

/** Path of the package a type belongs to: of a defined type its own, of an unnamed one of one level its element's. */
function pkgOf(t: GoType): string | null {
  if (t.named !== null) return t.named.obj.pkg === null ? null : importPath(t.named.obj.pkg.path);
  if (t.kind === GoKind.UnsafePointer) return 'unsafe';
  const composite = t.kind === GoKind.Array || t.kind === GoKind.Slice || t.kind === GoKind.Pointer || t.kind === GoKind.Chan;
  const e = composite ? t.elem!.named : null;
  return e === null || e.obj.pkg === null ? null : importPath(e.obj.pkg.path);
}

/** FNV-1a of the type's link string. */
export function typeHash(t: GoType): number {
  if (t.hash < 0) {
    let h = 0x811c9dc5;
    for (const b of encoder.encode(linkString(t))) h = Math.imul(h ^ b, 0x01000193) >>> 0;
    t.hash = h;
  }
  return t.hash;
}

function methodKey(name: string, pkg: string, sig: GoType): string { return `${pkg}.${name}:${sig.id}`; }

/** Func type of a method, without its receiver. */
export function methodSig(r: Registry, m: MethodSel): GoType {
  if (m.decl === null) return m.base.imethods[m.index]!.sig;
  const targs = m.base.named!.targs;
  const sig = declared(m.decl).type;
  return r.types.of(sig, targs.length === 0 ? null : r.types.envOf(null, sig.rparams, targs));
}

/** Symbol of the function that takes an interface's data word as receiver. */
export function ifnSym(r: Registry, t: GoType, m: MethodSel): string {
  return r.implSym(t.direct ? t : r.types.pointerTo(t), m);
}
