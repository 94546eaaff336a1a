// Makes a case smaller as long as it still shows a difference: leaves out statements, with the blocks that they open, and
// declarations; then takes bodies of blocks for the blocks.
import type { Comparison } from './compare.ts';
import type { Case } from './generate.ts';

/** Sections [from, to) of lines that are whole statements: a line, or one that opens a block up to the line that closes it. */
function statements(lines: readonly string[]): [number, number][] {
  const out: [number, number][] = [];
  const open: number[] = [];
  lines.forEach((line, i) => {
    const depth = braces(line);
    const closes = /^\s*[})]/.test(line);
    if (closes && depth <= 0) {
      const from = open.pop();
      if (from !== undefined && depth < 0) out.push([from, i + 1]);
      else if (from !== undefined) open.push(from);
    } else if (depth > 0) open.push(i);
    else out.push([i, i + 1]);
  });
  return out.sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
}

/** Braces that the line opens and does not close. */
function braces(line: string): number {
  let n = 0;
  for (const ch of line.replace(/"(\\.|[^"\\])*"/g, '')) n += ch === '{' ? 1 : ch === '}' ? -1 : 0;
  return n;
}

/** The smallest case found. */
export async function reduceCase(comparer: { compare(cases: readonly Case[]): Promise<Comparison> }, start: Case, report: (c: Case) => void = () => {}): Promise<Case> {
  const differs = async (c: Case): Promise<boolean> => {
    const { invalid, differences } = await comparer.compare([c]);
    return invalid === '' && differences.length > 0;
  };
  let best = start;
  for (let changed = true; changed;) {
    changed = false;
    for (const part of ['body', 'declarations'] as const) {
      for (let i = 0; i < statements(best[part]).length; i++) {
        const [from, to] = statements(best[part])[i]!;
        const lines = best[part];
        const attempts = [[...lines.slice(0, from), ...lines.slice(to)]];
        if (to - from > 2) attempts.push([...lines.slice(0, from), ...lines.slice(from + 1, to - 1), ...lines.slice(to)]);
        for (const attempt of attempts) {
          const smaller = { ...best, [part]: attempt };
          if (!(await differs(smaller))) continue;
          best = smaller;
          changed = true;
          report(best);
          i = -1;
          break;
        }
      }
    }
  }
  return best;
}
