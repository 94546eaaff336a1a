// Command-line flags as Go's flag package reads them: -x, --x, -x=value, -x value; the first word that is no flag ends
// them. Each command names its flags in one table, which the parser, the usage line and `help` are made from.

/**
 * The kinds of flags. `bool`, `verbose` and `fields` (`-json` or `-json=A,B`) never take the next word; the last three are those of
 * `test` alone.
 */
export type FlagKind = 'bool' | 'string' | 'int' | 'fields' | 'verbose' | 'duration' | 'shuffle';

/** One flag of a command. */
export interface FlagSpec {
  readonly name: string;
  readonly kind: FlagKind;
}

/** Parsed flags and the words after them. */
export interface ParsedFlags {
  readonly values: ReadonlyMap<string, string>;
  readonly args: readonly string[];
}

/** A word that the flag table does not allow; the message is the flag package's. */
export class FlagError extends Error {}

/** Asked for with -h or -help. */
export class HelpRequest extends Error {}

/** Parses the words. Throws FlagError or HelpRequest. */
export function parseFlags(specs: readonly FlagSpec[], words: readonly string[]): ParsedFlags {
  const values = new Map<string, string>();
  let i = 0;
  for (; i < words.length; i++) {
    const word = words[i]!;
    if (word.length < 2 || word[0] !== '-') break;
    if (word === '--') {
      i++;
      break;
    }
    const body = word.slice(word[1] === '-' ? 2 : 1);
    if (body === '' || body[0] === '-' || body[0] === '=') throw new FlagError(`bad flag syntax: ${word}`);
    const equals = body.indexOf('=');
    const name = equals < 0 ? body : body.slice(0, equals);
    const spec = specs.find((candidate) => candidate.name === name);
    if (spec === undefined) {
      if (name === 'h' || name === 'help') throw new HelpRequest();
      throw new FlagError(`flag provided but not defined: -${name}`);
    }
    if (spec.kind === 'bool') {
      values.set(name, equals < 0 ? 'true' : boolValue(name, body.slice(equals + 1)));
    } else if (spec.kind === 'fields') {
      values.set(name, equals < 0 ? 'true' : body.slice(equals + 1));
    } else if (equals >= 0) {
      values.set(name, checkValue(spec, body.slice(equals + 1)));
    } else {
      if (++i >= words.length) throw new FlagError(`flag needs an argument: -${name}`);
      values.set(name, checkValue(spec, words[i]!));
    }
    if (name === 'C' && i > 1)
      throw new FlagError(`invalid value ${JSON.stringify(values.get('C'))} for flag -C: -C flag must be first flag on command line`);
  }
  return { values, args: words.slice(i) };
}

/** `true` or `false` for any spelling that Go takes. */
export function boolValue(name: string, text: string): string {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return 'true';
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return 'false';
  throw new FlagError(`invalid boolean value ${JSON.stringify(text)} for -${name}: parse error`);
}

function checkValue(spec: FlagSpec, text: string): string {
  if (spec.kind === 'int' && !/^[+-]?(0[xob])?[0-9a-fA-F_]+$/.test(text)) {
    throw new FlagError(`invalid value ${JSON.stringify(text)} for flag -${spec.name}: parse error`);
  }
  return text;
}

/** Splits a GOFLAGS or -ldflags value at blanks; words may be quoted. Undefined where a quote is not closed. */
export function splitQuoted(text: string): string[] | undefined {
  const words: string[] = [];
  for (let rest = text.trim(); rest !== ''; ) {
    if (rest[0] === '"' || rest[0] === "'") {
      const end = rest.indexOf(rest[0], 1);
      if (end < 0) return undefined;
      words.push(rest.slice(1, end));
      rest = rest.slice(end + 1).trim();
    } else {
      const word = /^\S+/.exec(rest)![0];
      words.push(word);
      rest = rest.slice(word.length).trim();
    }
  }
  return words;
}
