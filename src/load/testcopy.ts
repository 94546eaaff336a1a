// Test copies: what imports the package under test, directly or not, has to be compiled against the package with its test
// files wherever both are in one program. Packages are values here, so a copy is the same package with other imports.
import type { LoadedPackage } from './program.ts';

/** The packages of a test program in dependency order, or the import cycle that its tests make. */
export interface TestCopies {
  readonly packages: readonly LoadedPackage[];
  readonly cycle: string | undefined;
}

/**
 * All that the roots need, the roots included, in dependency order, with `tested` in the place of `plain` and copies of all that
 * import it. With neither, nothing is copied.
 */
export function copyForTest(roots: readonly LoadedPackage[], plain: LoadedPackage | undefined, tested: LoadedPackage | undefined): TestCopies {
  const copies = new Map<LoadedPackage, LoadedPackage>();
  const packages: LoadedPackage[] = [];
  const stack: LoadedPackage[] = [];
  let cycle: string | undefined;
  const copy = (original: LoadedPackage): LoadedPackage => {
    const wanted = original === plain && tested !== undefined ? tested : original;
    const known = copies.get(wanted);
    if (known !== undefined) return known;
    if (stack.includes(wanted)) {
      cycle ??= cycleMessage([...stack.slice(stack.indexOf(wanted)), wanted]);
      return wanted;
    }
    stack.push(wanted);
    let isChanged = false;
    const imports = new Map<string, LoadedPackage>();
    for (const [path, imported] of wanted.imports) {
      const used = copy(imported);
      imports.set(path, used);
      if (used !== imported) isChanged = true;
    }
    stack.pop();
    const made = isChanged ? { ...wanted, imports, forTest: wanted.forTest || tested!.forTest } : wanted;
    copies.set(wanted, made);
    packages.push(made);
    return made;
  };
  for (const root of roots) copy(root);
  return { packages, cycle };
}

function cycleMessage(path: readonly LoadedPackage[]): string {
  const lines = path.map((loaded, i) => {
    if (i === 0) return `package ${loaded.path}`;
    const file = path[i - 1]!.files.find((candidate) => candidate.imports.some((spec) => spec.path === loaded.path));
    const from = file === undefined ? '' : ` from ${file.path.slice(file.path.lastIndexOf('/') + 1)}`;
    return `\timports ${loaded.path}${from}`;
  });
  return `${lines.join('\n')}: import cycle not allowed in test`;
}
