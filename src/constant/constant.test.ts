// Facts about constants that the bulk comparison with go/constant (test/constant/parity.ts) would not name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toFloat, toInt } from './convert.ts';
import { exactString, toString } from './format.ts';
import { fromLiteral } from './literal.ts';
import { Op, binaryOp, compare, shift, unaryOp } from './ops.ts';
import { fitsInt, float32Val, float64Val } from './rounding.ts';
import { textOf, utf8 } from './text.ts';
import { Kind, bitLen, makeInt, makeString, type IntValue, type RealValue } from './value.ts';

const int = (text: string) => fromLiteral(text, 'int') as IntValue;
const float = (text: string) => fromLiteral(text, 'float') as RealValue;

test('integer arithmetic leaves the safe range and comes back', () => {
  const big = binaryOp(int('9007199254740991'), Op.Add, makeInt(1));
  assert.equal(exactString(big), '9007199254740992');
  assert.equal((binaryOp(big, Op.Sub, makeInt(1)) as IntValue).val, 9007199254740991);
  assert.equal(exactString(binaryOp(makeInt(-7), Op.IntQuo, makeInt(2))), '-3');
  assert.equal(exactString(binaryOp(makeInt(-7), Op.Rem, makeInt(2))), '-1');
  assert.equal(exactString(shift(makeInt(-1), Op.Shr, 100)), '-1');
});

test('division of integers gives a float, of which toInt gives the integer', () => {
  assert.equal(exactString(binaryOp(makeInt(1), Op.Quo, makeInt(3))), '1/3');
  assert.equal(exactString(toInt(binaryOp(makeInt(6), Op.Quo, makeInt(3)))), '2');
});

test('huge exponents stay cheap', () => {
  assert.equal(toString(float('1e1000000')), '1e+1000000');
  assert.equal(toInt(float('1e1000000')).kind, Kind.Unknown);
  assert.equal(fromLiteral('1e1000000000', 'float').kind, Kind.Unknown);
});

test('rounding is to nearest even, once', () => {
  assert.equal(float32Val(float('16777217.0')), 16777216);
  assert.equal(float32Val(float('16777219.0')), 16777220);
  // Rounded to float64 first, this would become a tie and go down.
  assert.equal(float32Val(float('1.000000059604644775390626')), 1.0000001192092896);
  assert.equal(float64Val(float('1.7976931348623159e308')), Infinity);
  assert.equal(float64Val(float('4.9e-324')), 5e-324);
  assert.equal(float64Val(float('2.4e-324')), 0);
});

test('complement is limited to the width of unsigned types', () => {
  assert.equal(exactString(unaryOp(Op.Xor, makeInt(1), 8)), '254');
  assert.equal(exactString(unaryOp(Op.Xor, makeInt(1), 0)), '-2');
});

test('fitsInt and bitLen at the borders', () => {
  assert.ok(fitsInt(int('18446744073709551615'), 64, false));
  assert.ok(!fitsInt(int('18446744073709551616'), 64, false));
  assert.ok(fitsInt(int('9223372036854775807'), 64, true));
  assert.ok(!fitsInt(int('9223372036854775808'), 64, true));
  assert.ok(!fitsInt(makeInt(-129), 8, true));
  assert.equal(bitLen(int('4294967296')), 33);
  assert.equal(bitLen(int('4294967295')), 32);
});

test('strings are bytes', () => {
  assert.equal(textOf(utf8('世界😀')), '世界😀');
  assert.equal((fromLiteral('"\\xff\\u00e9"', 'string') as { val: string }).val, '\xff\xc3\xa9');
  assert.equal(toString(makeString('a"\n\xff')), '"a\\"\\n\\xff"');
  assert.ok(compare(makeString('a'), Op.Lss, makeString('b')));
});

test('equal values of different kinds compare equal', () => {
  assert.ok(compare(toFloat(makeInt(2)), Op.Eql, makeInt(2)));
  assert.ok(compare(fromLiteral('0i', 'imag'), Op.Eql, makeInt(0)));
});
