import { test } from 'node:test';
import assert from 'node:assert/strict';
import { parseFunc } from '../ir/parse.ts';
import { printFunc } from '../ir/print.ts';
import { verify } from '../ir/verify.ts';
import { cleanCfg } from './cfg.ts';
import { deadcode } from './deadcode.ts';
import { simplify } from './simplify.ts';

/** Result of simplification of a function with one i64, one i32 and one ptr parameter, given its body. */
function run(body: string, late = false): string {
  const f = parseFunc(`func "t"(i64 i32 ptr) (i64 i32 ptr) {\nb1:\n  v1 = param:i64 {0}\n  v2 = param:i32 {1}\n  v3 = param:ptr {2}\n${body}}\n`);
  verify(f, 'input');
  while (simplify(f, late) || cleanCfg(f) || deadcode(f)) verify(f, 'simplify');
  return printFunc(f).split('\n').map((l) => l.trim()).filter((l) => l !== '' && !/^(func|b\d+:|v\d = param|\})/.test(l)).join('; ');
}

const cases: { name: string; body: string; want: string; late?: boolean }[] = [
  { name: 'folds constants', body: '  v4 = const.i64 {3}\n  v5 = const.i64 {-5}\n  v6 = mul.i64 v4 v5\n  ret v6 v2 v3\n', want: 'v6 = const.i64 {-15}; ret v6 v2 v3' },
  { name: 'keeps division by zero', body: '  v4 = const.i64 {3}\n  v5 = const.i64 {0}\n  v6 = div_s.i64 v4 v5\n  ret v6 v2 v3\n', want: 'v4 = const.i64 {3}; v5 = const.i64 {0}; v6 = div_s.i64 v4 v5; ret v6 v2 v3' },
  { name: 'adds offsets to accesses', body: '  v4 = ptr.off v3 {8}\n  v5 = ptr.off v4 {8}\n  v6 = load.i64 v5 {4}\n  ret v6 v2 v3\n', want: 'v6 = load.i64 v3 {20}; ret v6 v2 v3' },
  { name: 'turns pointer arithmetic on integers into ptr.add', body: '  v4 = ptr.to_i64 v3\n  v5 = add.i64 v4 v1\n  v6 = ptr.from_i64 v5\n  ret v1 v2 v6\n', want: 'v7 = wrap.i64 v1; v6 = ptr.add v3 v7; ret v1 v2 v6' },
  { name: 'keeps noescape before escape analysis', body: '  v4 = ptr.to_i64 v3\n  v5 = const.i64 {0}\n  v6 = xor.i64 v4 v5\n  v7 = ptr.from_i64 v6\n  ret v1 v2 v7\n', want: 'v4 = ptr.to_i64 v3; v5 = const.i64 {0}; v6 = xor.i64 v4 v5; v7 = ptr.from_i64 v6; ret v1 v2 v7' },
  { name: 'removes noescape after it', late: true, body: '  v4 = ptr.to_i64 v3\n  v5 = const.i64 {0}\n  v6 = xor.i64 v4 v5\n  v7 = ptr.from_i64 v6\n  ret v1 v2 v7\n', want: 'ret v1 v2 v3' },
  { name: 'folds branches', body: '  v4 = const.i32 {1}\n  br v4 b2 b3\nb2: ; <- b1\n  jump b4\nb3: ; <- b1\n  jump b4\nb4: ; <- b2 b3\n  v5 = phi:i64 v1 v9\n  v9 = const.i64 {1}\n  ret v5 v2 v3\n'.replace('v9 = const.i64 {1}\n', '').replace('v1 v9', 'v1 v1'), want: 'ret v1 v2 v3' },
  { name: 'negates comparisons', body: '  v4 = const.i64 {7}\n  v5 = lt_s.i64 v1 v4\n  v6 = eqz.i32 v5\n  ret v1 v6 v3\n', want: 'v4 = const.i64 {7}; v6 = ge_s.i64 v1 v4; ret v1 v6 v3' },
  { name: 'knows what comes of a value and itself', body: '  v4 = lt_u.i64 v1 v1\n  v5 = xor.i64 v1 v1\n  ret v5 v4 v3\n', want: 'v4 = const.i32 {0}; v5 = const.i64 {0}; ret v5 v4 v3' },
];
for (const c of cases) test(`simplify() ${c.name}`, () => assert.equal(run(c.body, c.late), c.want));
