// The disk as a FileTree, for the command line under Node.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { DirEntry, FileTree } from '../load/files.ts';

/** Reads the disk. Folders are read once: one command sees one state of the tree. */
export function nodeFiles(): FileTree {
  const folders = new Map<string, readonly DirEntry[] | undefined>();
  const kinds = new Map<string, 'file' | 'dir' | 'other' | undefined>();
  const kind = (path: string): 'file' | 'dir' | 'other' | undefined => {
    if (!kinds.has(path)) kinds.set(path, statKind(path));
    return kinds.get(path);
  };
  return {
    kind,
    readFile(path) {
      try {
        return readFileSync(path);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
        throw error;
      }
    },
    readDir(path) {
      if (!folders.has(path)) folders.set(path, readEntries(path, kind));
      return folders.get(path);
    },
  };
}

function statKind(path: string): 'file' | 'dir' | 'other' | undefined {
  let stats;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // below a file, or not to be looked at
  }
  if (stats === undefined) return undefined;
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'dir' : 'other';
}

function readEntries(path: string, kind: (path: string) => 'file' | 'dir' | 'other' | undefined): DirEntry[] | undefined {
  try {
    const entries = readdirSync(path, { withFileTypes: true }).map((entry): DirEntry => {
      if (!entry.isSymbolicLink())
        return { name: entry.name, isDir: entry.isDirectory(), isIrregular: !entry.isDirectory() && !entry.isFile() };
      const target = kind(`${path}/${entry.name}`);
      return { name: entry.name, isDir: false, isIrregular: target !== 'file' };
    });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
