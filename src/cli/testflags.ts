// The command line of `goloom test`: flags of the command and of the test binary mixed, before and after the packages. What
// is the binary's is rewritten to `-test.name=value`; unknown flags and everything after -args are handed on as they are.
import { formatDuration, parseDuration } from './duration.ts';
import { boolValue, FlagError, HelpRequest } from './flags.ts';
import type { FlagKind, FlagSpec } from './flags.ts';
import { UsageError } from './output.ts';

/** A command line that has been taken apart. */
export interface TestFlags {
  /** Values of the command's own flags and of those that it shares with the binary. */
  readonly values: ReadonlyMap<string, string>;
  readonly packages: readonly string[];
  /** The arguments of the test binary. */
  readonly binary: readonly string[];
  /** Nanoseconds; 0 for no limit. */
  readonly timeout: number;
  /** A flag that neither knows. */
  readonly unknown: string;
}

/** Flags that are handed to the test binary. */
export const binaryFlags: readonly FlagSpec[] = [
  { name: 'artifacts', kind: 'bool' },
  { name: 'bench', kind: 'string' },
  { name: 'benchmem', kind: 'bool' },
  { name: 'benchtime', kind: 'string' },
  { name: 'blockprofile', kind: 'string' },
  { name: 'blockprofilerate', kind: 'string' },
  { name: 'count', kind: 'int' },
  { name: 'coverprofile', kind: 'string' },
  { name: 'cpu', kind: 'string' },
  { name: 'cpuprofile', kind: 'string' },
  { name: 'failfast', kind: 'bool' },
  { name: 'fullpath', kind: 'bool' },
  { name: 'fuzz', kind: 'string' },
  { name: 'fuzzminimizetime', kind: 'string' },
  { name: 'fuzztime', kind: 'string' },
  { name: 'list', kind: 'string' },
  { name: 'memprofile', kind: 'string' },
  { name: 'memprofilerate', kind: 'string' },
  { name: 'mutexprofile', kind: 'string' },
  { name: 'mutexprofilefraction', kind: 'string' },
  { name: 'outputdir', kind: 'string' },
  { name: 'parallel', kind: 'int' },
  { name: 'run', kind: 'string' },
  { name: 'short', kind: 'bool' },
  { name: 'shuffle', kind: 'shuffle' },
  { name: 'skip', kind: 'string' },
  { name: 'timeout', kind: 'duration' },
  { name: 'trace', kind: 'string' },
  { name: 'v', kind: 'verbose' },
];

const defaultTimeout = 600e9;
const profiles = ['blockprofile', 'cpuprofile', 'memprofile', 'mutexprofile', 'trace'];

/** Takes the words apart; `preset` are those of GOFLAGS. Throws FlagError or HelpRequest. */
export function parseTestFlags(specs: readonly FlagSpec[], preset: readonly string[], words: readonly string[], cwd: string): TestFlags {
  const fromEnvironment = new Map<string, string>();
  for (let rest = preset; rest.length > 0; ) {
    const flag = readFlag(specs, rest);
    if (flag.kind !== 'known') break;
    fromEnvironment.set(flag.name, flag.value);
    rest = rest.slice(flag.used);
  }
  const parser = new Parser(specs, words);
  parser.run();
  const values = new Map([...fromEnvironment, ...parser.values]);
  const injected: string[] = [];
  if (values.get('json') === 'true') injected.push('-test.v=test2json');
  for (const [name, value] of fromEnvironment) {
    const isHidden = parser.values.has(name) || (name === 'v' && values.get('json') === 'true');
    if (isBinaryFlag(name) && !isHidden) injected.push(`-test.${name}=${value}`);
  }
  const timeout = values.has('timeout') ? parseDuration(values.get('timeout')!)! : defaultTimeout;
  if (timeout > 0 && !values.has('timeout')) injected.push(`-test.timeout=${formatDuration(timeout)}`);
  const writesFiles = profiles.some((name) => (values.get(name) ?? '') !== '') || values.get('artifacts') === 'true';
  if (writesFiles && !values.has('outputdir')) injected.push(`-test.outputdir=${cwd}`);
  return { values, packages: parser.packages, binary: [...injected, ...parser.binary], timeout, unknown: parser.unknown };
}

function isBinaryFlag(name: string): boolean {
  return binaryFlags.some((flag) => flag.name === name);
}

class Parser {
  readonly values = new Map<string, string>();
  readonly packages: string[] = [];
  readonly binary: string[] = [];
  unknown = '';
  private readonly specs: readonly FlagSpec[];
  private rest: readonly string[];
  /** Whether the list of packages is complete: one was given and a flag after it, or an unknown flag was met. */
  private isListClosed = false;
  /** The word before was an unknown flag without `=`, so that this one may be its value. */
  private maybeValue = false;

  constructor(specs: readonly FlagSpec[], words: readonly string[]) {
    this.specs = specs;
    this.rest = words;
  }

  run(): void {
    while (this.rest.length > 0) {
      const maybeValue = this.maybeValue;
      this.maybeValue = false;
      const word = this.rest[0]!;
      if (word === '--') break;
      if (word.length < 2 || word[0] !== '-') {
        if (this.isListClosed && !maybeValue) break;
        (this.isListClosed ? this.binary : this.packages).push(word);
        this.rest = this.rest.slice(1);
        continue;
      }
      if (this.packages.length > 0) this.isListClosed = true;
      if (!this.takeFlag()) return;
    }
    this.binary.push(...this.rest);
  }

  /** Takes the flag that comes next; false where -args ends the command's part. */
  private takeFlag(): boolean {
    const flag = readFlag(this.specs, this.rest);
    if (flag.kind === 'known') {
      this.values.set(flag.name, flag.value);
      if (flag.name === 'C' && (this.packages.length > 0 || this.values.size > 1)) throw misplacedC(flag.value);
      if (isBinaryFlag(flag.name)) this.binary.push(`-test.${flag.name}=${flag.value}`);
      this.rest = this.rest.slice(flag.used);
      return true;
    }
    this.isListClosed = true;
    const word = this.rest[0]!;
    this.rest = this.rest.slice(1);
    if (word === '-args' || word === '--args') {
      this.binary.push(...this.rest);
      return false;
    }
    this.unknown ||= word;
    this.binary.push(word);
    this.maybeValue = !word.includes('=');
    return true;
  }
}

function misplacedC(value: string): FlagError {
  return new FlagError(`invalid value ${JSON.stringify(value)} for flag -C: -C flag must be first flag on command line`);
}

type ReadFlag = { readonly kind: 'known'; readonly name: string; readonly value: string; readonly used: number } | { readonly kind: 'unknown' };

/** The flag at the front of the words, under its name without `test.`, with its value as the flag package prints it. */
function readFlag(specs: readonly FlagSpec[], words: readonly string[]): ReadFlag {
  const word = words[0]!;
  const body = word.slice(word[1] === '-' ? 2 : 1);
  if (body === '' || body[0] === '-' || body[0] === '=') throw new FlagError(`bad flag syntax: ${word}`);
  const equals = body.indexOf('=');
  const full = equals < 0 ? body : body.slice(0, equals);
  const short = full.replace(/^test\./, '');
  const spec = specs.find((candidate) => candidate.name === full || (candidate.name === short && isBinaryFlag(short)));
  if (spec === undefined) {
    if (full === 'h' || full === 'help') throw new HelpRequest();
    return { kind: 'unknown' };
  }
  if (equals >= 0) return { kind: 'known', name: spec.name, value: flagValue(spec.name, spec.kind, body.slice(equals + 1)), used: 1 };
  if (spec.kind === 'bool' || spec.kind === 'verbose') return { kind: 'known', name: spec.name, value: 'true', used: 1 };
  if (words.length < 2) throw new FlagError(`flag needs an argument: ${word}`);
  return { kind: 'known', name: spec.name, value: flagValue(spec.name, spec.kind, words[1]!), used: 2 };
}

function flagValue(name: string, kind: FlagKind, text: string): string {
  const invalid = (why: string): FlagError => new FlagError(`invalid value ${JSON.stringify(text)} for flag -${name}: ${why}`);
  switch (kind) {
    case 'bool':
      return boolValue(name, text);
    case 'verbose':
      return text === 'test2json' ? text : boolValue(name, text);
    case 'int':
      if (!/^[+-]?(0[xob])?[0-9a-fA-F_]+$/.test(text)) throw invalid('parse error');
      return String(Number(text.replaceAll('_', '')));
    case 'duration': {
      const ns = parseDuration(text);
      if (ns === undefined) throw invalid('parse error');
      return formatDuration(ns);
    }
    case 'shuffle':
      if (text === 'on' || text === 'off' || /^[+-]?\d+$/.test(text)) return text;
      throw invalid(`-shuffle argument must be "on", "off", or an int64: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    case 'string':
    case 'fields':
      return text;
  }
}

/** What -c can't be used with. */
export function requireKnownFlags(flags: TestFlags, usage: string): void {
  if (flags.unknown !== '' && flags.values.get('c') === 'true') throw new UsageError(`go: unknown flag ${flags.unknown} cannot be used with -c\n${usage}`);
}
