// The compiler's options, and its debugging switches (-d=...): one table, self-describing, free when off.

import type { FrontSession } from './front.ts';
import type { ObjectCache } from './objects.ts';

/** What a compilation is asked for. */
export interface CompileOptions {
  /** Folder of the installation: dist/base.wasm is below it. */
  readonly root: string;
  readonly gcflags: readonly string[];
  readonly ldflags: readonly string[];
  readonly trimpath: boolean;
  readonly trace?: ((event: { readonly kind: 'package' | 'stage'; readonly text: string }) => void) | undefined;
  /** Keeps the checked standard library between programs. */
  readonly session?: FrontSession | undefined;
  /** Where compiled functions are kept between builds; none are if it is undefined. */
  readonly objects?: ObjectCache | undefined;
  /** No function is implemented outside Go: one without a body is an error (default). */
  readonly complete?: boolean;
  /** Unshared memory, one M. */
  readonly single?: boolean;
  /** For any engine with WASI preview 1. */
  readonly wasi?: boolean;
}

/** Debugging switches: name, what it does. */
export const debugSwitches = {
  help: 'print this table',
  'dump=FUNC': 'print the IR of a function after each pass that changed it',
  'ir=FUNC': 'print the IR of a function as built',
  check: 'verify the IR after each pass',
  time: 'print the time of each stage',
  stats: 'print numbers of functions, sizes of parts',
  'off=PASS': 'do not run a pass',
  nopasses: 'do not run any optional pass',
} as const;

/** The switches that are on. */
export interface Debug {
  readonly dump: string;
  readonly ir: string;
  readonly check: boolean;
  readonly time: boolean;
  readonly stats: boolean;
  readonly off: ReadonlySet<string>;
  readonly passes: boolean;
}

/** Reads `-d=a,b=c` out of gcflags, and GOLOOMDEBUG. */
export function debugOptions(gcflags: readonly string[]): Debug {
  const words: string[] = [];
  const add = (text: string): void => { for (const w of text.split(',')) if (w !== '') words.push(w); };
  for (const f of gcflags) {
    const m = /^-?-d=(.*)$/.exec(f);
    if (m !== null) add(m[1]!);
  }
  add(process.env['GOLOOMDEBUG'] ?? '');
  const value = (name: string): string => words.find((w) => w.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  if (words.includes('help')) for (const [name, text] of Object.entries(debugSwitches)) console.error(`${name.padEnd(12)} ${text}`);
  return {
    dump: value('dump'), ir: value('ir'), check: words.includes('check'), time: words.includes('time'), stats: words.includes('stats'),
    off: new Set(words.filter((w) => w.startsWith('off=')).map((w) => w.slice(4))), passes: !words.includes('nopasses'),
  };
}
