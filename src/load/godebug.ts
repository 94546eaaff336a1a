// The GODEBUG settings that a program starts with: old behaviours for a module that states an older Go, go.mod's godebug
// lines, and `//go:debug` lines of the main package. The table of settings is GOROOT's own.
import type { FileTree } from './files.ts';
import { join } from './paths.ts';
import { languageVersion } from './semver.ts';

/** What decides the settings. */
export interface GodebugSources {
  /** Go version of the main module, as `1.20`. */
  readonly goVersion: string;
  readonly modLines: readonly { readonly key: string; readonly value: string }[];
  /** `key=value` of the `//go:debug` lines. */
  readonly directives: readonly string[];
}

/** A setting whose default changed. */
interface Row {
  readonly name: string;
  /** Minor version of the Go that changed it; 0 where it never did. */
  readonly changed: number;
  readonly old: string;
}

/** GOROOT's table of settings. */
export class GodebugTable {
  private readonly rows: Row[] = [];

  constructor(files: FileTree, goroot: string) {
    const table = files.readFile(join(goroot, 'src/internal/godebugs/table.go'));
    if (table === undefined) return;
    for (const [, name, rest] of new TextDecoder().decode(table).matchAll(/^\s*\{Name: "([^"]+)"(.*)\}/gm)) {
      const changed = /Changed: (\d+)/.exec(rest!);
      const old = /Old: "([^"]*)"/.exec(rest!);
      this.rows.push({ name: name!, changed: Number(changed?.[1] ?? 0), old: old?.[1] ?? '' });
    }
  }

  /** What is wrong with the text of a `//go:debug` line; empty where nothing is. */
  complaint(text: string): string {
    const equals = text.indexOf('=');
    if (equals < 0) return 'missing key=value';
    const key = text.slice(0, equals);
    if (key === 'default' || this.rows.some((row) => row.name === key)) return '';
    return `unknown //go:debug setting ${JSON.stringify(key)}`;
  }

  /** The value of runtime.godebugDefault: `a=1,b=0`, sorted. */
  defaults(sources: GodebugSources): string {
    const settings = new Map(sources.modLines.map(({ key, value }) => [key, value]));
    for (const directive of sources.directives) {
      const equals = directive.indexOf('=');
      settings.set(directive.slice(0, equals), directive.slice(equals + 1));
    }
    const stated = settings.get('default')?.replace(/^go/, '');
    settings.delete('default');
    const merged = new Map([...this.oldBehaviours(stated ?? sources.goVersion), ...settings]);
    return [...merged.keys()]
      .sort()
      .map((key) => `${key}=${merged.get(key)}`)
      .join(',');
  }

  /** Settings whose default changed after the Go version, at their old values. */
  private oldBehaviours(goVersion: string): [string, string][] {
    const minor = Number(/^1\.(\d+)$/.exec(languageVersion(goVersion))?.[1] ?? Number.NaN);
    return this.rows.filter((row) => minor < row.changed).map((row) => [row.name, row.old]);
  }
}
