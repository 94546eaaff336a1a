// The names under which a program knows its source files: where they are, or under -trimpath what they belong to.
import type { LoadedFile, LoadedPackage } from '../load/program.ts';

/** The file's name without any folder of this machine: `fmt/print.go`, `example.com/m@v1.2.3/sub/x.go`, `./x.go`. */
export function trimmedPath(loaded: LoadedPackage, file: LoadedFile): string {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  // External tests are files of the package that they test; a test's main program has no folder.
  const path = loaded.forTest !== '' && loaded.path === `${loaded.forTest}_test` ? loaded.forTest : loaded.path;
  if (path === 'command-line-arguments') return `./${name}`;
  if (file.path === name) return name;
  const { module } = loaded;
  if (module === undefined || module.version === '') return `${path}/${name}`;
  return `${module.path}@${module.version}${path.slice(module.path.length)}/${name}`;
}
