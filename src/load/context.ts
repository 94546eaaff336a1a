// Which files a build takes: the operating system, architecture and tags that file names and build constraints are
// tested against. Mirrors what the go command passes to its compiler for the wasm ports.
import { LoadError } from './program.ts';

/** What build constraints are evaluated against. */
export interface BuildContext {
  readonly goos: string;
  readonly goarch: string;
  /** All true tags but the operating system and architecture: `gc`, `go1.1`…, `goexperiment.x`, the user's. */
  readonly tags: ReadonlySet<string>;
}

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

/** Every GOOS that a file-name suffix may name. */
export const knownSystems: ReadonlySet<string> = new Set([
  'aix',
  'android',
  'darwin',
  'dragonfly',
  'freebsd',
  'hurd',
  'illumos',
  'ios',
  'js',
  'linux',
  'nacl',
  'netbsd',
  'openbsd',
  'plan9',
  'solaris',
  'wasip1',
  'windows',
  'zos',
]);

/** Every GOARCH that a file-name suffix may name. */
export const knownArchitectures: ReadonlySet<string> = new Set([
  '386',
  'amd64',
  'amd64p32',
  'arm',
  'armbe',
  'arm64',
  'arm64be',
  'loong64',
  'mips',
  'mipsle',
  'mips64',
  'mips64le',
  'mips64p32',
  'mips64p32le',
  'ppc',
  'ppc64',
  'ppc64le',
  'riscv',
  'riscv64',
  's390',
  's390x',
  'sparc',
  'sparc64',
  'wasm',
]);

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
  const tags = new Set<string>(['gc']);
  for (let minor = 1; minor <= options.goMinor; minor++) tags.add(`go1.${minor}`);
  for (const name of enabledExperiments(options.experiment ?? '')) tags.add(`goexperiment.${name}`);
  for (const tag of options.tags ?? []) tags.add(tag);
  return { goos: options.goos, goarch: 'wasm', tags };
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

/** Whether a tag of a build constraint is true. */
export function tagIsSet(context: BuildContext, tag: string): boolean {
  return tag === context.goos || tag === context.goarch || context.tags.has(tag);
}
