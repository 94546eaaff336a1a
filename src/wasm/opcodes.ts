// The one table of WebAssembly instructions: code, immediates, signature. Encoder, decoder, validator, printer and
// the code generator all read it, so an instruction is described in exactly one line.
// Scope: MVP, sign extension, saturating conversion, bulk memory, reference types (tables only), threads, and of vectors what a
// square root takes; nothing newer.

/** Value types by their binary code. */
export const ValType = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b, funcref: 0x70, externref: 0x6f } as const;
export type ValType = (typeof ValType)[keyof typeof ValType];

/** The name of a value type in the text format. */
export function valTypeName(t: number): string {
  switch (t) {
    case ValType.i32: return 'i32';
    case ValType.i64: return 'i64';
    case ValType.f32: return 'f32';
    case ValType.f64: return 'f64';
    case ValType.v128: return 'v128';
    case ValType.funcref: return 'funcref';
    case ValType.externref: return 'externref';
    default: return `type(${t})`;
  }
}

/** What follows the opcode of an instruction. `mem` is a memarg; its natural alignment is in `opAlign`. */
export const Imm = {
  none: 0, block: 1, label: 2, brTable: 3, func: 4, callIndirect: 5, local: 6, global: 7, table: 8, mem: 9,
  memory: 10, memoryCopy: 11, memoryInit: 12, data: 13, elem: 14, tableInit: 15, tableCopy: 16,
  i32: 17, i64: 18, f32: 19, f64: 20, refType: 21, selectT: 22, zero: 23, lane: 24,
} as const;
export type Imm = (typeof Imm)[keyof typeof Imm];

// name: 'code immediates signature'. Codes above 0xff hold the prefix in the high byte. In signatures i I f F V are
// i32 i64 f32 f64 v128; '*' marks an instruction whose type depends on its context. `mN` is a memarg of 2^N bytes.
const table = {
  unreachable: '00 none *', nop: '01 none :', block: '02 block *', loop: '03 block *', if: '04 block *',
  else: '05 none *', end: '0b none *', br: '0c label *', br_if: '0d label *', br_table: '0e brTable *',
  return: '0f none *', call: '10 func *', call_indirect: '11 callIndirect *',
  drop: '1a none *', select: '1b none *', select_t: '1c selectT *',
  local_get: '20 local *', local_set: '21 local *', local_tee: '22 local *',
  global_get: '23 global *', global_set: '24 global *', table_get: '25 table *', table_set: '26 table *',

  i32_load: '28 m2 i:i', i64_load: '29 m3 i:I', f32_load: '2a m2 i:f', f64_load: '2b m3 i:F',
  i32_load8_s: '2c m0 i:i', i32_load8_u: '2d m0 i:i', i32_load16_s: '2e m1 i:i', i32_load16_u: '2f m1 i:i',
  i64_load8_s: '30 m0 i:I', i64_load8_u: '31 m0 i:I', i64_load16_s: '32 m1 i:I', i64_load16_u: '33 m1 i:I',
  i64_load32_s: '34 m2 i:I', i64_load32_u: '35 m2 i:I',
  i32_store: '36 m2 ii:', i64_store: '37 m3 iI:', f32_store: '38 m2 if:', f64_store: '39 m3 iF:',
  i32_store8: '3a m0 ii:', i32_store16: '3b m1 ii:', i64_store8: '3c m0 iI:', i64_store16: '3d m1 iI:',
  i64_store32: '3e m2 iI:', memory_size: '3f memory :i', memory_grow: '40 memory i:i',

  i32_const: '41 i32 :i', i64_const: '42 i64 :I', f32_const: '43 f32 :f', f64_const: '44 f64 :F',

  i32_eqz: '45 none i:i', i32_eq: '46 none ii:i', i32_ne: '47 none ii:i', i32_lt_s: '48 none ii:i',
  i32_lt_u: '49 none ii:i', i32_gt_s: '4a none ii:i', i32_gt_u: '4b none ii:i', i32_le_s: '4c none ii:i',
  i32_le_u: '4d none ii:i', i32_ge_s: '4e none ii:i', i32_ge_u: '4f none ii:i',
  i64_eqz: '50 none I:i', i64_eq: '51 none II:i', i64_ne: '52 none II:i', i64_lt_s: '53 none II:i',
  i64_lt_u: '54 none II:i', i64_gt_s: '55 none II:i', i64_gt_u: '56 none II:i', i64_le_s: '57 none II:i',
  i64_le_u: '58 none II:i', i64_ge_s: '59 none II:i', i64_ge_u: '5a none II:i',
  f32_eq: '5b none ff:i', f32_ne: '5c none ff:i', f32_lt: '5d none ff:i', f32_gt: '5e none ff:i',
  f32_le: '5f none ff:i', f32_ge: '60 none ff:i',
  f64_eq: '61 none FF:i', f64_ne: '62 none FF:i', f64_lt: '63 none FF:i', f64_gt: '64 none FF:i',
  f64_le: '65 none FF:i', f64_ge: '66 none FF:i',

  i32_clz: '67 none i:i', i32_ctz: '68 none i:i', i32_popcnt: '69 none i:i', i32_add: '6a none ii:i',
  i32_sub: '6b none ii:i', i32_mul: '6c none ii:i', i32_div_s: '6d none ii:i', i32_div_u: '6e none ii:i',
  i32_rem_s: '6f none ii:i', i32_rem_u: '70 none ii:i', i32_and: '71 none ii:i', i32_or: '72 none ii:i',
  i32_xor: '73 none ii:i', i32_shl: '74 none ii:i', i32_shr_s: '75 none ii:i', i32_shr_u: '76 none ii:i',
  i32_rotl: '77 none ii:i', i32_rotr: '78 none ii:i',
  i64_clz: '79 none I:I', i64_ctz: '7a none I:I', i64_popcnt: '7b none I:I', i64_add: '7c none II:I',
  i64_sub: '7d none II:I', i64_mul: '7e none II:I', i64_div_s: '7f none II:I', i64_div_u: '80 none II:I',
  i64_rem_s: '81 none II:I', i64_rem_u: '82 none II:I', i64_and: '83 none II:I', i64_or: '84 none II:I',
  i64_xor: '85 none II:I', i64_shl: '86 none II:I', i64_shr_s: '87 none II:I', i64_shr_u: '88 none II:I',
  i64_rotl: '89 none II:I', i64_rotr: '8a none II:I',
  f32_abs: '8b none f:f', f32_neg: '8c none f:f', f32_ceil: '8d none f:f', f32_floor: '8e none f:f',
  f32_trunc: '8f none f:f', f32_nearest: '90 none f:f', f32_sqrt: '91 none f:f', f32_add: '92 none ff:f',
  f32_sub: '93 none ff:f', f32_mul: '94 none ff:f', f32_div: '95 none ff:f', f32_min: '96 none ff:f',
  f32_max: '97 none ff:f', f32_copysign: '98 none ff:f',
  f64_abs: '99 none F:F', f64_neg: '9a none F:F', f64_ceil: '9b none F:F', f64_floor: '9c none F:F',
  f64_trunc: '9d none F:F', f64_nearest: '9e none F:F', f64_sqrt: '9f none F:F', f64_add: 'a0 none FF:F',
  f64_sub: 'a1 none FF:F', f64_mul: 'a2 none FF:F', f64_div: 'a3 none FF:F', f64_min: 'a4 none FF:F',
  f64_max: 'a5 none FF:F', f64_copysign: 'a6 none FF:F',

  i32_wrap_i64: 'a7 none I:i', i32_trunc_f32_s: 'a8 none f:i', i32_trunc_f32_u: 'a9 none f:i',
  i32_trunc_f64_s: 'aa none F:i', i32_trunc_f64_u: 'ab none F:i', i64_extend_i32_s: 'ac none i:I',
  i64_extend_i32_u: 'ad none i:I', i64_trunc_f32_s: 'ae none f:I', i64_trunc_f32_u: 'af none f:I',
  i64_trunc_f64_s: 'b0 none F:I', i64_trunc_f64_u: 'b1 none F:I', f32_convert_i32_s: 'b2 none i:f',
  f32_convert_i32_u: 'b3 none i:f', f32_convert_i64_s: 'b4 none I:f', f32_convert_i64_u: 'b5 none I:f',
  f32_demote_f64: 'b6 none F:f', f64_convert_i32_s: 'b7 none i:F', f64_convert_i32_u: 'b8 none i:F',
  f64_convert_i64_s: 'b9 none I:F', f64_convert_i64_u: 'ba none I:F', f64_promote_f32: 'bb none f:F',
  i32_reinterpret_f32: 'bc none f:i', i64_reinterpret_f64: 'bd none F:I', f32_reinterpret_i32: 'be none i:f',
  f64_reinterpret_i64: 'bf none I:F',
  i32_extend8_s: 'c0 none i:i', i32_extend16_s: 'c1 none i:i', i64_extend8_s: 'c2 none I:I',
  i64_extend16_s: 'c3 none I:I', i64_extend32_s: 'c4 none I:I',
  ref_null: 'd0 refType *', ref_is_null: 'd1 none *', ref_func: 'd2 func *',

  i32_trunc_sat_f32_s: 'fc00 none f:i', i32_trunc_sat_f32_u: 'fc01 none f:i', i32_trunc_sat_f64_s: 'fc02 none F:i',
  i32_trunc_sat_f64_u: 'fc03 none F:i', i64_trunc_sat_f32_s: 'fc04 none f:I', i64_trunc_sat_f32_u: 'fc05 none f:I',
  i64_trunc_sat_f64_s: 'fc06 none F:I', i64_trunc_sat_f64_u: 'fc07 none F:I',
  memory_init: 'fc08 memoryInit iii:', data_drop: 'fc09 data :', memory_copy: 'fc0a memoryCopy iii:',
  memory_fill: 'fc0b memory iii:', table_init: 'fc0c tableInit iii:', elem_drop: 'fc0d elem :',
  table_copy: 'fc0e tableCopy iii:', table_grow: 'fc0f table *', table_size: 'fc10 table :i', table_fill: 'fc11 table *',

  f64x2_splat: 'fd14 none F:V', f64x2_extract_lane: 'fd21 lane V:F', f64x2_sqrt: 'fdef none V:V',

  memory_atomic_notify: 'fe00 m2 ii:i', memory_atomic_wait32: 'fe01 m2 iiI:i', memory_atomic_wait64: 'fe02 m3 iII:i',
  atomic_fence: 'fe03 zero :',
  i32_atomic_load: 'fe10 m2 i:i', i64_atomic_load: 'fe11 m3 i:I', i32_atomic_load8_u: 'fe12 m0 i:i',
  i32_atomic_load16_u: 'fe13 m1 i:i', i64_atomic_load8_u: 'fe14 m0 i:I', i64_atomic_load16_u: 'fe15 m1 i:I',
  i64_atomic_load32_u: 'fe16 m2 i:I',
  i32_atomic_store: 'fe17 m2 ii:', i64_atomic_store: 'fe18 m3 iI:', i32_atomic_store8: 'fe19 m0 ii:',
  i32_atomic_store16: 'fe1a m1 ii:', i64_atomic_store8: 'fe1b m0 iI:', i64_atomic_store16: 'fe1c m1 iI:',
  i64_atomic_store32: 'fe1d m2 iI:',
  i32_atomic_rmw_add: 'fe1e m2 ii:i', i64_atomic_rmw_add: 'fe1f m3 iI:I', i32_atomic_rmw8_add_u: 'fe20 m0 ii:i',
  i32_atomic_rmw16_add_u: 'fe21 m1 ii:i', i64_atomic_rmw8_add_u: 'fe22 m0 iI:I', i64_atomic_rmw16_add_u: 'fe23 m1 iI:I',
  i64_atomic_rmw32_add_u: 'fe24 m2 iI:I',
  i32_atomic_rmw_sub: 'fe25 m2 ii:i', i64_atomic_rmw_sub: 'fe26 m3 iI:I', i32_atomic_rmw8_sub_u: 'fe27 m0 ii:i',
  i32_atomic_rmw16_sub_u: 'fe28 m1 ii:i', i64_atomic_rmw8_sub_u: 'fe29 m0 iI:I', i64_atomic_rmw16_sub_u: 'fe2a m1 iI:I',
  i64_atomic_rmw32_sub_u: 'fe2b m2 iI:I',
  i32_atomic_rmw_and: 'fe2c m2 ii:i', i64_atomic_rmw_and: 'fe2d m3 iI:I', i32_atomic_rmw8_and_u: 'fe2e m0 ii:i',
  i32_atomic_rmw16_and_u: 'fe2f m1 ii:i', i64_atomic_rmw8_and_u: 'fe30 m0 iI:I', i64_atomic_rmw16_and_u: 'fe31 m1 iI:I',
  i64_atomic_rmw32_and_u: 'fe32 m2 iI:I',
  i32_atomic_rmw_or: 'fe33 m2 ii:i', i64_atomic_rmw_or: 'fe34 m3 iI:I', i32_atomic_rmw8_or_u: 'fe35 m0 ii:i',
  i32_atomic_rmw16_or_u: 'fe36 m1 ii:i', i64_atomic_rmw8_or_u: 'fe37 m0 iI:I', i64_atomic_rmw16_or_u: 'fe38 m1 iI:I',
  i64_atomic_rmw32_or_u: 'fe39 m2 iI:I',
  i32_atomic_rmw_xor: 'fe3a m2 ii:i', i64_atomic_rmw_xor: 'fe3b m3 iI:I', i32_atomic_rmw8_xor_u: 'fe3c m0 ii:i',
  i32_atomic_rmw16_xor_u: 'fe3d m1 ii:i', i64_atomic_rmw8_xor_u: 'fe3e m0 iI:I', i64_atomic_rmw16_xor_u: 'fe3f m1 iI:I',
  i64_atomic_rmw32_xor_u: 'fe40 m2 iI:I',
  i32_atomic_rmw_xchg: 'fe41 m2 ii:i', i64_atomic_rmw_xchg: 'fe42 m3 iI:I', i32_atomic_rmw8_xchg_u: 'fe43 m0 ii:i',
  i32_atomic_rmw16_xchg_u: 'fe44 m1 ii:i', i64_atomic_rmw8_xchg_u: 'fe45 m0 iI:I', i64_atomic_rmw16_xchg_u: 'fe46 m1 iI:I',
  i64_atomic_rmw32_xchg_u: 'fe47 m2 iI:I',
  i32_atomic_rmw_cmpxchg: 'fe48 m2 iii:i', i64_atomic_rmw_cmpxchg: 'fe49 m3 iII:I',
  i32_atomic_rmw8_cmpxchg_u: 'fe4a m0 iii:i', i32_atomic_rmw16_cmpxchg_u: 'fe4b m1 iii:i',
  i64_atomic_rmw8_cmpxchg_u: 'fe4c m0 iII:I', i64_atomic_rmw16_cmpxchg_u: 'fe4d m1 iII:I',
  i64_atomic_rmw32_cmpxchg_u: 'fe4e m2 iII:I',
} as const;

export type OpName = keyof typeof table;

/** Opcodes by name: `Op.i32_add`. A prefixed opcode is `prefix << 8 | code`. */
export const Op = {} as Record<OpName, number>;

const prefixFC = 0x100;
const prefixFD = 0x200;
const prefixFE = 0x300;
const slots = 0x400;

/** The dense row of an opcode in the tables below; rows of unknown opcodes have no name. */
export function opRow(op: number): number {
  if (op < 0x100) return op;
  const prefix = op >>> 8;
  return (prefix === 0xfc ? prefixFC : prefix === 0xfd ? prefixFD : prefixFE) + (op & 0xff);
}

/** Mnemonic of the text format by `opRow`; undefined if there is no such instruction. */
export const opText: (string | undefined)[] = new Array<string | undefined>(slots).fill(undefined);
/** Kind of immediates by `opRow`. */
export const opImm = new Uint8Array(slots);
/** Log2 of the natural alignment of a memory access by `opRow`. */
export const opAlign = new Uint8Array(slots);
/** Operand types by `opRow`; undefined if the instruction's type depends on its context. */
export const opParams: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(slots).fill(undefined);
/** Result types by `opRow`. */
export const opResults: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(slots).fill(undefined);

const sigLetters: Record<string, number> = { i: ValType.i32, I: ValType.i64, f: ValType.f32, F: ValType.f64, V: ValType.v128 };

function sigTypes(letters: string): Uint8Array {
  return Uint8Array.from(letters, (c) => sigLetters[c]);
}

/** The text format's name of a table row: `i32_atomic_rmw8_add_u` is written `i32.atomic.rmw8.add_u`. */
function mnemonic(name: string): string {
  if (name === 'select_t') return 'select';
  const parts = name.split('_');
  const dotted = ['i32', 'i64', 'f32', 'f64', 'f64x2', 'local', 'global', 'memory', 'table', 'ref', 'data', 'elem', 'atomic'];
  let text = parts[0];
  for (let i = 1; i < parts.length; i++) {
    const prev = parts[i - 1];
    const dot = (i === 1 && dotted.includes(prev)) || prev === 'atomic' || prev.startsWith('rmw');
    text += (dot ? '.' : '_') + parts[i];
  }
  return text;
}

function fillTables(): void {
  for (const [name, row] of Object.entries(table)) {
    const [code, imm, sig] = row.split(' ');
    const op = parseInt(code, 16);
    Op[name as OpName] = op;
    const at = opRow(op);
    opText[at] = mnemonic(name);
    if (imm[0] === 'm' && imm.length === 2) {
      opImm[at] = Imm.mem;
      opAlign[at] = Number(imm[1]);
    } else {
      opImm[at] = Imm[imm as keyof typeof Imm];
    }
    if (sig !== '*') {
      const [params, results] = sig.split(':');
      opParams[at] = sigTypes(params);
      opResults[at] = sigTypes(results);
    }
  }
}
fillTables();

/** True for an atomic access, which needs exactly its natural alignment. */
export function isAtomic(op: number): boolean {
  return op >>> 8 === 0xfe;
}

const plainOf = new Map<number, number>();
for (const name of Object.keys(table) as OpName[]) {
  const plain = name.replace('_atomic_load', '_load').replace('_atomic_store', '_store');
  if (plain !== name && plain in table) plainOf.set(Op[name], Op[plain as OpName]);
}

/** The plain access an atomic load or store becomes in unshared memory; 0 if there is none (read-modify-write, wait). */
export function plainAccess(op: number): number {
  return plainOf.get(op) ?? 0;
}
