// The Go files that the bulk tests of the syntax stage read: everything below GOROOT/src and GOROOT/test.

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the installed Go. */
export function goroot(): string {
  return execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
}

/** All .go files below a directory, in a fixed order. */
export function goFiles(dir: string): string[] {
  const out: string[] = [];
  for (const e of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(dir, e.name);
    if (e.isDirectory()) out.push(...goFiles(path));
    else if (e.name.endsWith('.go') && e.isFile()) out.push(path);
  }
  return out;
}

/** All .go files below GOROOT/src and GOROOT/test. */
export function allGoFiles(): string[] {
  const root = goroot();
  return [...goFiles(join(root, 'src')), ...goFiles(join(root, 'test'))];
}
