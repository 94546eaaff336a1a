// What gc's compiler knows of functions of its runtime that it calls itself, beyond what their code says. Comparisons and hashes
// are calls through type descriptors, of which an analysis of the code has to fear the worst; and a concatenation's result is
// none of its operands where that would matter: the only one that is not empty is given back itself only where the result
// does not escape or the operand is not on a stack.

import { NO_LEAK, type EscapeSummary, type ParamLeak } from './escape-leak.ts';

const none: ParamLeak = { heap: NO_LEAK, results: [] };
/** What the argument points to flows to the heap, or the argument itself. */
const content: ParamLeak = { heap: 1, results: [] };
const itself: ParamLeak = { heap: 0, results: [] };
const toResult: ParamLeak = { heap: NO_LEAK, results: [{ result: 0, derefs: 0 }] };
/** The result points into what a map points to. */
const map: ParamLeak = { heap: NO_LEAK, results: [{ result: 0, derefs: 1 }] };

/** A buffer and n strings. */
const concatenation = (n: number): EscapeSummary => [toResult, ...Array.from({ length: n }, () => [none, null]).flat()];

const known = new Map<string, EscapeSummary>([
  // An iterator is no longer in use than the map that it is for.
  ['mapIterStart', [none, none, none]], ['mapIterNext', [none]],
  ['concatstrings', [toResult, none, null, null]], ['efaceeq', [none, none, none]], ['ifaceeq', [none, none, none]],
  ['mapassign', [none, map, content]], ['mapassign_faststr', [none, map, itself, null]], ['mapassign_fast64ptr', [none, map, itself]],
  ['mapassign_fast32', [none, map, null]], ['mapassign_fast64', [none, map, null]],
  ['mapdelete', [none, none, none]], ['mapdelete_faststr', [none, none, none, null]], ['mapdelete_fast32', [none, none, null]], ['mapdelete_fast64', [none, none, null]],
  ['mapclear', [none, none]], ['mapaccess1_fat', [none, map, none, toResult]], ['mapaccess2_fat', [none, map, none, toResult]],
]);
for (const access of ['mapaccess1', 'mapaccess2']) {
  known.set(access, [none, map, none]);
  known.set(`${access}_faststr`, [none, map, none, null]);
  known.set(`${access}_fast32`, [none, map, null]);
  known.set(`${access}_fast64`, [none, map, null]);
}
for (let n = 2; n <= 5; n++) known.set(`concatstring${n}`, concatenation(n));

// What the runtime's functions for maps come to where they are inlined.
const maps = 'internal/runtime/maps.';
const knownOfMaps = new Map<string, EscapeSummary>([['(*Map).Delete', [none, none, none]], ['(*Map).Clear', [none, none]], ['(*Iter).Init', [none, none, none]], ['(*Iter).Next', [none]]]);

const runtime = 'runtime.';

/** The summary of a function of the runtime that is known beforehand, or null. */
export function runtimeSummary(sym: string): EscapeSummary | null {
  if (sym.startsWith(runtime)) return known.get(sym.slice(runtime.length)) ?? null;
  return sym.startsWith(maps) ? (knownOfMaps.get(sym.slice(maps.length)) ?? null) : null;
}
