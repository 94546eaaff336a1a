// Which files a build takes: the build context of the wasm ports, with the experiments that Go turns on for them.
import type { BuildContext } from '../source/constraint.ts';
import { LoadError } from './program.ts';

/** Experiments that go1.26 turns on for wasm. */
const defaultExperiments = ['dwarf5', 'greenteagc', 'randomizedheapbase64'];

/** All experiments go1.26 knows; a GOEXPERIMENT value names them with or without a leading `no`. */
const knownExperiments = new Set([
  ...defaultExperiments,
  'arenas',
  'boringcrypto',
  'cacheprog',
  'cgocheck2',
  'fieldtrack',
  'goroutineleakprofile',
  'heapminimum512kib',
  'jsonv2',
  'loopvar',
  'mapsplitgroup',
  'newinliner',
  'preemptibleloops',
  'regabiargs',
  'regabiwrappers',
  'runtimefreegc',
  'runtimesecret',
  'simd',
  'sizespecializedmalloc',
  'staticlockranking',
  'synctest',
]);

/** The systems that goloom makes programs for. */
export const supportedSystems: readonly string[] = ['js', 'wasip1'];

/** What `buildContext` is made from. */
export interface ContextOptions {
  readonly goos: string;
  /** The minor number of the standard library's Go: 26 for go1.26.8. */
  readonly goMinor: number;
  /** The user's `-tags`. */
  readonly tags?: readonly string[];
  /** The value of GOEXPERIMENT. */
  readonly experiment?: string;
}

/** The context of a build for `goos` on wasm. */
export function buildContext(options: ContextOptions): BuildContext {
  if (!supportedSystems.includes(options.goos)) {
    throw new LoadError([`go: unsupported GOOS/GOARCH pair ${options.goos}/wasm`], 2);
  }
  const tags = new Set(options.tags ?? []);
  for (const name of enabledExperiments(options.experiment ?? '')) tags.add(`goexperiment.${name}`);
  return { goos: options.goos, goarch: 'wasm', compiler: 'gc', cgo: false, goMinor: options.goMinor, tags };
}

/** The experiments that are on, given a GOEXPERIMENT value. */
export function enabledExperiments(value: string): Set<string> {
  const on = new Set(defaultExperiments);
  for (const word of value.split(',')) {
    if (word === '') continue;
    if (word === 'none') {
      on.clear();
      continue;
    }
    const off = word.startsWith('no');
    const name = off ? word.slice(2) : word;
    if (!knownExperiments.has(name)) throw new LoadError([`go: unknown GOEXPERIMENT ${name}`], 2);
    if (off) on.delete(name);
    else on.add(name);
  }
  return on;
}
