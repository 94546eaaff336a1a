// Where the go command keeps downloaded modules: $GOMODCACHE/<path>@<version>, upper-case letters written `!` and
// lower case, and their go.mod files below cache/download. goloom reads this folder and never writes or downloads.
import type { FileTree } from './files.ts';
import { parseGoMod } from './gomod.ts';
import type { GoMod, ModuleVersion } from './gomod.ts';

/** Path or version with each upper-case letter as `!` and its lower case. */
export function escapeUpper(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => '!' + letter.toLowerCase());
}

/** The folder that holds the module's files. */
export function moduleDir(cache: string, module: ModuleVersion): string {
  return `${cache}/${escapeUpper(module.path)}@${escapeUpper(module.version)}`;
}

/** A file that the go command keeps of a module's download: its `mod`, `ziphash` and others. */
export function downloadPath(cache: string, module: ModuleVersion, kind: string): string {
  return `${cache}/cache/download/${escapeUpper(module.path)}/@v/${escapeUpper(module.version)}.${kind}`;
}

/** The go.mod of a module in the cache, or undefined where the cache does not have it. */
export function readCachedGoMod(files: FileTree, cache: string, module: ModuleVersion): GoMod | undefined {
  for (const path of [downloadPath(cache, module, 'mod'), moduleDir(cache, module) + '/go.mod']) {
    const text = files.readFile(path);
    if (text !== undefined) return parseGoMod(new TextDecoder().decode(text), path, 'mod', false);
  }
  // A module from before go.mod files: present, and without requirements.
  if (files.kind(moduleDir(cache, module)) === 'dir') return parseGoMod(`module ${module.path}\n`, '', 'mod', false);
  return undefined;
}
