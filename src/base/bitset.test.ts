import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitSet } from './bitset.ts';

function of(...xs: number[]): BitSet {
  const s = new BitSet(0);
  for (const x of xs) s.add(x);
  return s;
}

function list(s: BitSet): number[] {
  const out: number[] = [];
  s.forEach((i) => out.push(i));
  return out;
}

test('BitSet add() tells what is new and grows', () => {
  const s = new BitSet(1);
  assert.equal(s.add(1000), true);
  assert.equal(s.add(1000), false);
  assert.equal(s.has(1000), true);
  assert.equal(s.has(999), false);
  assert.equal(s.has(5000), false);
  s.delete(1000);
  s.delete(9999);
  assert.equal(s.isEmpty(), true);
});

test('BitSet forEach() rises, over word borders', () => {
  assert.deepEqual(list(of(31, 0, 32, 63, 64, 200)), [0, 31, 32, 63, 64, 200]);
  assert.equal(of(31, 0, 32).count(), 3);
});

test('BitSet set operations', () => {
  const s = of(1, 2, 100);
  assert.equal(s.union(of(2)), false);
  assert.equal(s.union(of(300)), true);
  s.intersect(of(1, 300, 7));
  assert.deepEqual(list(s), [1, 300]);
  s.subtract(of(300));
  assert.equal(s.equals(of(1)), true);
  const c = s.clone();
  c.add(5);
  assert.equal(s.has(5), false);
  assert.equal(s.equals(c), false);
});
