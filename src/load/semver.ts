// Semantic versions as Go modules write them: `v1.2.3`, `v1.2.3-pre`, `v2.0.0+incompatible`; and go versions: `1.21rc1`.

interface Version {
  readonly numbers: readonly [number, number, number];
  readonly pre: string;
}

const pattern = /^v(0|[1-9]\d*)(?:\.(0|[1-9]\d*)(?:\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?)?)?$/;

function parse(version: string): Version | undefined {
  const match = pattern.exec(version);
  if (match === null) return undefined;
  return { numbers: [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)], pre: match[4]?.slice(1) ?? '' };
}

/** Whether the text is a full `vMAJOR.MINOR.PATCH` version. */
export function isCanonical(version: string): boolean {
  return parse(version) !== undefined && /^v\d+\.\d+\.\d+/.test(version);
}

/** The major version as a word: `v2`. */
export function major(version: string): string {
  return `v${parse(version)?.numbers[0] ?? ''}`;
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`. The empty version is newest: the main module's. */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '') return 1;
  if (b === '') return -1;
  const x = parse(a);
  const y = parse(b);
  if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? -1 : 1;
  for (let i = 0; i < 3; i++) {
    if (x.numbers[i] !== y.numbers[i]) return x.numbers[i]! - y.numbers[i]!;
  }
  return comparePrerelease(x.pre, y.pre);
}

function comparePrerelease(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '') return 1;
  if (b === '') return -1;
  const x = a.split('.');
  const y = b.split('.');
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] === y[i]) continue;
    const xIsNumber = /^\d+$/.test(x[i]!);
    const yIsNumber = /^\d+$/.test(y[i]!);
    if (xIsNumber !== yIsNumber) return xIsNumber ? -1 : 1;
    if (xIsNumber) return Number(x[i]) - Number(y[i]);
    return x[i]! < y[i]! ? -1 : 1;
  }
  return x.length - y.length;
}

/** Compares go versions without the `go` prefix: `1.21rc1` < `1.21.0`, and `1.21` < `1.21rc1`. */
export function compareGoVersions(a: string, b: string): number {
  const x = goVersionParts(a);
  const y = goVersionParts(b);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return 0;
}

/** Major, minor, stage (language, beta, rc, release) and its number. */
function goVersionParts(version: string): [number, number, number, number] {
  const match = /^(\d+)(?:\.(\d+)(?:\.(\d+)|(beta|rc)(\d+))?)?/.exec(version);
  if (match === null) return [0, 0, 0, 0];
  const stage = match[4] === 'beta' ? 1 : match[4] === 'rc' ? 2 : match[3] !== undefined ? 3 : 0;
  return [Number(match[1]), Number(match[2] ?? 0), stage, Number(match[3] ?? match[5] ?? 0)];
}

/** The language version of a go version: `1.21.3` gives `1.21`. */
export function languageVersion(version: string): string {
  const match = /^\d+(?:\.\d+)?/.exec(version);
  return match === null ? '' : match[0];
}
