// The number that stands for "does not leak" in escape summaries.

/** No leak: more dereferences than any real one. */
export const NO_LEAK = 127;
