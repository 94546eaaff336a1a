// The universe scope: predeclared types, constants, functions and nil; and package unsafe. Made once, shared by all packages.
import { makeBool, makeInt } from '../constant/value.ts';
import {
  Alias,
  Basic,
  BasicInfo as I,
  BasicKind as K,
  Builtin,
  BuiltinId,
  Const,
  EMPTY_TUPLE,
  Func,
  InterfaceType,
  Named,
  Nil,
  Package,
  Scope,
  Signature,
  Tuple,
  TypeName,
  Var,
  VarKind,
  invalidType,
} from './model.ts';

function basic(kind: K, info: number, name: string): Basic {
  return new Basic(kind, info, name);
}

/** The predeclared types by name; byte and rune are apart (universeByte, universeRune). */
export const Typ = {
  invalid: invalidType(),
  bool: basic(K.Bool, I.IsBoolean, 'bool'),
  int: basic(K.Int, I.IsInteger, 'int'),
  int8: basic(K.Int8, I.IsInteger, 'int8'),
  int16: basic(K.Int16, I.IsInteger, 'int16'),
  int32: basic(K.Int32, I.IsInteger, 'int32'),
  int64: basic(K.Int64, I.IsInteger, 'int64'),
  uint: basic(K.Uint, I.IsInteger | I.IsUnsigned, 'uint'),
  uint8: basic(K.Uint8, I.IsInteger | I.IsUnsigned, 'uint8'),
  uint16: basic(K.Uint16, I.IsInteger | I.IsUnsigned, 'uint16'),
  uint32: basic(K.Uint32, I.IsInteger | I.IsUnsigned, 'uint32'),
  uint64: basic(K.Uint64, I.IsInteger | I.IsUnsigned, 'uint64'),
  uintptr: basic(K.Uintptr, I.IsInteger | I.IsUnsigned, 'uintptr'),
  float32: basic(K.Float32, I.IsFloat, 'float32'),
  float64: basic(K.Float64, I.IsFloat, 'float64'),
  complex64: basic(K.Complex64, I.IsComplex, 'complex64'),
  complex128: basic(K.Complex128, I.IsComplex, 'complex128'),
  string: basic(K.String, I.IsString, 'string'),
  unsafePointer: basic(K.UnsafePointer, 0, 'Pointer'),
  untypedBool: basic(K.UntypedBool, I.IsBoolean | I.IsUntyped, 'untyped bool'),
  untypedInt: basic(K.UntypedInt, I.IsInteger | I.IsUntyped, 'untyped int'),
  untypedRune: basic(K.UntypedRune, I.IsInteger | I.IsUntyped, 'untyped rune'),
  untypedFloat: basic(K.UntypedFloat, I.IsFloat | I.IsUntyped, 'untyped float'),
  untypedComplex: basic(K.UntypedComplex, I.IsComplex | I.IsUntyped, 'untyped complex'),
  untypedString: basic(K.UntypedString, I.IsString | I.IsUntyped, 'untyped string'),
  untypedNil: basic(K.UntypedNil, I.IsUntyped, 'untyped nil'),
} as const;

const byKind: Basic[] = Object.values(Typ);

/** Returns the predeclared type of that kind (uint8 for byte). */
export function basicType(kind: K): Basic {
  return byKind[kind];
}

/** The types byte and rune: equal to uint8 and int32 but printed with their own names. */
export const universeByte: Basic = basic(K.Uint8, I.IsInteger | I.IsUnsigned, 'byte');
export const universeRune: Basic = basic(K.Int32, I.IsInteger, 'rune');

export const universe: Scope = new Scope(null, 0, 0, 'universe');

/** Package unsafe. */
export const unsafePackage: Package = new Package('unsafe', 'unsafe', universe);

function defineTypes(): void {
  for (const t of byKind) {
    if (t.basic === K.Invalid || t.basic >= K.UntypedBool) continue;
    if (t.basic === K.UnsafePointer) unsafePackage.scope.insert(new TypeName(0, unsafePackage, 'Pointer', t));
    else universe.insert(new TypeName(0, null, t.name, t));
  }
  universe.insert(new TypeName(0, null, 'byte', universeByte));
  universe.insert(new TypeName(0, null, 'rune', universeRune));
}

function defineAny(): TypeName {
  const obj = new TypeName(0, null, 'any', null);
  obj.type = new Alias(obj, new InterfaceType([], []));
  universe.insert(obj);
  return obj;
}

function defineError(): TypeName {
  const obj = new TypeName(0, null, 'error', null);
  const named = new Named(obj, null);
  obj.type = named;
  const recv = new Var(VarKind.Recv, 0, null, '', named);
  const result = new Var(VarKind.Result, 0, null, '', Typ.string);
  const sig = new Signature(recv, EMPTY_TUPLE, new Tuple([result]), false);
  const iface = new InterfaceType([new Func(0, null, 'Error', sig)], []);
  named.fromRhs = named.under = iface;
  universe.insert(obj);
  return obj;
}

function defineComparable(): TypeName {
  const obj = new TypeName(0, null, 'comparable', null);
  const named = new Named(obj, null);
  obj.type = named;
  const iface = new InterfaceType([], []);
  iface.tset = { methods: [], terms: null, comparable: true };
  named.fromRhs = named.under = iface;
  universe.insert(obj);
  return obj;
}

defineTypes();

/** The predeclared alias any, the types error and comparable, the constant iota and nil. */
export const universeAny: TypeName = defineAny();
export const universeError: TypeName = defineError();
export const universeComparable: TypeName = defineComparable();
export const universeIota: Const = new Const(0, null, 'iota', Typ.untypedInt, makeInt(0));
export const universeNil: Nil = new Nil(0, null, 'nil', Typ.untypedNil);

/** How many arguments a predeclared function takes, and what its call is. */
export interface BuiltinInfo {
  readonly name: string;
  readonly nargs: number;
  readonly variadic: boolean;
  /** 'expression' calls may not be statements; 'conversion' is only used for type conversions. */
  readonly kind: 'conversion' | 'expression' | 'statement';
  readonly unsafe: boolean;
}

/** The predeclared functions by BuiltinId. */
export const builtins: readonly BuiltinInfo[] = defineBuiltinTable();

function defineBuiltinTable(): BuiltinInfo[] {
  const table: BuiltinInfo[] = [];
  const add = (id: BuiltinId, name: string, nargs: number, variadic: boolean, kind: BuiltinInfo['kind'], unsafe = false): void => {
    table[id] = { name, nargs, variadic, kind, unsafe };
  };
  add(BuiltinId.Append, 'append', 1, true, 'expression');
  add(BuiltinId.Cap, 'cap', 1, false, 'expression');
  add(BuiltinId.Clear, 'clear', 1, false, 'statement');
  add(BuiltinId.Close, 'close', 1, false, 'statement');
  add(BuiltinId.Complex, 'complex', 2, false, 'expression');
  add(BuiltinId.Copy, 'copy', 2, false, 'statement');
  add(BuiltinId.Delete, 'delete', 2, false, 'statement');
  add(BuiltinId.Imag, 'imag', 1, false, 'expression');
  add(BuiltinId.Len, 'len', 1, false, 'expression');
  add(BuiltinId.Make, 'make', 1, true, 'expression');
  add(BuiltinId.Max, 'max', 1, true, 'expression');
  add(BuiltinId.Min, 'min', 1, true, 'expression');
  add(BuiltinId.New, 'new', 1, false, 'expression');
  add(BuiltinId.Panic, 'panic', 1, false, 'statement');
  add(BuiltinId.Print, 'print', 0, true, 'statement');
  add(BuiltinId.Println, 'println', 0, true, 'statement');
  add(BuiltinId.Real, 'real', 1, false, 'expression');
  add(BuiltinId.Recover, 'recover', 0, false, 'statement');
  add(BuiltinId.Add, 'Add', 2, false, 'expression', true);
  add(BuiltinId.Alignof, 'Alignof', 1, false, 'expression', true);
  add(BuiltinId.Offsetof, 'Offsetof', 1, false, 'expression', true);
  add(BuiltinId.Sizeof, 'Sizeof', 1, false, 'expression', true);
  add(BuiltinId.Slice, 'Slice', 2, false, 'expression', true);
  add(BuiltinId.SliceData, 'SliceData', 1, false, 'expression', true);
  add(BuiltinId.String, 'String', 2, false, 'expression', true);
  add(BuiltinId.StringData, 'StringData', 1, false, 'expression', true);
  add(BuiltinId.Assert, 'assert', 1, false, 'statement');
  add(BuiltinId.Trace, 'trace', 0, true, 'expression');
  return table;
}

function defineRest(): void {
  universe.insert(new Const(0, null, 'true', Typ.untypedBool, makeBool(true)));
  universe.insert(new Const(0, null, 'false', Typ.untypedBool, makeBool(false)));
  universe.insert(universeIota);
  universe.insert(universeNil);
  for (let id = 0; id < BuiltinId.Assert; id++) {
    const b = builtins[id];
    if (b.unsafe) unsafePackage.scope.insert(new Builtin(unsafePackage, b.name, id as BuiltinId));
    else universe.insert(new Builtin(null, b.name, id as BuiltinId));
  }
  unsafePackage.complete = true;
}
defineRest();

/** Declares assert and trace, which the checker's own test programs use. */
export function defineTestFunctions(): void {
  universe.insert(new Builtin(null, 'assert', BuiltinId.Assert));
  universe.insert(new Builtin(null, 'trace', BuiltinId.Trace));
}
