// Reads go.mod and go.work files. The main module's file is read strictly, with the go command's messages; the files of
// dependencies leniently, as the go command does, so that a directive of a newer Go does no harm.
import { compareGoVersions, isCanonical, languageVersion, major } from './semver.ts';

/** A module path at a version; the version may be empty. */
export interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

/** A `replace` line. An empty new version means that the new path is a folder. */
export interface Replacement {
  readonly old: ModuleVersion;
  readonly new: ModuleVersion;
}

/** A parsed go.mod or go.work. */
export interface GoMod {
  module: string;
  /** The go directive as written: `1.21.0`; empty where there is none. */
  go: string;
  toolchain: string;
  readonly require: { readonly path: string; readonly version: string; readonly indirect: boolean }[];
  readonly replace: Replacement[];
  readonly exclude: ModuleVersion[];
  readonly retract: { readonly low: string; readonly high: string }[];
  readonly godebug: { readonly key: string; readonly value: string }[];
  readonly tool: string[];
  /** Folders of a go.work's `use` lines. */
  readonly use: string[];
  readonly ignore: string[];
  /** `line[:column]: message`, without the file's name. */
  readonly errors: string[];
}

interface Line {
  readonly words: readonly string[];
  readonly number: number;
  /** The comment on the line, without its slashes. */
  readonly comment: string;
}

/** Language version of a module whose go.mod has no go directive. */
export const defaultLanguageVersion = '1.16';

/** The language version that a module's files are compiled at. */
export function moduleLanguageVersion(mod: GoMod): string {
  return mod.go === '' ? defaultLanguageVersion : languageVersion(mod.go);
}

/** Whether the module's requirements list all that is needed to build it (module graph pruning, go 1.17). */
export function isPruned(mod: GoMod): boolean {
  return mod.go !== '' && compareGoVersions(mod.go, '1.17') >= 0;
}

/** Parses a go.mod (`kind` "mod") or go.work file; `path` is its absolute path, for messages. */
export function parseGoMod(text: string, path: string, kind: 'mod' | 'work' = 'mod', strict = true): GoMod {
  const mod: GoMod = {
    module: '',
    go: '',
    toolchain: '',
    require: [],
    replace: [],
    exclude: [],
    retract: [],
    godebug: [],
    tool: [],
    use: [],
    ignore: [],
    errors: [],
  };
  const seen = new Set<string>();
  let block: { verb: string; line: number } | undefined;
  const lines = splitLines(text, mod.errors);
  for (const line of lines) {
    const words = line.words;
    if (words.length === 0) continue;
    if (block !== undefined) {
      if (words[0] === ')') block = undefined;
      else if (knownVerb(block.verb, kind)) applyLine(mod, block.verb, words, line, seen, strict);
      continue;
    }
    const verb = words[0]!;
    if (words.length === 2 && words[1] === '(') {
      block = { verb, line: line.number };
      if (strict && !blockVerbs.has(verb)) mod.errors.push(`${line.number}: unknown block type: ${verb}`);
      continue;
    }
    if (knownVerb(verb, kind)) applyLine(mod, verb, words.slice(1), line, seen, strict);
    else if (strict) mod.errors.push(`${line.number}: unknown directive: ${verb}`);
  }
  if (block !== undefined) {
    mod.errors.length = 0;
    mod.errors.push(`${text.split('\n').length}: syntax error (unterminated block started at ${path}:${block.line}:1)`);
  }
  return mod;
}

const blockVerbs = new Set(['module', 'godebug', 'require', 'exclude', 'replace', 'retract', 'tool', 'ignore', 'use']);
const modVerbs = new Set(['module', 'go', 'toolchain', 'require', 'replace', 'exclude', 'retract', 'godebug', 'tool', 'ignore']);
const workVerbs = new Set(['go', 'toolchain', 'use', 'replace', 'godebug']);

function knownVerb(verb: string, kind: 'mod' | 'work'): boolean {
  return (kind === 'mod' ? modVerbs : workVerbs).has(verb);
}

/** Lines as words. A word is a quoted string, a parenthesis, a comma, a bracket, `=>` or a run of other bytes. */
function splitLines(text: string, errors: string[]): Line[] {
  const lines: Line[] = [];
  const wordPattern = /"(?:[^"\\\n]|\\.)*"|`[^`\n]*`|=>|[()[\],]|(?:(?!=>|\/\/)[^\s()[\],"`])+/y;
  text.split('\n').forEach((raw, index) => {
    const words: string[] = [];
    let at = 0;
    let comment = '';
    for (;;) {
      while (at < raw.length && /\s/.test(raw[at]!)) at++;
      if (at >= raw.length) break;
      if (raw.startsWith('//', at)) {
        comment = raw.slice(at + 2).trim();
        break;
      }
      wordPattern.lastIndex = at;
      const match = wordPattern.exec(raw);
      if (match === null) {
        errors.push(`${index + 1}:${at + 1}: unexpected newline in string`);
        break;
      }
      at += match[0].length;
      words.push(match[0]);
    }
    lines.push({ words, number: index + 1, comment });
  });
  return lines;
}

function plain(word: string): string {
  return word[0] === '"' || word[0] === '`' ? word.slice(1, -1) : word;
}

function applyLine(mod: GoMod, verb: string, raw: readonly string[], line: Line, seen: Set<string>, strict: boolean): void {
  const fail = (message: string): void => {
    if (strict) mod.errors.push(`${line.number}: ${message}`);
  };
  const args = raw.map(plain);
  switch (verb) {
    case 'module':
      if (seen.has(verb)) return fail('repeated module statement');
      seen.add(verb);
      if (args.length !== 1) return fail('usage: module module/path');
      mod.module = args[0]!;
      return;
    case 'go':
      if (seen.has(verb)) return fail('repeated go statement');
      seen.add(verb);
      if (args.length !== 1) return fail('go directive expects exactly one argument');
      if (!/^([1-9]\d*)\.(0|[1-9]\d*)(\.(0|[1-9]\d*))?([a-z]+\d+)?$/.test(args[0]!)) {
        const lenient = /^v?(\d+\.\d+)/.exec(args[0]!);
        if (!strict && lenient !== null) mod.go = lenient[1]!;
        return fail(`invalid go version '${args[0]}': must match format 1.23.0`);
      }
      mod.go = args[0]!;
      return;
    case 'toolchain':
      if (seen.has(verb)) return fail('repeated toolchain statement');
      seen.add(verb);
      if (args.length !== 1) return fail('toolchain directive expects exactly one argument');
      if (!/^default$|^go1($|\.)/.test(args[0]!))
        return fail(`invalid toolchain version '${args[0]}': must match format go1.23.0 or default`);
      mod.toolchain = args[0]!;
      return;
    case 'require':
    case 'exclude':
      return applyVersion(mod, verb, args, line, fail);
    case 'replace':
      return applyReplace(mod, args, fail);
    case 'retract':
      if (args[0] === '[' && args.length === 5) mod.retract.push({ low: args[1]!, high: args[3]! });
      else if (args.length === 1) mod.retract.push({ low: args[0]!, high: args[0]! });
      else fail('usage: retract version or retract [low,high]');
      return;
    case 'godebug': {
      const setting = args.join('');
      const equals = setting.indexOf('=');
      if (args.length !== 1 || equals < 0) return fail('usage: godebug key=value');
      mod.godebug.push({ key: setting.slice(0, equals), value: setting.slice(equals + 1) });
      return;
    }
    case 'tool':
    case 'ignore':
    case 'use':
      if (args.length !== 1) return fail(`${verb} directive expects exactly one argument`);
      mod[verb].push(args[0]!);
  }
}

function applyVersion(mod: GoMod, verb: 'require' | 'exclude', args: readonly string[], line: Line, fail: (message: string) => void): void {
  if (args.length !== 2) return fail(`usage: ${verb} module/path v1.2.3`);
  const path = args[0]!;
  const version = args[1]!;
  if (!isCanonical(version)) return fail(`${verb} ${path}: version "${version}" invalid: must be of the form v1.2.3`);
  const mismatch = pathMajorMismatch(path, version);
  if (mismatch !== '') return fail(`${verb} ${path}: version "${version}" invalid: ${mismatch}`);
  if (verb === 'exclude') mod.exclude.push({ path, version });
  else mod.require.push({ path, version, indirect: /^indirect(;|$)/.test(line.comment) });
}

/** Why the version can't belong to the module path, or the empty string. */
function pathMajorMismatch(path: string, version: string): string {
  const gopkg = /^gopkg\.in\/.*\.(v\d+)(-unstable)?$/.exec(path);
  const suffix = gopkg ?? /\/(v[2-9]\d*|v1\d+)$/.exec(path);
  const have = major(version);
  if (suffix !== null) {
    if (suffix[1] === have || (gopkg !== null && suffix[1] === 'v1' && version.startsWith('v0.0.0-'))) return '';
    return `should be ${suffix[1]}, not ${have}`;
  }
  return have === 'v0' || have === 'v1' || version.endsWith('+incompatible') ? '' : `should be v0 or v1, not ${have}`;
}

function applyReplace(mod: GoMod, args: readonly string[], fail: (message: string) => void): void {
  const arrow = args.indexOf('=>');
  const left = arrow < 0 ? args : args.slice(0, arrow);
  const right = arrow < 0 ? [] : args.slice(arrow + 1);
  if (arrow < 0 || left.length < 1 || left.length > 2 || right.length < 1 || right.length > 2) {
    return fail('usage: replace module/path [v1.2.3] => other/module v1.4\n\t or replace module/path [v1.2.3] => ../local/directory');
  }
  const target = right[0]!;
  const isFolder = /^\.{0,2}\/|^\.{1,2}$|^[A-Za-z]:[\\/]/.test(target);
  if (right.length === 1 && !isFolder) {
    return fail(
      target.includes('@')
        ? "replacement module must match format 'path version', not 'path@version'"
        : 'replacement module without version must be directory path (rooted or starting with . or ..)',
    );
  }
  if (right.length === 2 && isFolder) {
    return fail('replacement module directory path ' + JSON.stringify(target) + ' cannot have version');
  }
  mod.replace.push({ old: { path: left[0]!, version: left[1] ?? '' }, new: { path: target, version: right[1] ?? '' } });
}
