import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embedPatterns } from './embed.ts';
import { runeLitValue, stringLitBytes, unquoteString } from './literal.ts';

test('stringLitBytes() gives bytes', () => {
  for (const [lit, want] of [
    ['"ab"', [97, 98]], ['"\\xff\\377"', [255, 255]], ['"\\u00e9é"', [195, 169, 195, 169]], ['"\\U0001F600"', [240, 159, 152, 128]],
    ['`a\\n\r`', [97, 92, 110]], ['"\\a\\b\\f\\n\\r\\t\\v\\\\\\""', [7, 8, 12, 10, 13, 9, 11, 92, 34]], ['""', []],
  ] as const) {
    assert.deepEqual([...(stringLitBytes(lit) ?? [-1])], want, lit);
  }
  assert.equal(stringLitBytes('"\\q"'), null);
  assert.equal(stringLitBytes('"abc'), null);
  assert.equal(unquoteString('"a\\tb"'), 'a\tb');
});

test('runeLitValue() gives the code point', () => {
  for (const [lit, want] of [["'a'", 97], ["'\\''", 39], ["'\\x80'", 128], ["'世'", 0x4e16], ["'😀'", 0x1f600], ["'\\U0010ffff'", 0x10ffff]] as const) {
    assert.equal(runeLitValue(lit), want, lit);
  }
  assert.equal(runeLitValue("'ab'"), null);
});

test('embedPatterns() splits and unquotes', () => {
  assert.deepEqual(embedPatterns('a.txt  "b c"\t`d e`'), ['a.txt', 'b c', 'd e']);
  assert.equal(embedPatterns('"abc'), 'invalid quoted string in //go:embed: "abc');
});
