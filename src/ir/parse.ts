// Reads the text form that `print.ts` writes. Used by pass tests, golden files and the reducer.
// Malformed text is a programmer's error and throws a Bug with the line.

import { Bug } from '../base/bug.ts';
import { BlockKind, Func } from './func.ts';
import type { AuxDatum, Block, CallAux, Value } from './func.ts';
import { Aux, ops } from './op.ts';
import { Type, typeNames } from './type.ts';

const opByName = new Map(ops.map((info, code) => [info.name, code]));

/** All functions of a text. */
export function parseFuncs(text: string): Func[] {
  const p = new Parser(text);
  const funcs: Func[] = [];
  while (!p.atEnd()) funcs.push(p.func());
  return funcs;
}

/** The only function of a text. */
export function parseFunc(text: string): Func {
  const funcs = parseFuncs(text);
  if (funcs.length !== 1) throw new Bug('ir parse', '', `${funcs.length} functions where one is expected`);
  return funcs[0]!;
}

interface PendingBlock { readonly block: Block; readonly predIds: number[]; readonly succIds: number[]; controlId: number; resultIds: number[] }

const tokenPattern = /"(?:[^"\\]|\\.)*"|[A-Za-z_][\w.]*(?:=b\d+)?|-?\d[\w.+-]*|-Infinity|[^\s]/y;

class Parser {
  private readonly lines: string[];
  private lineNo = 0;
  private tokens: string[] = [];
  private next = 0;

  constructor(text: string) {
    this.lines = text.split('\n');
    this.skipBlank();
  }

  atEnd(): boolean { return this.lineNo >= this.lines.length; }

  func(): Func {
    this.readLine();
    this.expect('func');
    const name = this.quoted();
    const params = this.types();
    const results = this.types();
    const f = new Func(name, params, results);
    f.blocks.length = 0;
    f.suspends = false;
    let deferReturn = -1;
    for (let t = this.take(); t !== '{'; t = this.take()) {
      if (t === 'closure') f.closure = true;
      else if (t === 'addresstaken') f.addressTaken = true;
      else if (t === 'suspends') f.suspends = true;
      else if (t === 'noinline') f.noinline = true;
      else if (t === 'wrapper') f.wrapper = true;
      else if (t === '@') f.pos = Number(this.take());
      else if (t.startsWith('deferreturn=b')) deferReturn = Number(t.slice('deferreturn=b'.length));
      else this.fail(`unexpected ${t}`);
    }
    this.body(f, deferReturn);
    return f;
  }

  private body(f: Func, deferReturn: number): void {
    const blocks = new Map<number, PendingBlock>();
    const values = new Map<number, Value>();
    const fixups: { v: Value; args: number[] }[] = [];
    let current: PendingBlock | null = null;
    for (;;) {
      this.advance();
      const first = this.peek();
      if (first === '}') break;
      if (/^b\d+$/.test(first)) { current = this.blockHead(f, blocks); continue; }
      if (current === null) this.fail('value outside a block');
      if (/^v\d+$/.test(first)) this.value(f, current!, values, fixups);
      else this.control(current!);
    }
    this.advance();
    this.skipBlank();
    for (const { v, args } of fixups) for (const id of args) { const a = this.get(values, id); v.args.push(a); a.uses++; }
    this.connect(blocks, values);
    f.entry = f.blocks[0]!;
    f.reserveBlockIds(Math.max(...blocks.keys()) + 1);
    f.reserveValueIds(Math.max(0, ...values.keys()) + 1);
    if (deferReturn >= 0) f.deferReturn = this.get(blocks, deferReturn).block;
  }

  private blockHead(f: Func, blocks: Map<number, PendingBlock>): PendingBlock {
    const id = Number(this.take().slice(1));
    this.expect(':');
    const predIds: number[] = [];
    if (this.peek() === ';') { this.take(); this.expect('<'); this.expect('-'); while (this.peek() !== '') predIds.push(Number(this.take().slice(1))); }
    const pending: PendingBlock = { block: makeBlock(f, id), predIds, succIds: [], controlId: -1, resultIds: [] };
    blocks.set(id, pending);
    return pending;
  }

  private value(f: Func, p: PendingBlock, values: Map<number, Value>, fixups: { v: Value; args: number[] }[]): void {
    const id = Number(this.take().slice(1));
    this.expect('=');
    const name = this.take();
    const code = opByName.get(name);
    if (code === undefined) this.fail(`unknown op ${name}`);
    const info = ops[code!]!;
    let type: Type = info.result === -1 ? Type.void : info.result;
    if (this.peek() === ':') { this.take(); type = typeNames.indexOf(this.take()) as Type; }
    const v = makeValue(f, id, p.block, code!, type);
    const args: number[] = [];
    while (/^v\d+$/.test(this.peek())) args.push(Number(this.take().slice(1)));
    if (this.peek() === '{') { this.take(); v.aux = this.aux(info.aux); this.expect('}'); }
    if (this.peek() === '@') { this.take(); v.pos = Number(this.take()); }
    p.block.values.push(v);
    values.set(id, v);
    fixups.push({ v, args });
  }

  private control(p: PendingBlock): void {
    const word = this.take();
    const b = p.block;
    if (word === 'br' || word === 'switch') {
      b.kind = word === 'br' ? BlockKind.branch : BlockKind.switch;
      p.controlId = Number(this.take().slice(1));
    } else if (word === 'jump') b.kind = BlockKind.plain;
    else if (word === 'ret') { b.kind = BlockKind.ret; while (/^v\d+$/.test(this.peek())) p.resultIds.push(Number(this.take().slice(1))); }
    else if (word === 'unreachable') b.kind = BlockKind.unreachable;
    else this.fail(`unexpected ${word}`);
    while (/^b\d+$/.test(this.peek())) p.succIds.push(Number(this.take().slice(1)));
    if (this.peek() === 'likely') { this.take(); b.likely = 1; } else if (this.peek() === 'unlikely') { this.take(); b.likely = -1; }
    if (this.peek() === '@') { this.take(); b.pos = Number(this.take()); }
  }

  private connect(blocks: Map<number, PendingBlock>, values: Map<number, Value>): void {
    for (const p of blocks.values()) {
      for (const s of p.succIds) p.block.succs.push(this.get(blocks, s).block);
      for (const q of p.predIds) p.block.preds.push(this.get(blocks, q).block);
      if (p.controlId >= 0) { p.block.control = this.get(values, p.controlId); p.block.control.uses++; }
      for (const id of p.resultIds) { const v = this.get(values, id); p.block.results.push(v); v.uses++; }
    }
    for (const p of blocks.values()) {
      for (const s of p.block.succs) if (!s.preds.includes(p.block)) s.preds.push(p.block);
    }
  }

  private aux(kind: Aux): AuxDatum {
    switch (kind) {
      case Aux.num: return this.number();
      case Aux.big: return BigInt(this.take());
      case Aux.sym: return this.quoted();
      case Aux.call: return this.callAux();
      case Aux.slot: return this.slot();
      case Aux.move: { const size = Number(this.take()); const align = Number(this.take()); const ptrs = this.peek() === 'ptrs'; if (ptrs) this.take(); return { size, align, ptrs }; }
      case Aux.alloc: { const a = { typ: this.quoted(), ...this.slot() }; if (this.peek() !== 'closure') return a; this.take(); return { ...a, closure: true }; }
      default: return null;
    }
  }

  private number(): number {
    const t = this.take();
    return t === '-' ? -Number(this.take()) : Number(t);
  }

  private slot(): { size: number; align: number; ptrmask: number[]; name: string } {
    const size = Number(this.take());
    const align = Number(this.take());
    this.expect('[');
    const ptrmask: number[] = [];
    while (this.peek() !== ']') ptrmask.push(Number(this.take()));
    this.expect(']');
    return { size, align, ptrmask, name: this.quoted() };
  }

  private callAux(): CallAux {
    const sym = this.quoted();
    const params = this.types();
    const results = this.types();
    const aux: { -readonly [K in keyof CallAux]: CallAux[K] } = { sym, params, results, suspends: false };
    for (; this.peek() !== '}';) {
      const t = this.take();
      if (t === 'suspends') aux.suspends = true;
      else if (t === 'noreturn') aux.noreturn = true;
      else if (t === 'noinline') aux.noinline = true;
      else if (t === 'method') { this.expect('='); aux.method = this.quoted(); }
      else this.fail(`unexpected ${t}`);
    }
    return aux;
  }

  private types(): Type[] {
    this.expect('(');
    const list: Type[] = [];
    while (this.peek() !== ')') list.push(typeNames.indexOf(this.take()) as Type);
    this.expect(')');
    return list;
  }

  private quoted(): string { return JSON.parse(this.take()) as string; }
  private peek(): string { return this.next < this.tokens.length ? this.tokens[this.next]! : ''; }
  private take(): string { const t = this.peek(); this.next++; return t; }
  private expect(t: string): void { const got = this.take(); if (got !== t) this.fail(`${got} where ${t} is expected`); }
  private fail(message: string): never { throw new Bug('ir parse', '', `line ${this.lineNo}: ${message}`); }

  private get<T>(map: Map<number, T>, id: number): T {
    const v = map.get(id);
    if (v === undefined) this.fail(`no value or block ${id}`);
    return v!;
  }

  private skipBlank(): void {
    while (this.lineNo < this.lines.length && /^\s*(;.*)?$/.test(this.lines[this.lineNo]!)) this.lineNo++;
  }

  /** Goes to the next line that is not blank. */
  private advance(): void { this.lineNo++; this.skipBlank(); if (this.lineNo < this.lines.length) this.readLine(); }

  private readLine(): void {
    const line = this.lines[this.lineNo]!;
    this.tokens = [];
    this.next = 0;
    for (let i = 0; i < line.length;) {
      if (line[i] === ' ' || line[i] === '\t') { i++; continue; }
      tokenPattern.lastIndex = i;
      const m = tokenPattern.exec(line);
      if (m === null) this.fail(`bad text at ${line.slice(i)}`);
      this.tokens.push(m![0]);
      i = tokenPattern.lastIndex;
    }
  }
}

/** A block with the id that the text gives. */
function makeBlock(f: Func, id: number): Block {
  f.reserveBlockIds(id);
  return f.newBlock(BlockKind.unreachable);
}

function makeValue(f: Func, id: number, b: Block, op: number, type: Type): Value {
  f.reserveValueIds(id);
  return f.newValueNoAdd(b, op, type, 0);
}

