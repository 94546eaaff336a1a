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

/** The Go function behind a symbol of package runtime that may have been renamed by `panicSymbol`. */
export function panicFunction(symbol: string): string {
  return symbol.startsWith('panic') ? `goPanic${symbol.slice('panic'.length)}` : symbol;
}

/** Functions and variables that generated code refers to without asking for them. */
export const alwaysPresent: readonly string[] = ['panicmem', 'zerobase'];

/** Symbol of the program's entry, a `func()`: the bottom of the main goroutine's stack. */
export const entrySymbol = 'runtime.main';

/** Offsets in internal/abi.ITab. */
export const Itab = { INTER: 0, TYPE: 8, HASH: 16, FUN: 24 } as const;
