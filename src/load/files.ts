// The few file operations that loading needs, so that the same loader reads a disk, a page's virtual folder or an
// archive of the standard library. Paths are absolute and slash-separated.

/** One entry of a folder. Symbolic links are reported as what they point to. */
export interface DirEntry {
  readonly name: string;
  readonly isDir: boolean;
  /** Neither a folder nor a regular file (a socket, a device). */
  readonly isIrregular: boolean;
}

/** Read access to a tree of files. Nothing here throws for a file that is not there. */
export interface FileTree {
  /** The contents, or undefined where there is no such regular file. Throws where it can't be read. */
  readFile(path: string): Uint8Array | undefined;
  /** The entries sorted by name, or undefined where there is no such folder. */
  readDir(path: string): readonly DirEntry[] | undefined;
  /** What is at the path. */
  kind(path: string): 'file' | 'dir' | 'other' | undefined;
}
