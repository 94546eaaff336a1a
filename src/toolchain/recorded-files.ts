// A FileTree that remembers every question asked of another one, so that a cached result can be tied to exactly what it
// was made from: files read, folders listed, and places looked at in vain.
import type { FileTree } from '../load/files.ts';
import { hasPathPrefix } from '../load/paths.ts';

/** What was asked of one path: its contents, its entries, or what it is. */
export type Question = 'file' | 'dir' | 'kind';

/** A recording tree and its record. */
export interface RecordedFiles {
  readonly files: FileTree;
  /** Each path asked about with the most telling question: `file` and `dir` include `kind`. */
  readonly asked: ReadonlyMap<string, Question>;
}

/** Records all questions but those below the `trusted` folders, whose state the caller ties down in another way. */
export function recordFiles(base: FileTree, trusted: readonly string[]): RecordedFiles {
  const asked = new Map<string, Question>();
  const note = (path: string, question: Question): void => {
    if (asked.get(path) !== undefined && question === 'kind') return;
    if (!trusted.some((folder) => hasPathPrefix(path, folder))) asked.set(path, question);
  };
  return {
    asked,
    files: {
      readFile: (path) => (note(path, 'file'), base.readFile(path)),
      readDir: (path) => (note(path, 'dir'), base.readDir(path)),
      kind: (path) => (note(path, 'kind'), base.kind(path)),
    },
  };
}
