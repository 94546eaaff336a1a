// Entry points of package runtime (overlay/runtime) that generated code refers to by name. Their Go declarations are the
// signatures. Beyond these, compiled code calls gc's list (cmd/compile/internal/typecheck/_builtin/runtime.go).

/** Called once, before any package is initialised. */
export const programStart = 'rt0';

/** Called when main.main has returned; never returns. */
export const programEnd = 'mainReturned';

/**
 * gc's panicIndex and so on are assembler stubs for goPanicIndex; here the Go function itself carries gc's symbol:
 * `runtime.goPanicX` is known as `runtime.panicX`.
 */
export function panicSymbol(name: string): string {
  return name.startsWith('goPanic') ? `panic${name.slice('goPanic'.length)}` : name;
}

/**
 * Functions and variables that generated code refers to without asking for them: those of failed checks (with all goPanicX),
 * and addresses that stand for empty and small values.
 */
export const alwaysPresent: readonly string[] = [
  'sigpanic', 'panicmem', 'panicdivide', 'panicshift', 'panicoverflow', 'panicmakeslicelen', 'panicmakeslicecap', 'panicwrapText', 'zerobase', 'staticuint64s',
];

/** Whether generated code may refer to a function of package runtime without asking for it. */
export function isAlwaysPresent(name: string): boolean { return name.startsWith('goPanic') || alwaysPresent.includes(name); }

/** Symbol of the program's entry, a `func()`: the bottom of the main goroutine's stack. */
export const entrySymbol = 'runtime.main';

/** Offsets in internal/abi.ITab. */
export const Itab = { INTER: 0, TYPE: 8, HASH: 16, FUN: 24 } as const;

/**
 * Value of G.DEFER_FN while a deferred call is on its way through reflect: the stub of a method value sets it, the frame
 * thunk that makes the call in the end puts the callee's code index in its place.
 */
export const deferInReflect = -1;
