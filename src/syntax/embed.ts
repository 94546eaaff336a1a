// The arguments of a //go:embed directive: patterns separated by blanks, each bare, "quoted" or `quoted`.

import { unquoteString } from './literal.ts';

function isSpace(c: string): boolean {
  return c === ' ' || c === '\t' || c === '\r' || c === '\v' || c === '\f' || c === '\u0085' || c === '\u00a0';
}

/** End of the quoted pattern at the start of s (past its closing quote), or -1. */
function quotedEnd(s: string): number {
  const quote = s[0];
  for (let i = 1; i < s.length; i++) {
    if (s[i] === quote) return i + 1;
    if (quote === '"' && s[i] === '\\') i++;
  }
  return -1;
}

/** The patterns of a directive's arguments, or what is wrong with them. */
export function embedPatterns(args: string): string[] | string {
  const list: string[] = [];
  for (args = args.trim(); args !== ''; args = args.trim()) {
    let end: number;
    let pattern: string;
    if (args[0] === '"' || args[0] === '`') {
      end = quotedEnd(args);
      if (end < 0) return `invalid quoted string in //go:embed: ${args}`;
      const text = unquoteString(args.slice(0, end));
      if (text === null) return `invalid quoted string in //go:embed: ${args.slice(0, end)}`;
      pattern = text;
      if (end < args.length && !isSpace(args[end])) return `invalid quoted string in //go:embed: ${args.slice(end)}`;
    } else {
      end = 0;
      while (end < args.length && !isSpace(args[end])) end++;
      pattern = args.slice(0, end);
    }
    list.push(pattern);
    args = args.slice(end);
  }
  return list;
}
