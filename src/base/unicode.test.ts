import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDigit, isExported, isLetter, isPrint, isUpper, quoteRune, quoteString, unicodeName } from './unicode.ts';

test('character classes are those of Go', () => {
  assert.equal(isLetter(0xe9), true); // é
  assert.equal(isLetter(0x4e16), true); // 世
  assert.equal(isLetter(0xd7), false); // ×
  assert.equal(isDigit(0x663), true); // Arabic-Indic three
  assert.equal(isDigit(0xb2), false); // superscript two
  assert.equal(isUpper(0x3a3), true); // Σ
  assert.equal(isPrint(0xa0), false); // no-break space
  assert.equal(isPrint(0x20), true);
  assert.equal(isPrint(0x10ffff), false);
});

test('isExported() looks at the first letter', () => {
  assert.deepEqual(['X', 'x', '_X', 'Ωmega', 'ωmega', '世'].map(isExported), [true, false, false, true, false, false]);
});

test('quoting is that of strconv', () => {
  assert.equal(quoteRune(10), "'\\n'");
  assert.equal(quoteRune(39), "'\\''");
  assert.equal(quoteRune(0x7f), "'\\x7f'");
  assert.equal(quoteRune(0x200b), "'\\u200b'");
  assert.equal(quoteString('a"b\\\u00a0é'), '"a\\"b\\\\\\u00a0é"');
  assert.equal(unicodeName(0x40), "U+0040 '@'");
  assert.equal(unicodeName(4), 'U+0004');
});
