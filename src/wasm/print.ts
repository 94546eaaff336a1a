// Module model -> text format, flat instructions indented by nesting. What it prints is valid WAT (wabt reads it
// back), so a dump of a function can be edited and tried.
import { InstrReader } from './instr.ts';
import { Extern, importsOf, SegmentMode } from './module.ts';
import type { FuncType, Func, Limits, Module, TableType } from './module.ts';
import { Imm, Op, opAlign, opRow, opText, valTypeName } from './opcodes.ts';

/** Prints a whole module. */
export function printModule(m: Module): string {
  const out: string[] = ['(module'];
  m.types.forEach((t, i) => out.push(`  (type (;${i};) (func${signature(t)}))`));
  const counts = [0, 0, 0, 0];
  for (const i of m.imports) {
    const n = `(;${counts[i.kind]++};)`;
    const what = i.kind === Extern.func ? `(func ${n} (type ${i.type}))`
      : i.kind === Extern.table ? `(table ${n} ${tableText(i.table!)})`
      : i.kind === Extern.memory ? `(memory ${n} ${limitsText(i.memory!)})`
      : `(global ${n} ${globalText(i.global!)})`;
    out.push(`  (import ${quote(i.module)} ${quote(i.name)} ${what})`);
  }
  const firstFunc = importsOf(m, Extern.func).length;
  m.funcs.forEach((f, i) => out.push(printFunc(m, firstFunc + i, f)));
  for (const t of m.tables) out.push(`  (table (;${counts[1]++};) ${tableText(t)})`);
  for (const l of m.memories) out.push(`  (memory (;${counts[2]++};) ${limitsText(l)})`);
  for (const g of m.globals) out.push(`  (global (;${counts[3]++};) ${globalText(g)} (${exprText(g.init)}))`);
  const kinds = ['func', 'table', 'memory', 'global'];
  for (const e of m.exports) out.push(`  (export ${quote(e.name)} (${kinds[e.kind]} ${e.index}))`);
  if (m.start !== undefined) out.push(`  (start ${m.start})`);
  for (const e of m.elems) {
    const mode = e.mode === SegmentMode.active ? ` (table ${e.table}) (offset (${exprText(e.offset!)}))`
      : e.mode === SegmentMode.passive ? '' : ' declare';
    const items = e.funcs !== undefined ? `func ${Array.from(e.funcs).join(' ')}`
      : `${valTypeName(e.type)} ${e.exprs!.map((x) => `(item ${exprText(x)})`).join(' ')}`;
    out.push(`  (elem${mode} ${items})`);
  }
  for (const d of m.datas) {
    const offset = d.offset === undefined ? '' : ` (offset (${exprText(d.offset)}))`;
    out.push(`  (data${offset} ${quoteBytes(d.bytes)})`);
  }
  out.push(')');
  return out.join('\n') + '\n';
}

/** Prints one function; `index` is its place in the index space. */
export function printFunc(m: Module, index: number, f: Func): string {
  const out: string[] = [];
  const name = m.names?.funcs[index];
  const t = m.types[f.type];
  out.push(`  (func (;${index}${name === undefined ? '' : ` ${name.replaceAll(';)', '; )')}`};) (type ${f.type})${signature(t)}`);
  if (f.locals.length > 0) out.push(`    (local ${Array.from(f.locals, valTypeName).join(' ')})`);
  out.push(...printCode(f.code, f.hints));
  out.push('  )');
  return out.join('\n');
}

/** Prints an instruction stream, a line an instruction; the final `end` is left out. */
export function printCode(code: Uint8Array, hints: readonly number[] = []): string[] {
  const out: string[] = [];
  const r = new InstrReader(code);
  let indent = 2;
  let hint = 0;
  while (r.next()) {
    if (r.op === Op.end || r.op === Op.else) indent--;
    if (r.op === Op.end && indent < 2) break;
    while (hint < hints.length && hints[hint] < r.start) hint += 2;
    const mark = hint < hints.length && hints[hint] === r.start ? (hints[hint + 1] === 0 ? '  ;; unlikely' : '  ;; likely') : '';
    out.push('  '.repeat(indent) + instrText(r) + mark);
    if (r.imm === Imm.block || r.op === Op.else) indent++;
  }
  return out;
}

function instrText(r: InstrReader): string {
  const name = opText[opRow(r.op)]!;
  switch (r.imm) {
    case Imm.none: case Imm.zero: return name;
    case Imm.memory: return name;
    case Imm.memoryCopy: return name;
    case Imm.memoryInit: return `${name} ${r.a}`;
    case Imm.block: return r.a === -64 ? name : r.a < 0 ? `${name} (result ${valTypeName(r.a & 0x7f)})` : `${name} (type ${r.a})`;
    case Imm.brTable: return `${name} ${r.labels.join(' ')}`;
    case Imm.callIndirect: return `${name} ${r.b === 0 ? '' : `${r.b} `}(type ${r.a})`;
    case Imm.mem: {
      const offset = r.b === 0 ? '' : ` offset=${r.b}`;
      const align = r.a === opAlign[opRow(r.op)] ? '' : ` align=${1 << r.a}`;
      return name + offset + align;
    }
    case Imm.i64: return `${name} ${r.big}`;
    case Imm.f32: case Imm.f64: return `${name} ${floatText(r)}`;
    case Imm.refType: return `${name} ${r.a === 0x70 ? 'func' : 'extern'}`;
    case Imm.selectT: return `${name} (result ${r.labels.map(valTypeName).join(' ')})`;
    case Imm.tableInit: return `${name} ${r.b} ${r.a}`;
    case Imm.tableCopy: return `${name} ${r.a} ${r.b}`;
    default: return `${name} ${r.a}`;
  }
}

/** Floats are printed exactly: NaNs with their payload, others as the shortest decimal that reads back. */
function floatText(r: InstrReader): string {
  const n = r.float();
  if (Number.isNaN(n)) {
    const bytes = r.buf.subarray(r.immStart, r.pos);
    let bits = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(bytes[i]);
    const width = r.imm === Imm.f32 ? 23n : 52n;
    const sign = (bits >> (r.imm === Imm.f32 ? 31n : 63n)) === 1n ? '-' : '';
    return `${sign}nan:0x${(bits & ((1n << width) - 1n)).toString(16)}`;
  }
  if (!Number.isFinite(n)) return n < 0 ? '-inf' : 'inf';
  return Object.is(n, -0) ? '-0' : String(n);
}

function signature(t: FuncType): string {
  const params = t.params.length === 0 ? '' : ` (param ${t.params.map(valTypeName).join(' ')})`;
  const results = t.results.length === 0 ? '' : ` (result ${t.results.map(valTypeName).join(' ')})`;
  return params + results;
}

function limitsText(l: Limits): string {
  return `${l.min}${l.max === undefined ? '' : ` ${l.max}`}${l.shared === true ? ' shared' : ''}`;
}

function tableText(t: TableType): string {
  return `${limitsText(t.limits)} ${valTypeName(t.elem)}`;
}

function globalText(g: { type: number; mutable: boolean }): string {
  return g.mutable ? `(mut ${valTypeName(g.type)})` : valTypeName(g.type);
}

function exprText(code: Uint8Array): string {
  const r = new InstrReader(code);
  r.next();
  return instrText(r);
}

function quote(s: string): string {
  return quoteBytes(new TextEncoder().encode(s));
}

function quoteBytes(bytes: Uint8Array): string {
  const parts = ['"'];
  for (const b of bytes) {
    if (b >= 0x20 && b < 0x7f && b !== 0x22 && b !== 0x5c) parts.push(String.fromCharCode(b));
    else parts.push('\\', b.toString(16).padStart(2, '0'));
  }
  parts.push('"');
  return parts.join('');
}
