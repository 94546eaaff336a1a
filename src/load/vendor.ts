// vendor/modules.txt: which package comes from which module, and whether that still agrees with go.mod.
import type { FileTree } from './files.ts';
import { defaultLanguageVersion } from './gomod.ts';
import type { GoMod } from './gomod.ts';
import { LoadError } from './program.ts';
import type { Module } from './program.ts';
import { compareGoVersions, languageVersion } from './semver.ts';

/** A read vendor folder. */
export interface VendorList {
  readonly dir: string;
  /** The module that each vendored package belongs to. */
  readonly packages: ReadonlyMap<string, Module>;
  readonly byPath: ReadonlyMap<string, Module>;
}

interface Entry {
  readonly path: string;
  readonly version: string;
  readonly replacement: string;
  explicit: boolean;
  goVersion: string;
  readonly packages: string[];
}

/** Reads vendor/modules.txt of the main module and checks it against its go.mod. */
export function readVendor(files: FileTree, main: Module, mod: GoMod): VendorList {
  const dir = main.dir + '/vendor';
  const text = files.readFile(dir + '/modules.txt');
  const entries = parseModulesText(text === undefined ? '' : new TextDecoder().decode(text));
  checkConsistency(main, mod, entries);
  const packages = new Map<string, Module>();
  const byPath = new Map<string, Module>([[main.path, main]]);
  for (const entry of entries) {
    const module: Module = {
      path: entry.path,
      version: entry.version,
      dir: `${dir}/${entry.path}`,
      isMain: false,
      goVersion: entry.goVersion === '' ? defaultLanguageVersion : languageVersion(entry.goVersion),
    };
    if (entry.version !== '' || entry.replacement !== '') byPath.set(entry.path, module);
    for (const path of entry.packages) packages.set(path, module);
  }
  return { dir, packages, byPath };
}

/** Lines: `# path version [=> replacement]`, `## explicit; go 1.21`, then package paths. */
function parseModulesText(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) {
      const entry = entries.at(-1);
      for (const note of line
        .slice(3)
        .split(';')
        .map((word) => word.trim())) {
        if (entry !== undefined && note === 'explicit') entry.explicit = true;
        if (entry !== undefined && note.startsWith('go ')) entry.goVersion = note.slice(3);
      }
    } else if (line.startsWith('# ')) {
      const [left, right = ''] = line.slice(2).split(' => ');
      const [path = '', version = ''] = left!.trim().split(' ');
      entries.push({ path, version, replacement: right.trim(), explicit: false, goVersion: '', packages: [] });
    } else if (line.trim() !== '') {
      entries.at(-1)?.packages.push(line.trim());
    }
  }
  return entries;
}

function checkConsistency(main: Module, mod: GoMod, entries: readonly Entry[]): void {
  if (mod.go === '' || compareGoVersions(mod.go, '1.14') < 0) return;
  const complaints: string[] = [];
  const complain = (name: string, text: string): void => void complaints.push(`\t${name}: ${text}`);
  const byPath = new Map(entries.filter((entry) => entry.version !== '').map((entry) => [entry.path, entry]));
  for (const { path, version } of mod.require) {
    const entry = byPath.get(path);
    if (entry === undefined || !entry.explicit)
      complain(`${path}@${version}`, 'is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt');
    else if (entry.version !== version)
      complain(`${path}@${version}`, `is explicitly required in go.mod, but vendor/modules.txt indicates ${path}@${entry.version}`);
  }
  const shown = (line: { path: string; version: string }): string => (line.version === '' ? line.path : `${line.path}@${line.version}`);
  const replacements = new Map(mod.replace.map((line) => [line.old.path, line]));
  for (const line of mod.replace) {
    const entry = entries.find(
      (other) => other.path === line.old.path && (line.old.version === '' || other.version === line.old.version || other.version === ''),
    );
    if (entry === undefined || entry.replacement === '') {
      complain(shown(line.old), 'is replaced in go.mod, but not marked as replaced in vendor/modules.txt');
    } else if (entry.replacement.replace(' ', '@') !== shown(line.new)) {
      complain(
        shown(line.old),
        `is replaced by ${shown(line.new)} in go.mod, but marked as replaced by ${entry.replacement.replace(' ', '@')} in vendor/modules.txt`,
      );
    }
  }
  for (const entry of byPath.values()) {
    if (entry.explicit && !mod.require.some((line) => line.path === entry.path)) {
      complain(`${entry.path}@${entry.version}`, 'is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod');
    }
  }
  for (const entry of entries) {
    if (entry.replacement !== '' && !replacements.has(entry.path)) {
      complain(shown(entry), 'is marked as replaced in vendor/modules.txt, but not replaced in go.mod');
    }
  }
  if (complaints.length === 0) return;
  throw new LoadError([
    `go: inconsistent vendoring in ${main.dir}:\n${complaints.join('\n')}\n\n` +
      '\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo mod vendor',
  ]);
}
