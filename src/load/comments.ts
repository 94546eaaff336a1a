// Groups of comments and their text, as go/ast has them: what an example's output comment is read with.
import { Byte } from './scan.ts';

const utf8 = new TextDecoder();

/**
 * The comments of the last group that lies within [from, to), with their markers. `pairs` are the offsets of all comments; a
 * group ends at an empty line or at anything that is no comment; one that starts behind code on its line ends with that line.
 */
export function lastCommentGroup(text: Uint8Array, pairs: Int32Array, from: number, to: number): string[] | undefined {
  let last: string[] | undefined;
  for (let i = 0; i + 1 < pairs.length; ) {
    let next = i + 2;
    const ends = isBehindCode(text, i === 0 ? 0 : pairs[i - 1]!, pairs[i]!) ? 0 : 1;
    while (next + 1 < pairs.length && areTogether(text, pairs[next - 1]!, pairs[next]!, ends)) next += 2;
    const start = pairs[i]!;
    const end = pairs[next - 1]!;
    if (start >= from && end > to) break;
    if (start >= from) {
      last = [];
      for (let k = i; k < next; k += 2) last.push(utf8.decode(text.subarray(pairs[k]!, pairs[k + 1]!)));
    }
    i = next;
  }
  return last;
}

/** Whether there is anything but white space on the line before a comment, and behind the comment before it. */
function isBehindCode(text: Uint8Array, from: number, at: number): boolean {
  for (let i = at - 1; i >= from && text[i] !== Byte.newline; i--) if (!isBlank(text[i]!)) return true;
  return false;
}

function isBlank(c: number): boolean { return c === Byte.space || c === Byte.tab || c === Byte.carriageReturn; }

/** Whether between two comments there is white space alone, with so many line ends at most. */
function areTogether(text: Uint8Array, from: number, to: number, ends: number): boolean {
  let lines = 0;
  for (let i = from; i < to; i++) {
    const c = text[i]!;
    if (c === Byte.newline) lines++;
    else if (!isBlank(c)) return false;
  }
  return lines <= ends;
}

/** The text of a group without comment markers, directives, trailing blanks and repeated empty lines; it ends in a newline. */
export function commentText(group: readonly string[]): string {
  const lines: string[] = [];
  for (const comment of group) {
    const raw = comment.replaceAll('\r', '');
    let body = raw.startsWith('/*') ? raw.slice(2, -2) : raw.slice(2);
    if (raw.startsWith('//')) {
      if (isDirective(body)) continue;
      body = body.replace(/^ /, '');
    }
    lines.push(...body.split('\n').map((line) => line.replace(/[ \t]+$/, '')));
  }
  const kept = lines.filter((line, i) => line !== '' || (i > 0 && lines[i - 1] !== ''));
  if (kept.length > 0 && kept.at(-1) !== '') kept.push('');
  return kept.join('\n');
}

/** `//line`, `//go:noinline` and the like, without the slashes. */
function isDirective(body: string): boolean {
  return /^(line |extern |export |[a-z0-9]+:[a-z0-9])/.test(body);
}
