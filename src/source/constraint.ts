// Build constraints: `//go:build` expressions, old `// +build` lines, and file names such as x_linux_amd64_test.go. In: a
// file's first bytes or its name, and the tags that hold. Out: whether the file is built. Messages are go/build/constraint's.

/** A build expression. */
export type BuildExpr =
  | { readonly op: 'tag'; readonly tag: string }
  | { readonly op: 'not'; readonly x: BuildExpr }
  | { readonly op: 'and' | 'or'; readonly x: BuildExpr; readonly y: BuildExpr };

/** What is wrong with a build line, and at which byte of the expression. */
export interface ConstraintError {
  readonly offset: number;
  readonly message: string;
}

/** The result of parsing a build line: one of the two is set. */
export interface ParsedConstraint {
  readonly expr: BuildExpr | null;
  readonly error: ConstraintError | null;
}

function fold(list: readonly BuildExpr[], op: 'and' | 'or'): BuildExpr {
  return list.reduce((x, y) => ({ op, x, y }));
}

function isTagChar(c: string): boolean {
  return /[\p{L}\p{Nd}_.]/u.test(c);
}

/** Nesting of parentheses and ! that is taken; more is refused. */
const maxDepth = 1000;

/** A recursive-descent parser of build expressions; `problem` is set at the first error. */
class ExprReader {
  private readonly text: string;
  private at = 0;
  private tokStart = 0;
  private tok = '';
  private isTag = false;
  private depth = 0;
  problem: ConstraintError | null = null;

  constructor(text: string) {
    this.text = text;
  }

  parse(): BuildExpr | null {
    this.lex();
    const x = this.or();
    if (this.problem === null && this.tok !== '') this.fail(this.tokStart, 'unexpected token ' + this.tok);
    return this.problem === null ? x : null;
  }

  private is(tok: string): boolean {
    return this.tok === tok;
  }

  private fail(offset: number, message: string): BuildExpr {
    this.problem ??= { offset, message };
    this.tok = '';
    this.isTag = false;
    this.at = this.text.length;
    return { op: 'tag', tag: '' };
  }

  private lex(): void {
    const s = this.text;
    while (s[this.at] === ' ' || s[this.at] === '\t') this.at++;
    this.tokStart = this.at;
    this.isTag = false;
    this.tok = '';
    if (this.at >= s.length) return;
    const c = s[this.at];
    if (c === '(' || c === ')' || c === '!') {
      this.tok = c;
      this.at++;
      return;
    }
    if (c === '&' || c === '|') {
      if (s[this.at + 1] !== c) {
        this.fail(this.at, 'invalid syntax at ' + c);
        return;
      }
      this.tok = c + c;
      this.at += 2;
      return;
    }
    let end = this.at;
    for (const ch of s.slice(this.at)) {
      if (!isTagChar(ch)) break;
      end += ch.length;
    }
    if (end === this.at) {
      this.fail(this.at, 'invalid syntax at ' + String.fromCodePoint(s.codePointAt(this.at) ?? 0));
      return;
    }
    this.tok = s.slice(this.at, end);
    this.isTag = true;
    this.at = end;
  }

  private or(): BuildExpr {
    let x = this.and();
    while (this.tok === '||') {
      this.lex();
      x = { op: 'or', x, y: this.and() };
    }
    return x;
  }

  private and(): BuildExpr {
    let x = this.not();
    while (this.tok === '&&') {
      this.lex();
      x = { op: 'and', x, y: this.not() };
    }
    return x;
  }

  private not(): BuildExpr {
    if (this.tok !== '!') return this.atom();
    this.lex();
    if (this.tok === '!') return this.fail(this.tokStart, 'double negation not allowed');
    return { op: 'not', x: this.not() };
  }

  private atom(): BuildExpr {
    if (this.tok === '(') {
      if (++this.depth > maxDepth) return this.fail(this.tokStart, 'build expression too large');
      this.lex();
      const x = this.or();
      this.depth--;
      if (!this.is(')')) return this.fail(this.tokStart, 'missing close paren');
      this.lex();
      return x;
    }
    if (!this.isTag) {
      return this.fail(this.tokStart, this.tok === '' ? 'unexpected end of expression' : 'unexpected token ' + this.tok);
    }
    const tag = this.tok;
    this.lex();
    return { op: 'tag', tag };
  }
}

/** The arguments of a //go:build line, or null if the line is none. */
function goBuildArgs(line: string): string | null {
  const text = line.trim();
  if (!text.startsWith('//go:build')) return null;
  const rest = text.slice('//go:build'.length);
  if (rest !== '' && rest[0] !== ' ' && rest[0] !== '\t') return null;
  return rest.trim();
}

/** The arguments of a // +build line, or null if the line is none. */
function plusBuildArgs(line: string): string | null {
  if (!line.startsWith('//')) return null;
  const text = line.slice(2).trim();
  if (!text.startsWith('+build')) return null;
  const rest = text.slice('+build'.length);
  if (rest !== '' && rest[0] !== ' ' && rest[0] !== '\t') return null;
  return rest.trim();
}

/** Tells whether a line is a //go:build line, well formed or not. */
export function isGoBuild(line: string): boolean {
  return goBuildArgs(line) !== null;
}

/** Tells whether a line is a // +build line, well formed or not. */
export function isPlusBuild(line: string): boolean {
  return plusBuildArgs(line) !== null;
}

/** Parses the expression of a //go:build line. */
export function parseGoBuild(line: string): ParsedConstraint {
  const args = goBuildArgs(line);
  if (args === null) return { expr: null, error: { offset: 0, message: 'not a build constraint' } };
  const reader = new ExprReader(args);
  const expr = reader.parse();
  return { expr, error: reader.problem };
}

/** Parses a // +build line: blanks are "or", commas "and", ! negates a word. Odd words count as a tag that never holds. */
export function parsePlusBuild(line: string): BuildExpr | null {
  const args = plusBuildArgs(line);
  if (args === null) return null;
  const never: BuildExpr = { op: 'tag', tag: 'ignore' };
  const clauses = args.split(/\s+/).filter((w) => w !== '');
  const terms = clauses.map((clause) => fold(clause.split(',').map(plusTerm), 'and'));
  return terms.length === 0 ? never : fold(terms, 'or');
}

function plusTerm(word: string): BuildExpr {
  const negated = word.startsWith('!');
  const tag = negated ? word.slice(1) : word;
  const ok = tag !== '' && [...tag].every(isTagChar);
  const x: BuildExpr = { op: 'tag', tag: ok ? tag : 'ignore' };
  return negated && ok ? { op: 'not', x } : x;
}

/** Tells whether a build expression holds. */
export function evalConstraint(x: BuildExpr, hasTag: (tag: string) => boolean): boolean {
  switch (x.op) {
    case 'tag': return hasTag(x.tag);
    case 'not': return !evalConstraint(x.x, hasTag);
    case 'and': return evalConstraint(x.x, hasTag) && evalConstraint(x.y, hasTag);
    case 'or': return evalConstraint(x.x, hasTag) || evalConstraint(x.y, hasTag);
  }
}

/** A build expression in the form of a //go:build line's argument. */
export function constraintString(x: BuildExpr): string {
  switch (x.op) {
    case 'tag': return x.tag;
    case 'not': return x.x.op === 'tag' || x.x.op === 'not' ? '!' + constraintString(x.x) : `!(${constraintString(x.x)})`;
    case 'and': return `${andOperand(x.x)} && ${andOperand(x.y)}`;
    case 'or': return `${orOperand(x.x)} || ${orOperand(x.y)}`;
  }
}

function andOperand(x: BuildExpr): string {
  return x.op === 'or' ? `(${constraintString(x)})` : constraintString(x);
}

function orOperand(x: BuildExpr): string {
  return x.op === 'and' ? `(${constraintString(x)})` : constraintString(x);
}

// ---- Go versions

const noVersion = -1;

/** The least minor version implied by an expression (or by its negation); noVersion if none is. */
function minVersion(x: BuildExpr, sign: 1 | -1): number {
  if (x.op === 'not') return minVersion(x.x, sign === 1 ? -1 : 1);
  if (x.op === 'tag') {
    if (sign < 0) return noVersion;
    if (x.tag === 'go1') return 0;
    const m = /^go1\.(\d+)$/.exec(x.tag);
    return m === null ? noVersion : Number(m[1]);
  }
  const a = minVersion(x.x, sign);
  const b = minVersion(x.y, sign);
  const and = (x.op === 'and') === (sign === 1);
  return and ? Math.max(a, b) : Math.min(a, b);
}

/** The Go version that a //go:build line asks for ("go1.22"), "" if it asks for none. */
export function goVersionOfBuildLine(line: string): string {
  const { expr } = parseGoBuild(line);
  if (expr === null) return '';
  const v = minVersion(expr, 1);
  return v === noVersion ? '' : v === 0 ? 'go1' : `go1.${v}`;
}

// ---- the header of a file

/** The build lines of a file: they must stand before the package clause, in comments, with blank lines between. */
export interface BuildHeader {
  /** The //go:build line, "" if there is none. */
  readonly goBuild: string;
  /** The // +build lines that count: only where there is no //go:build line. */
  readonly plusBuild: readonly string[];
  /** There is more than one //go:build line: an error. */
  readonly multiple: boolean;
}

/** Finds the build lines at the top of a file. */
export function buildHeader(bytes: Uint8Array): BuildHeader {
  let goBuild = '';
  let multiple = false;
  const plusCandidates: { line: string; at: number }[] = [];
  let lastBlank = 0; // +build lines count only above the last blank line of the header
  let inBlock = false;
  let i = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  scan: while (i < bytes.length) {
    const start = i;
    let nl = bytes.indexOf(10, i);
    if (nl < 0) nl = bytes.length;
    i = nl + 1;
    let line = asciiTrim(bytes, start, nl);
    if (line === '' && !inBlock) {
      lastBlank = start;
      continue;
    }
    if (!inBlock && line.startsWith('//')) {
      if (isGoBuild(line)) {
        if (goBuild !== '') multiple = true;
        else goBuild = line;
      } else if (isPlusBuild(line)) plusCandidates.push({ line, at: start });
      continue;
    }
    while (line !== '') {
      if (inBlock) {
        const end = line.indexOf('*/');
        if (end < 0) continue scan;
        inBlock = false;
        line = line.slice(end + 2).trim();
        continue;
      }
      if (line.startsWith('//')) continue scan;
      if (!line.startsWith('/*')) break scan;
      inBlock = true;
      line = line.slice(2);
    }
  }
  const plusBuild = goBuild !== '' ? [] : plusCandidates.filter((c) => c.at < lastBlank).map((c) => c.line);
  return { goBuild, plusBuild, multiple };
}

const decoder = new TextDecoder();

function asciiTrim(bytes: Uint8Array, from: number, to: number): string {
  return decoder.decode(bytes.subarray(from, to)).trim();
}

/** Tells whether a file's header lets it be built; a malformed //go:build line is returned as an error. */
export function matchHeader(h: BuildHeader, hasTag: (tag: string) => boolean): { ok: boolean; error: ConstraintError | null } {
  if (h.multiple) return { ok: false, error: { offset: 0, message: 'multiple //go:build comments' } };
  if (h.goBuild !== '') {
    const { expr, error } = parseGoBuild(h.goBuild);
    return expr === null ? { ok: false, error } : { ok: evalConstraint(expr, hasTag), error: null };
  }
  for (const line of h.plusBuild) {
    const x = parsePlusBuild(line);
    if (x !== null && !evalConstraint(x, hasTag)) return { ok: false, error: null };
  }
  return { ok: true, error: null };
}

// ---- tags and file names

const knownOS: ReadonlySet<string> = new Set([
  'aix', 'android', 'darwin', 'dragonfly', 'freebsd', 'hurd', 'illumos', 'ios', 'js', 'linux', 'nacl', 'netbsd', 'openbsd',
  'plan9', 'solaris', 'wasip1', 'windows', 'zos',
]);

const unixOS: ReadonlySet<string> = new Set([
  'aix', 'android', 'darwin', 'dragonfly', 'freebsd', 'hurd', 'illumos', 'ios', 'linux', 'netbsd', 'openbsd', 'solaris',
]);

const knownArch: ReadonlySet<string> = new Set([
  '386', 'amd64', 'amd64p32', 'arm', 'armbe', 'arm64', 'arm64be', 'loong64', 'mips', 'mipsle', 'mips64', 'mips64le',
  'mips64p32', 'mips64p32le', 'ppc', 'ppc64', 'ppc64le', 'riscv', 'riscv64', 's390', 's390x', 'sparc', 'sparc64', 'wasm',
]);

/** What a build is for. */
export interface BuildContext {
  readonly goos: string;
  readonly goarch: string;
  readonly compiler: string;
  readonly cgo: boolean;
  /** The minor version of the language, 26 for Go 1.26: go1.1 ... go1.26 hold. */
  readonly goMinor: number;
  /** Further tags that hold: -tags, goexperiment.x, wasm.satconv, ... */
  readonly tags: ReadonlySet<string>;
}

/** Tells whether a build tag holds. */
export function tagHolds(ctx: BuildContext, tag: string): boolean {
  if (tag === ctx.goos || tag === ctx.goarch || tag === ctx.compiler || ctx.tags.has(tag)) return true;
  if (tag === 'cgo') return ctx.cgo;
  if (tag === 'unix') return unixOS.has(ctx.goos);
  if (tag === 'linux') return ctx.goos === 'android';
  if (tag === 'solaris') return ctx.goos === 'illumos';
  if (tag === 'darwin') return ctx.goos === 'ios';
  if (tag === 'boringcrypto') return ctx.tags.has('goexperiment.boringcrypto');
  const m = /^go1\.(\d+)$/.exec(tag);
  return m !== null && !/^0\d/.test(m[1]) && Number(m[1]) >= 1 && Number(m[1]) <= ctx.goMinor;
}

/** Tells whether a file's name lets it be built: name_GOOS, name_GOARCH, name_GOOS_GOARCH, each before _test. */
export function matchFileName(ctx: BuildContext, name: string): boolean {
  const dot = name.indexOf('.');
  let stem = dot < 0 ? name : name.slice(0, dot);
  const underscore = stem.indexOf('_');
  if (underscore < 0) return true;
  stem = stem.slice(underscore); // what stands before the first _ is no tag
  const parts = stem.split('_');
  if (parts[parts.length - 1] === 'test') parts.pop();
  const n = parts.length;
  const last = parts[n - 1] ?? '';
  if (n >= 2 && knownOS.has(parts[n - 2]) && knownArch.has(last)) return tagHolds(ctx, last) && tagHolds(ctx, parts[n - 2]);
  return knownOS.has(last) || knownArch.has(last) ? tagHolds(ctx, last) : true;
}

/** Tells whether a file is ignored by its name alone: it starts with _ or a dot. */
export function isIgnoredName(name: string): boolean {
  return name.startsWith('_') || name.startsWith('.');
}
