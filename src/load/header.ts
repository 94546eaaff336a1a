// Reads what the package graph needs of a Go file: its package name, imports, build constraint lines and `//go:embed`
// lines. The full parser is not involved: a no-change build hashes files and never parses them, and a file whose
// constraints exclude it may hold anything. Errors carry the words that the go command prints for a file's header.
import { Byte, blockCommentEnd, isDigit, isLetter, lineCommentEnd, literalEnd, position } from './scan.ts';
import { unquoteString } from '../syntax/literal.ts';
import type { EmbedDirective, ImportSpec } from './program.ts';

/** A header error: a message at a place. */
export interface HeaderError {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** A `//go:debug` line. */
export interface DebugSetting {
  /** `key=value`, if it is well formed. */
  readonly text: string;
  readonly line: number;
}

/** What a file's header says. */
export interface FileHeader {
  /** Empty where the package clause is broken. */
  readonly packageName: string;
  readonly imports: readonly ImportSpec[];
  readonly embeds: readonly EmbedDirective[];
  readonly error: HeaderError | undefined;
  /** The settings of `//go:debug` lines above the package clause, as written. */
  readonly debugSettings: readonly DebugSetting[];
  /** A NUL byte stands in the header; the go command refuses to read on. */
  readonly hasNul: boolean;
}

const utf8 = new TextDecoder();

/** The header of a Go source file. */
export function readHeader(text: Uint8Array): FileHeader {
  const reader = new HeaderReader(text);
  reader.readFile();
  const embeds: EmbedDirective[] = [];
  if (reader.imports.some((spec) => spec.path === 'embed')) findEmbeds(text, reader.importsEnd, embeds);
  return {
    packageName: reader.packageName,
    imports: reader.imports,
    error: reader.error,
    hasNul: reader.hasNul,
    debugSettings: debugSettings(text, reader.packageAt),
    embeds,
  };
}

class HeaderReader {
  packageName = '';
  readonly imports: ImportSpec[] = [];
  error: HeaderError | undefined;
  hasNul = false;
  at = 0;
  /** Offset of the package clause. */
  packageAt = 0;
  /** Offset after the last import declaration. */
  importsEnd = 0;
  private readonly text: Uint8Array;
  /** Whether a newline was passed since the last token, which then ends the declaration. */
  private sawNewline = false;

  constructor(text: Uint8Array) {
    this.text = text;
    if (text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf) this.at = 3;
  }

  readFile(): void {
    this.skipSpace();
    this.packageAt = this.at;
    if (!this.takeWord('package')) return this.fail(`expected 'package', found ${this.describe()}`);
    this.skipSpace();
    const start = this.at;
    this.packageName = this.word();
    if (this.packageName === '' || keywords.has(this.packageName)) {
      this.at = start;
      this.packageName = '';
      return this.fail(`expected 'IDENT', found ${this.describe()}`);
    }
    this.readImports();
  }

  private readImports(): void {
    if (!this.endDeclaration() && this.at < this.text.length) return this.fail(`expected ';', found ${this.describe()}`);
    if (!this.takeWord('import')) return;
    this.readImportDeclaration();
    this.importsEnd = this.at;
    while (this.error === undefined && this.endDeclaration() && this.takeWord('import')) {
      this.readImportDeclaration();
      this.importsEnd = this.at;
    }
  }

  private readImportDeclaration(): void {
    this.skipSpace();
    if (this.text[this.at] !== Byte.leftParen) return this.readSpec();
    this.at++;
    for (;;) {
      this.skipSpace();
      while (this.text[this.at] === Byte.semicolon) {
        this.at++;
        this.skipSpace();
      }
      if (this.error !== undefined) return;
      if (this.text[this.at] === Byte.rightParen) {
        this.at++;
        return;
      }
      this.readSpec();
      if (this.error !== undefined) return;
    }
  }

  /** Spec: ImportSpec = [ "." | PackageName ] ImportPath . */
  private readSpec(): void {
    const specStart = this.at;
    if (this.text[this.at] === Byte.dot) this.at++;
    else if (keywords.has(this.word())) return this.fail('missing import path', specStart);
    this.sawNewline = false;
    const afterName = this.at;
    this.skipSpace();
    const quote = this.text[this.at];
    if (quote !== Byte.quote && quote !== Byte.backquote) {
      if (isDigit(quote ?? 0) || quote === Byte.apostrophe) return this.fail('import path must be a string');
      return this.fail('missing import path', this.sawNewline ? this.newlineAfter(afterName) : this.at);
    }
    const start = this.at;
    const end = literalEnd(this.text, start);
    if (end < 0) return this.fail('string literal not terminated', start);
    this.at = end;
    const path = unquoteString(utf8.decode(this.text.subarray(start, end)));
    this.imports.push({ path: path ?? '', offset: start, ...position(this.text, specStart) });
  }

  private newlineAfter(from: number): number {
    const at = this.text.indexOf(Byte.newline, from);
    return at < 0 ? this.text.length : at;
  }

  /** Passes the end of a declaration; false where something else follows on the line. */
  private endDeclaration(): boolean {
    this.sawNewline = false;
    this.skipSpace();
    if (this.text[this.at] === Byte.semicolon) {
      this.at++;
      this.skipSpace();
      return true;
    }
    return this.sawNewline;
  }

  private skipSpace(): void {
    const text = this.text;
    for (;;) {
      const c = text[this.at];
      if (c === Byte.newline) {
        this.sawNewline = true;
        this.at++;
      } else if (c === Byte.space || c === Byte.tab || c === Byte.carriageReturn) {
        this.at++;
      } else if (c === Byte.slash && text[this.at + 1] === Byte.slash) {
        this.at = lineCommentEnd(text, this.at);
      } else if (c === Byte.slash && text[this.at + 1] === Byte.star) {
        const end = blockCommentEnd(text, this.at);
        if (end < 0) {
          this.fail('comment not terminated');
          this.at = text.length;
          return;
        }
        if (text.subarray(this.at, end).includes(Byte.newline)) this.sawNewline = true;
        this.at = end;
      } else {
        if (c === 0) this.hasNul = true;
        return;
      }
    }
  }

  private word(): string {
    const start = this.at;
    const text = this.text;
    if (start < text.length && isLetter(text[start]!)) {
      do this.at++;
      while (this.at < text.length && (isLetter(text[this.at]!) || isDigit(text[this.at]!)));
    }
    if (text[this.at] === 0) this.hasNul = true;
    return utf8.decode(text.subarray(start, this.at));
  }

  private takeWord(word: string): boolean {
    const start = this.at;
    if (this.word() === word) return true;
    this.at = start;
    return false;
  }

  /** The token at the current place in go/parser's form. */
  private describe(): string {
    const start = this.at;
    if (start >= this.text.length) return "'EOF'";
    const word = this.word();
    this.at = start;
    if (word !== '') return keywords.has(word) ? `'${word}'` : word;
    const c = this.text[start]!;
    if (c === Byte.quote || c === Byte.backquote || c === Byte.apostrophe) {
      const end = literalEnd(this.text, start);
      return utf8.decode(this.text.subarray(start, end < 0 ? this.newlineAfter(start) : end));
    }
    if (isDigit(c)) {
      let end = start;
      while (end < this.text.length && (isLetter(this.text[end]!) || isDigit(this.text[end]!))) end++;
      return utf8.decode(this.text.subarray(start, end));
    }
    return `'${String.fromCharCode(c)}'`;
  }

  private fail(message: string, at = this.at): void {
    if (this.error !== undefined) return;
    this.error = { message, ...position(this.text, at) };
    // After an error go/build reads the whole file.
    if (this.text.includes(0)) this.hasNul = true;
  }
}

const keywords = new Set([
  'break',
  'case',
  'chan',
  'const',
  'continue',
  'default',
  'defer',
  'else',
  'fallthrough',
  'for',
  'func',
  'go',
  'goto',
  'if',
  'import',
  'interface',
  'map',
  'package',
  'range',
  'return',
  'select',
  'struct',
  'switch',
  'type',
  'var',
]);

/** `//go:debug key=value` lines before `end`. */
function debugSettings(text: Uint8Array, end: number): DebugSetting[] {
  const head = text.subarray(0, end);
  if (head.indexOf(Byte.slash) < 0) return [];
  return utf8
    .decode(head)
    .split('\n')
    .flatMap((line, i) => {
      const match = /^\/\/go:debug[ \t]+(.*)$/.exec(line);
      return match === null ? [] : [{ text: match[1]!.trim(), line: i + 1 }];
    });
}

const embedPrefix = new TextEncoder().encode('//go:embed');

/** Collects the `//go:embed` lines of the text from `at` on. */
function findEmbeds(text: Uint8Array, at: number, embeds: EmbedDirective[]): void {
  for (let i = at; i < text.length; ) {
    const c = text[i];
    if (c === Byte.quote || c === Byte.backquote || c === Byte.apostrophe) {
      const end = literalEnd(text, i);
      i = end < 0 ? i + 1 : end;
    } else if (c === Byte.slash && text[i + 1] === Byte.slash) {
      const end = lineCommentEnd(text, i);
      if (embedPrefix.every((b, k) => text[i + k] === b)) readEmbed(text, i, end, embeds);
      i = end;
    } else if (c === Byte.slash && text[i + 1] === Byte.star) {
      const end = blockCommentEnd(text, i);
      i = end < 0 ? text.length : end;
    } else {
      i++;
    }
  }
}

/** Reads one `//go:embed` line; an entry for each pattern. What is malformed is left to the parser to report. */
function readEmbed(text: Uint8Array, start: number, end: number, embeds: EmbedDirective[]): void {
  const line = utf8.decode(text.subarray(start + embedPrefix.length, end)).replace(/\r$/, '');
  if (line !== '' && line[0] !== ' ' && line[0] !== '\t') return;
  let at = 0;
  for (;;) {
    while (at < line.length && /\s/.test(line[at]!)) at++;
    if (at === line.length) return;
    const place = position(text, start + embedPrefix.length + new TextEncoder().encode(line.slice(0, at)).length);
    const quoted = line[at] === '"' || line[at] === '`';
    const match = quoted ? /^(?:"(?:[^"\\]|\\.)*"|`[^`]*`)/.exec(line.slice(at)) : /^\S+/.exec(line.slice(at));
    const value = match === null ? undefined : quoted ? unquoteString(match[0]) : match[0];
    const after = match === null ? '' : line.slice(at + match[0].length);
    if (match === null || value === undefined || value === null || (quoted && after !== '' && !/^\s/.test(after))) return;
    embeds.push({ pattern: value, line: place.line, column: place.column });
    at += match[0].length;
  }
}
