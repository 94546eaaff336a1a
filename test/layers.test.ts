// The layer rules of layers.txt, and no import cycles between files; type-only imports count.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The folders of src/ as rules name them; below runtime only the host is compiled with the rest. */
function layerOf(file: string): string {
  const parts = file.split('/');
  return parts[0] === 'src' ? parts[1]! : parts[0]!;
}

function sourceFiles(dir: string): string[] {
  return readdirSync(join(root, dir), { withFileTypes: true }).flatMap((entry) => {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory()) return path === 'src/runtime/kernel' || entry.name === 'testdata' ? [] : sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

interface Import {
  readonly from: string;
  readonly to: string;
  /** `import()` at run time: it may close a cycle between layers only in the allowed direction, like any other. */
  readonly specifier: string;
}

function specifiersOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const { module, errors } = parseSync(file, text);
  assert.deepEqual(
    errors.map((error) => error.message),
    [],
    file,
  );
  const literal = /^["']([^"']+)["']$/;
  const specifiers = [
    ...module.staticImports.map((each) => each.moduleRequest.value),
    ...module.staticExports.flatMap((each) => each.entries.map((entry) => entry.moduleRequest?.value)),
    ...module.dynamicImports.map((each) => literal.exec(text.slice(each.moduleRequest.start, each.moduleRequest.end))?.[1]),
  ];
  return [...new Set(specifiers)].filter((each) => each !== undefined);
}

function importsOf(file: string): Import[] {
  return specifiersOf(file)
    .filter((each) => each.startsWith('.'))
    .map((specifier) => ({ from: file, to: relative(root, join(root, dirname(file), specifier)), specifier }));
}

const files = ['src', 'test', 'bench', 'tools'].filter((dir) => existsSync(join(root, dir))).flatMap(sourceFiles);
const imports = files.flatMap(importsOf);

/** The rules as the set of pairs `a < b`, closed, and the pairs that must not follow. */
function parseRules(text: string): { below: Map<string, Set<string>>; never: [string, string][] } {
  const below = new Map<string, Set<string>>();
  const never: [string, string][] = [];
  const names = (list: string): string[] => list.split(',').map((name) => name.trim());
  for (const rule of text
    .replace(/#.*/g, '')
    .split(';')
    .map((each) => each.trim())
    .filter(Boolean)) {
    if (rule.includes('!<')) {
      const [a, b] = rule.split('!<').map((each) => each.trim());
      never.push([a!, b!]);
      continue;
    }
    const groups = rule.split('<').map(names);
    for (let i = 1; i < groups.length; i++) {
      for (const b of groups[i]!) {
        const set = below.get(b) ?? new Set();
        below.set(b, set);
        for (const a of groups[i - 1]!) {
          if (a === 'NONE') continue;
          assert.ok(below.has(a), `${a} is used before it is placed: "${rule}"`);
          set.add(a);
          for (const lower of below.get(a)!) set.add(lower);
        }
      }
    }
  }
  return { below, never };
}

const rules = parseRules(readFileSync(join(root, 'layers.txt'), 'utf8'));

test('layers.txt is a partial order that keeps its own exclusions', () => {
  for (const [name, lower] of rules.below) assert.ok(!lower.has(name), `${name} < ${name}`);
  for (const [a, b] of rules.never) assert.ok(!rules.below.get(b)!.has(a), `${a} < ${b}`);
});

test('every folder of src/ is placed', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const folder of folders) assert.ok(rules.below.has(folder.name), `src/${folder.name} is not in layers.txt`);
});

test('imports follow layers.txt', () => {
  const wrong: string[] = [];
  for (const { from, to, specifier } of imports) {
    const a = layerOf(to);
    const b = layerOf(from);
    if (a === b || from.endsWith('.test.ts')) continue;
    if (!rules.below.get(b)?.has(a)) wrong.push(`${from} imports ${specifier}: not ${a} < ${b}`);
  }
  assert.deepEqual(wrong, []);
});

test('imports name files that exist', () => {
  assert.deepEqual(
    imports.filter(({ to }) => !existsSync(join(root, to))).map(({ from, specifier }) => `${from}: ${specifier}`),
    [],
  );
});

test('what a page loads imports nothing of Node', () => {
  const reached = new Set<string>(['src/runtime/host/page.ts', 'src/runtime/host/page-worker.ts']);
  for (const file of reached) for (const each of imports) if (each.from === file) reached.add(each.to);
  assert.deepEqual(
    [...reached].flatMap((file) => specifiersOf(file).filter((each) => !each.startsWith('.')).map((each) => `${file}: ${each}`)),
    [],
  );
  // Nor do they use what Node has without an import.
  const globals = /\b(Buffer\.\w|process\.\w|setImmediate\(|require\()/;
  assert.deepEqual([...reached].filter((file) => globals.test(readFileSync(join(root, file), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, ''))), []);
});

test('no import cycles, type-only imports included', () => {
  const graph = new Map(files.map((file) => [file, imports.filter((each) => each.from === file).map((each) => each.to)]));
  const done = new Set<string>();
  const path: string[] = [];
  const cycles: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) return void cycles.push([...path.slice(at), file].join(' → '));
    if (done.has(file)) return;
    path.push(file);
    for (const to of graph.get(file) ?? []) visit(to);
    path.pop();
    done.add(file);
  };
  for (const file of files) visit(file);
  assert.deepEqual(cycles, []);
});
