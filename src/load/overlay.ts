// The overlay folder: our Go sources that stand in for, or are added to, packages of GOROOT. overlay/README.md has the
// rules and the manifest's grammar.
import { evalConstraint, parseGoBuild, tagHolds } from '../source/constraint.ts';
import type { BuildContext } from '../source/constraint.ts';
import type { FileTree } from './files.ts';
import { join } from './paths.ts';
import { LoadError } from './program.ts';

/** What the overlay says about one package. */
export interface PackageOverlay {
  readonly dir: string;
  /** GOROOT's files are left out, but for `use` and the test files. */
  readonly replace: boolean;
  /** GOROOT files compiled whatever their constraints say. */
  readonly use: ReadonlySet<string>;
  /** GOROOT files left out. */
  readonly drop: ReadonlySet<string>;
  /** Names of our own Go files. */
  readonly files: readonly string[];
}

/** The overlay of a standard package, or undefined where there is none. */
export function readOverlay(files: FileTree, root: string, importPath: string, context: BuildContext): PackageOverlay | undefined {
  if (root === '') return undefined;
  const dir = join(root, importPath);
  const entries = files.readDir(dir);
  if (entries === undefined) return undefined;
  const own = entries.filter((entry) => !entry.isDir && entry.name.endsWith('.go'));
  const manifest = files.readFile(dir + '/overlay.txt');
  if (own.length === 0 && manifest === undefined) return undefined;
  const overlay = { dir, replace: false, use: new Set<string>(), drop: new Set<string>(), files: own.map((entry) => entry.name) };
  if (manifest !== undefined) applyManifest(overlay, new TextDecoder().decode(manifest), context);
  return overlay;
}

function applyManifest(
  overlay: { dir: string; replace: boolean; use: Set<string>; drop: Set<string> },
  text: string,
  context: BuildContext,
): void {
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/#.*/, '');
    const [directive = '', condition] = line.split(/\sif\s/);
    const [verb, ...names] = directive.trim().split(/\s+/);
    if (verb === undefined || verb === '') return;
    if (condition !== undefined && !conditionHolds(condition, context)) return;
    if (verb === 'replace' && names.length === 0) overlay.replace = true;
    else if (verb === 'use' && names.length > 0) for (const name of names) overlay.use.add(name);
    else if (verb === 'drop' && names.length > 0) for (const name of names) overlay.drop.add(name);
    else
      throw new LoadError([
        `${overlay.dir}/overlay.txt:${index + 1}: want "replace", "use FILE..." or "drop FILE...", have ${JSON.stringify(line.trim())}`,
      ]);
  });
}

function conditionHolds(condition: string, context: BuildContext): boolean {
  const { expr, error } = parseGoBuild(`//go:build ${condition}`);
  if (expr === null) throw new LoadError([`overlay.txt: condition ${JSON.stringify(condition.trim())}: ${error!.message}`]);
  return evalConstraint(expr, (tag) => tagHolds(context, tag));
}
