// Escape summaries: what callers know of a function's parameters; and the number that stands for "does not leak" in them.

/** No leak: more dereferences than any real one. */
export const NO_LEAK = 127;

/** What a function does with one parameter: fewest dereferences to the heap, and to each result. */
export interface ParamLeak { heap: number; readonly results: { readonly result: number; readonly derefs: number }[] }

/** By parameter index, the context last; null for parameters that are no pointers. */
export type EscapeSummary = readonly (ParamLeak | null)[];
