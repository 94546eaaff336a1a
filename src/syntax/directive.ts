// DirectiveReader: //go: directives and //line, /*line*/ comments, as the scanner meets them. Line directives go to the
// source file's table; //go: directives wait for the declaration that follows. Errors about their form are gc's.

import type { Pos } from '../base/pos.ts';
import type { SourceFile } from '../source/fileset.ts';
import { Code } from './codes.ts';
import { embedPatterns } from './embed.ts';
import type { Pragma } from './pragma.ts';
import { decodeUtf8 } from './text.ts';

type Report = (code: Code, pos: Pos, message: string) => void;

/** Line and column numbers above this are refused, as by gc. */
const maxLineNumber = 1 << 30;

/** Directives that say something about what follows, and so are misplaced before anything else. */
export const flagDirectives: ReadonlySet<string> = new Set([
  'go:build', 'go:noescape', 'go:norace', 'go:nosplit', 'go:noinline', 'go:nocheckptr', 'go:systemstack',
  'go:nowritebarrier', 'go:nowritebarrierrec', 'go:yeswritebarrierrec', 'go:cgo_unsafe_args', 'go:uintptrkeepalive',
  'go:uintptrescapes', 'go:registerparams',
]);

/** The complaint about a directive that nothing may carry here; "" if it may stand anywhere. */
export function misplacedMessage(name: string): string {
  if (flagDirectives.has(name)) return 'misplaced compiler directive';
  if (name === 'go:embed' || name === 'go:wasmimport' || name === 'go:wasmexport') return `misplaced ${name} directive`;
  return '';
}

/** Decimal digits after the last colon of a text. */
interface TrailingNumber {
  /** Index of the first digit; 0 if there is no colon. */
  at: number;
  /** -1 if it isn't a number. */
  value: number;
}

function trailingNumber(text: string): TrailingNumber {
  const at = text.lastIndexOf(':') + 1;
  if (at === 0) return { at, value: -1 };
  let value = 0;
  for (let i = at; i < text.length; i++) {
    const d = text.charCodeAt(i) - 48;
    if (d < 0 || d > 9) return { at, value: -1 };
    value = Math.min(value * 10 + d, Number.MAX_SAFE_INTEGER);
  }
  return { at, value: at === text.length ? -1 : value };
}

export class DirectiveReader {
  /** Directives not yet taken by a declaration. */
  pending: Pragma[] = [];
  /** All directives of the file. */
  readonly all: Pragma[] = [];
  /** Text and position of the first //go:build line before the package clause. */
  goBuild = '';
  goBuildPos: Pos = 0;
  /** Still before the package clause. */
  top = true;
  private lineFile: string;
  private readonly source: SourceFile;
  private readonly buf: Uint8Array;
  private readonly report: Report;

  constructor(source: SourceFile, buf: Uint8Array, report: Report) {
    this.source = source;
    this.buf = buf;
    this.report = report;
    this.lineFile = source.name;
  }

  /** Hands over the pending directives. */
  take(): readonly Pragma[] {
    const list = this.pending;
    this.pending = [];
    return list;
  }

  /** Complains about pending directives that need a declaration, and drops all. */
  misplaced(): void {
    for (const p of this.take()) {
      const message = misplacedMessage(p.name);
      if (message !== '') this.report(Code.directive, p.pos, message);
    }
  }

  /** Reads the comment buf[from..to), which starts with //go:, //line or /*line. `line` is the line of its end. */
  read(from: number, to: number, line: number): void {
    const full = this.buf[from + 1] === 42;
    const text = decodeUtf8(this.buf, from + 2, full ? to - 2 : to);
    if (text.startsWith('line ')) this.readLine(text.slice(5), from + 7, to, full, line);
    else this.readGo(text, from);
  }

  private readLine(text: string, at: number, to: number, full: boolean, line: number): void {
    const base = this.source.base;
    const last = trailingNumber(text);
    if (last.at === 0) return; // not a line directive
    const bad = (n: TrailingNumber, what: string): void => this.report(Code.malformed, base + at + n.at, `invalid ${what} number: ${text.slice(n.at)}`);
    if (last.value < 0) return bad(last, 'line');
    const before = trailingNumber(text.slice(0, last.at - 1));
    let lineNumber = last;
    let column = 0;
    let nameEnd = last.at - 1;
    if (before.at > 0 && before.value >= 0) {
      if (last.value === 0 || last.value > maxLineNumber) return bad(last, 'column');
      column = last.value;
      lineNumber = before;
      text = text.slice(0, last.at - 1);
      nameEnd = before.at - 1;
    }
    if (lineNumber.value === 0 || lineNumber.value > maxLineNumber) return bad(lineNumber, 'line');
    let filename = text.slice(0, nameEnd);
    if (filename === '' && column > 0) filename = this.lineFile;
    this.lineFile = filename;
    // a // directive speaks of the next line, a /* directive of what follows it
    const offset = full ? to : this.endOfLine(to);
    this.source.addLineInfo(offset, filename, lineNumber.value, column, full ? line : line + 1);
  }

  private endOfLine(off: number): number {
    while (off < this.source.size && this.buf[off] !== 10) off++;
    return off + 1;
  }

  private readGo(text: string, from: number): void {
    const pos = this.source.base + from + 2;
    if (this.top && text.startsWith('go:build') && this.goBuild === '') {
      this.goBuild = '//' + text;
      this.goBuildPos = pos - 2;
    }
    const space = text.search(/\s/);
    const name = space < 0 ? text : text.slice(0, space);
    const pragma: Pragma = { pos, name, args: space < 0 ? '' : text.slice(space).trim() };
    this.all.push(pragma);
    if (!this.onBlankLine(from)) this.report(Code.directive, pos, 'misplaced compiler directive');
    else if (this.wellFormed(pragma)) this.pending.push(pragma);
  }

  private onBlankLine(off: number): boolean {
    for (let i = off - 1; i >= 0; i--) {
      const c = this.buf[i];
      if (c === 10) return true;
      if (c !== 32 && c !== 9 && c !== 13) return i <= 2 && this.buf[0] === 0xef && c >= 0x80;
    }
    return true;
  }

  /** Checks the number of arguments of those directives that need some; reports. */
  private wellFormed(p: Pragma): boolean {
    const words = p.args === '' ? 0 : p.args.split(/\s+/).length;
    switch (p.name) {
      case 'go:linkname':
        if (words === 0) return true; // gc sees no directive without a space
        return words <= 2 || this.usage(p, 'localname [linkname]');
      case 'go:wasmimport': return words === 0 || words === 2 || this.usage(p, 'importmodule importname');
      case 'go:wasmexport': return words <= 1 || this.usage(p, 'exportname');
      case 'go:embed': {
        const patterns = embedPatterns(p.args);
        if (typeof patterns === 'string') {
          this.report(Code.directive, p.pos, patterns);
          return this.usage(p, 'pattern...');
        }
        return patterns.length > 0 || this.usage(p, 'pattern...');
      }
    }
    return true;
  }

  private usage(p: Pragma, args: string): boolean {
    this.report(Code.directive, p.pos, `usage: //${p.name} ${args}`);
    return false;
  }
}
