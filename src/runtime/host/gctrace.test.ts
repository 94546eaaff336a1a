// The trace line has the form of gc's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gcTraceLine } from './gctrace.ts';

test('gcTraceLine', () => {
  const line = gcTraceLine([3, 1_234_500_000, 1_530_000, 5 << 20, 2 << 20, 6 << 20, 1 << 20, 0, 1]);
  assert.equal(line, 'gc 3 @1.234s 0%: 0+1.5+0 ms clock, 0+0/1.5/0+0 ms cpu, 5->5->2 MB, 6 MB goal, 1 MB stacks, 0 MB globals, 1 P (forced)\n');
  assert.match(gcTraceLine([4, 2e9, 12_000, 5 << 20, 2 << 20, 6 << 20, 0, 0, 0]), /0\+0\.012\+0 ms clock.* 1 P\n$/);
});
