// What goloom itself is made of, as one word: part of every cache key, so that a changed compiler never reuses what an
// older one made.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shortHash } from '../compiler/cache.ts';

/** Where goloom's own files are. */
export interface Installation {
  /** Folder of the package: holds overlay/ and dist/ or src/. */
  readonly root: string;
  readonly overlay: string;
  /** The word that stands for this build of goloom. */
  readonly id: string;
  /** Whether the id covers the overlay, so that its files need not be looked at. */
  readonly isPacked: boolean;
}

/** The running installation: a built one states its id in dist/build-id, the source tree is stamped by its files' times. */
export function installation(): Installation {
  const root = packageRoot(dirname(fileURLToPath(import.meta.url)));
  const overlay = join(root, 'overlay');
  if (!import.meta.url.endsWith('.ts')) {
    try {
      return { root, overlay, id: readFileSync(join(root, 'dist/build-id'), 'utf8').trim(), isPacked: !isFolder(join(root, 'src')) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  const stamps: string[] = [];
  stampTree(join(root, 'src'), stamps);
  stamps.push(`${statSync(join(root, 'dist/base.wasm'), { throwIfNoEntry: false })?.mtimeMs}`);
  return { root, overlay, id: 'src-' + shortHash(stamps.join('\n')), isPacked: false };
}

/** A word for the overlay where the installation's id does not cover it. */
export function overlayStamp(install: Installation): string {
  if (install.isPacked) return '';
  const stamps: string[] = [];
  stampTree(install.overlay, stamps);
  return shortHash(stamps.join('\n'));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function packageRoot(from: string): string {
  for (let dir = from; ; dir = dirname(dir)) {
    if (statSync(join(dir, 'package.json'), { throwIfNoEntry: false }) !== undefined) return dir;
    if (dir === dirname(dir)) throw new Error(`no package.json above ${from}`);
  }
}

function stampTree(dir: string, stamps: string[]): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) stampTree(path, stamps);
    else if (!entry.name.endsWith('.test.ts')) stamps.push(`${path} ${statSync(path).mtimeMs} ${statSync(path).size}`);
  }
}
