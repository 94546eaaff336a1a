// The line that GODEBUG=gctrace=1 prints after a collection, in gc's format (package runtime's documentation has it).
// The collector stops the world for the whole mark: that is the middle figure; sweep termination and mark termination are in it.

const megabytes = (n: number): string => String(Math.floor(n / (1 << 20)));

/** At most three digits, as gc prints milliseconds. */
function ms(ns: number): string {
  const n = ns / 1e6;
  if (n >= 10) return n.toFixed(0);
  const digits = n < 1 ? 3 : n < 10 ? 1 : 0;
  return n === 0 ? '0' : String(Number(n.toFixed(digits)));
}

let spent = 0;

/** The line for the numbers of the host call `gctrace` (src/abi/hostcalls.ts). */
export function gcTraceLine(numbers: readonly number[]): string {
  const [count, since, pause, before, after, goal, stacks, globals, forced] = numbers;
  spent += pause;
  const percent = Math.floor((100 * spent) / Math.max(1, since + pause));
  return `gc ${count} @${(since / 1e9).toFixed(3)}s ${percent}%: 0+${ms(pause)}+0 ms clock, 0+0/${ms(pause)}/0+0 ms cpu, ` +
    `${megabytes(before)}->${megabytes(before)}->${megabytes(after)} MB, ${megabytes(goal)} MB goal, ${megabytes(stacks)} MB stacks, ` +
    `${megabytes(globals)} MB globals, 1 P${forced ? ' (forced)' : ''}\n`;
}
