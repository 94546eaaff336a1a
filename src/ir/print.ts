// Prints functions as text that `parse.ts` reads back to an equal function. A line per value:
//   v4 = load.i64 v1 {8} @12        result, op, arguments, {aux}, @position
// The text form is what dumps, golden files and pass tests show.

import { Aux, ops } from './op.ts';
import { BlockKind } from './func.ts';
import type { AllocAux, Block, CallAux, Func, MoveAux, SlotAux, Value } from './func.ts';
import type { Type} from './type.ts';
import { typeNames } from './type.ts';

/** The function as text; `parseFunc` is its inverse. */
export function printFunc(f: Func): string {
  const marks = [
    f.closure ? ' closure' : '', f.addressTaken ? ' addresstaken' : '', f.suspends ? ' suspends' : '',
    f.noinline ? ' noinline' : '', f.wrapper ? ' wrapper' : '',
    f.deferReturn !== null ? ` deferreturn=b${f.deferReturn.id}` : '',
  ].join('');
  const lines = [`func ${quote(f.name)}(${typeList(f.params)}) (${typeList(f.results)})${marks}${at(f.pos)} {`];
  for (const b of blocksEntryFirst(f)) lines.push(...printBlock(b));
  lines.push('}');
  return lines.join('\n') + '\n';
}

function blocksEntryFirst(f: Func): Block[] {
  return [f.entry, ...f.blocks.filter((b) => b !== f.entry)];
}

function printBlock(b: Block): string[] {
  const preds = b.preds.length > 0 ? ` ; <- ${b.preds.map((p) => `b${p.id}`).join(' ')}` : '';
  const lines = [`b${b.id}:${preds}`];
  for (const v of b.values) lines.push(`  ${printValue(v)}`);
  lines.push(`  ${printControl(b)}${at(b.pos)}`);
  return lines;
}

/** One value as a line of text. */
export function printValue(v: Value): string {
  const info = ops[v.op]!;
  const typed = info.result === -1 ? `:${typeNames[v.type]}` : '';
  const head = `v${v.id} = ${info.name}${typed}`;
  const args = v.args.map((a) => ` v${a.id}`).join('');
  const aux = printAux(v);
  return `${head}${args}${aux === '' ? '' : ` {${aux}}`}${at(v.pos)}`;
}

function printControl(b: Block): string {
  const to = b.succs.map((s) => ` b${s.id}`).join('');
  const likely = b.likely === 0 ? '' : b.likely > 0 ? ' likely' : ' unlikely';
  switch (b.kind) {
    case BlockKind.plain: return `jump${to}`;
    case BlockKind.branch: return `br v${b.control!.id}${to}${likely}`;
    case BlockKind.switch: return `switch v${b.control!.id}${to}`;
    case BlockKind.ret: return `ret${b.results.map((v) => ` v${v.id}`).join('')}`;
    default: return 'unreachable';
  }
}

function printAux(v: Value): string {
  switch (ops[v.op]!.aux) {
    case Aux.num: return printNumber(v.aux as number);
    case Aux.big: return String(v.aux);
    case Aux.sym: return quote(v.aux as string);
    case Aux.call: return printCall(v.aux as CallAux);
    case Aux.slot: return printSlot(v.aux as SlotAux);
    case Aux.move: { const m = v.aux as MoveAux; return `${m.size} ${m.align}${m.ptrs ? ' ptrs' : ''}`; }
    case Aux.alloc: { const a = v.aux as AllocAux; return `${quote(a.typ)} ${printSlot(a)}${a.closure === true ? ' closure' : ''}`; }
    default: return '';
  }
}

function printNumber(n: number): string {
  return Object.is(n, -0) ? '-0' : String(n);
}

function printSlot(s: SlotAux): string {
  return `${s.size} ${s.align} [${s.ptrmask.join(' ')}] ${quote(s.name)}`;
}

function printCall(c: CallAux): string {
  const marks = [c.suspends ? ' suspends' : '', c.noreturn === true ? ' noreturn' : '', c.noinline === true ? ' noinline' : '', c.method !== undefined ? ` method=${quote(c.method)}` : ''].join('');
  return `${quote(c.sym)} (${typeList(c.params)}) (${typeList(c.results)})${marks}`;
}

function typeList(ts: readonly Type[]): string { return ts.map((t) => typeNames[t]).join(' '); }
function at(pos: number): string { return pos === 0 ? '' : ` @${pos}`; }
function quote(s: string): string { return JSON.stringify(s); }
