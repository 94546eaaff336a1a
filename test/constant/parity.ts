// Compares src/constant with go/constant in bulk: runs oracle.go with the installed Go, evaluates each of its lines, counts.
// Usage: parity.ts [-n cases] [-seed s]

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { toFloat, toInt } from '../../src/constant/convert.ts';
import { exactString, toString } from '../../src/constant/format.ts';
import { fromLiteral, type LiteralKind } from '../../src/constant/literal.ts';
import { Op, binaryOp, compare, shift, unaryOp } from '../../src/constant/ops.ts';
import { float32Val, float64Val, makeFloat64 } from '../../src/constant/rounding.ts';
import { Kind, type Value } from '../../src/constant/value.ts';

const literalKinds: Record<string, LiteralKind> = { INT: 'int', FLOAT: 'float', IMAG: 'imag', CHAR: 'rune', STRING: 'string' };
const kindNames = ['Unknown', 'Bool', 'String', 'Int', 'Float', 'Complex'];
const binary: Record<string, Op> = {
  '+': Op.Add,
  '-': Op.Sub,
  '*': Op.Mul,
  '/': Op.Quo,
  '/=': Op.IntQuo,
  '%': Op.Rem,
  '&': Op.And,
  '|': Op.Or,
  '^': Op.Xor,
  '&^': Op.AndNot,
};
const relational: Record<string, Op> = { '==': Op.Eql, '!=': Op.Neq, '<': Op.Lss, '<=': Op.Leq, '>': Op.Gtr, '>=': Op.Geq };

const view = new DataView(new ArrayBuffer(8));

function floats(v: Value): string[] {
  if (v.kind !== Kind.Int && v.kind !== Kind.Float) return ['-', '-'];
  view.setFloat32(0, Math.abs(float32Val(v)));
  const f32 = view.getUint32(0).toString(16);
  view.setFloat64(0, Math.abs(float64Val(v)));
  return [f32, view.getBigUint64(0).toString(16)];
}

function describe(v: Value): string {
  const parts = [kindNames[v.kind], exactString(v), toString(v)];
  if (v.kind >= Kind.Int) parts.push(exactString(toInt(v)), exactString(toFloat(v)), ...floats(v));
  return parts.join('\t');
}

function evaluate(postfix: string): Value {
  const stack: Value[] = [];
  const words = postfix.split(' ');
  for (let i = 0; i < words.length; i++) {
    const w = words[i];
    if (w in literalKinds) stack.push(fromLiteral(words[++i], literalKinds[w]));
    else if (w === 'neg') stack.push(unaryOp(Op.Sub, stack.pop()!, 0));
    else if (w === 'not') stack.push(unaryOp(Op.Xor, stack.pop()!, 0));
    else if (w === 'notu') stack.push(unaryOp(Op.Xor, stack.pop()!, Number(words[++i])));
    else if (w === 'shl' || w === 'shr') stack.push(shift(stack.pop()!, w === 'shl' ? Op.Shl : Op.Shr, Number(words[++i])));
    else {
      const y = stack.pop()!,
        x = stack.pop()!;
      stack.push(binaryOp(x, binary[w], y));
    }
  }
  return stack[0];
}

function check(line: string): [string, string] {
  const f = line.split('\t');
  switch (f[0]) {
    case 'lit':
      return [describe(fromLiteral(unquote(f[2]), literalKinds[f[1]])), f.slice(3).join('\t')];
    case 'expr':
      return [describe(evaluate(f[1])), f.slice(2).join('\t')];
    case 'cmp':
      return [String(compare(evaluate(f[1]), relational[f[2]], evaluate(f[3]))), f[4]];
    case 'f64':
      view.setBigUint64(0, BigInt('0x' + f[1]));
      return [describe(makeFloat64(view.getFloat64(0))), f.slice(2).join('\t')];
  }
  return ['', line];
}

/** Go's %q of our literals uses JSON's escapes and a few of Go's own. */
function unquote(s: string): string {
  return JSON.parse(
    s.replace(/\\([abfnrtv\\"xuU])/g, (m, c) => (c === 'u' ? m : c === 'x' ? '\\u00' : c === 'a' ? '\\u0007' : c === 'v' ? '\\u000b' : m)),
  );
}

const oracle = fileURLToPath(new URL('oracle.go', import.meta.url));
const lines = execFileSync('go', ['run', oracle, ...process.argv.slice(2)], { maxBuffer: 1 << 30, encoding: 'utf8' }).split('\n');
let cases = 0,
  failures = 0;
for (const line of lines) {
  if (line === '') continue;
  cases++;
  let got: string, want: string;
  try {
    [got, want] = check(line);
  } catch (e) {
    [got, want] = [String(e), ''];
  }
  if (got === want) continue;
  if (failures++ < 10) console.log(`${line.slice(0, 300)}\n  got  ${got.slice(0, 400)}\n  want ${want.slice(0, 400)}`);
}
console.log(`${cases} cases, ${failures} differ`);
process.exitCode = failures === 0 ? 0 : 1;
