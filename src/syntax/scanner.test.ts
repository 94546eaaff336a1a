import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileSet } from '../source/fileset.ts';
import { Scanner } from './scanner.ts';
import { Token, tokenText } from './token.ts';

class Recorder extends Scanner {
  readonly errors: string[] = [];
  readonly directives: string[] = [];

  protected override errorAt(pos: number, message: string): void {
    this.errors.push(`${pos - this.base}: ${message}`);
  }

  protected override onDirective(from: number, to: number): void {
    this.directives.push(this.source.text(this.base + from, this.base + to));
  }

  all(): string[] {
    const out: string[] = [];
    for (this.next(); this.tok !== Token.EOF; this.next()) {
      const named = this.tok === Token.Ident || this.tok === Token.Semicolon || (this.tok >= Token.Int && this.tok <= Token.String);
      out.push(named ? this.lit : this.tok === Token.AssignOp ? tokenText(this.op) + '=' : tokenText(this.tok));
    }
    return out;
  }
}

function scan(text: string | Uint8Array): Recorder {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return new Recorder(new FileSet().addFile('x.go', bytes));
}

test('Scanner next() knows every operator', () => {
  const ops = '|| && == != < <= > >= + - | ^ * / % & &^ << >> ! ~ <- = := ++ -- ( [ { ) ] } , : . ... += -= |= ^= *= /= %= &= &^= <<= >>=';
  const words = ops.split(' ');
  assert.deepEqual(scan(words.join(' ') + ' ').all().filter((t) => t !== 'EOF'), words);
});

test('Scanner next() inserts semicolons', () => {
  for (const [text, want] of [
    ['a\nb', ['a', 'newline', 'b', 'EOF']], ['a // c\nb', ['a', 'newline', 'b', 'EOF']], ['a /* \n */ b', ['a', 'newline', 'b', 'EOF']],
    ['a /* c */ b', ['a', 'b', 'EOF']], ['return\n}\n', ['return', 'newline', '}', 'newline']], ['if\n+\n', ['if', '+']], ['x++\n', ['x', '++', 'newline']],
    ['a;', ['a', 'semicolon']],
  ] as const) {
    assert.deepEqual(scan(text).all(), want, text);
  }
});

test('Scanner next() reads literals', () => {
  const lits = ['0', '1_000', '0x1Fp-2', '0b11', '0o17', '017', '1.5e+3', '.5', '1i', '0x.8p1i', "'a'", "'\\n'", "'\\u00e9'", '"a\\"b"', '`raw\nline`', "'世'"];
  const s = scan(lits.join(' '));
  assert.deepEqual(s.all().slice(0, -1), lits);
  assert.deepEqual(s.errors, []);
});

test('Scanner next() reports malformed tokens', () => {
  for (const [text, want] of [
    ['0x', '2: hexadecimal literal has no digits'], ['0b12', "3: invalid digit '2' in binary literal"], ['1__0', "2: '_' must separate successive digits"],
    ['1e', '2: exponent has no digits'], ['0x1.0', "5: hexadecimal mantissa requires a 'p' exponent"], ['1p2', "1: 'p' exponent requires hexadecimal mantissa"],
    ["''", "1: empty rune literal or unescaped '"], ["'ab'", '0: more than one character in rune literal'], ["'a", '0: rune literal not terminated'],
    ['"a\n', '2: newline in string'], ['"a', '0: string not terminated'], ['`a', '0: string not terminated'], ['"\\q"', '2: unknown escape'],
    ['"\\x0g"', "4: invalid character 'g' in hexadecimal escape"], ['"\\400"', '5: octal escape value 256 > 255'],
    ['"\\ud800"', '7: escape is invalid Unicode code point U+D800'], ['/* a', '0: comment not terminated'], ['@', "0: invalid character U+0040 '@'"],
    ['a\u2318', "1: invalid character U+2318 '\u2318' in identifier"], ['\u0663', "0: identifier cannot begin with digit U+0663 '\u0663'"],
    ['a \ufeff', '2: invalid BOM in the middle of the file'], ['a\0', '1: invalid NUL character'],
  ] as const) {
    const s = scan(text);
    s.all();
    assert.deepEqual(s.errors, [want], text);
  }
  const s = scan(Uint8Array.of(0x2f, 0x2f, 0xff, 0xc0, 0x80));
  s.all();
  assert.deepEqual(s.errors, ['2: invalid UTF-8 encoding', '3: invalid UTF-8 encoding', '4: invalid UTF-8 encoding']);
});

test('Scanner hands over directives', () => {
  const s = scan('//go:noinline\n// go:no\n//line a:1\n //line a:2\n/*line b:3*/ x //go:x\n/*go:y*/');
  s.all();
  assert.deepEqual(s.directives, ['//go:noinline', '//line a:1', '/*line b:3*/', '//go:x']);
});

test('Scanner takes a BOM at the start, and identifiers in any script', () => {
  const s = scan('\ufeffpackage 世界 été _x9\n');
  assert.deepEqual(s.all(), ['package', '世界', 'été', '_x9', 'newline']);
  assert.deepEqual(s.errors, []);
});
