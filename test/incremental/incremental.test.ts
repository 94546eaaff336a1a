// Builds that reuse compiled functions against builds that do not: the programs must be equal, byte by byte, after any
// edit, with damaged packs, and with several builds at once. GOLOOM_FUZZ_SEED and GOLOOM_FUZZ_STEPS choose other edits.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ObjectStore } from '../../src/compiler/objects.ts';
import { build } from '../../src/toolchain/index.ts';

type Tree = Readonly<Record<string, string>>;

// Run as a child, this file builds one program through a cache.
if (process.argv[2] === 'build') {
  const [cwd, cache, out] = process.argv.slice(3) as [string, string, string];
  writeFileSync(out, await program(cwd, cache));
  process.exit(0);
}

const root = mkdtempSync(join(tmpdir(), 'goloom-incremental-'));
after(() => rmSync(root, { recursive: true, force: true }));

function write(dir: string, tree: Tree): void {
  for (const [name, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

async function program(cwd: string, cache: string): Promise<Uint8Array> {
  const result = await build(['.'], { cwd, env: { ...process.env, GOLOOMCACHE: cache, GOFLAGS: '' } });
  return result.wasm!;
}

/** Builds with the cache and without, compares, and gives the number of functions that the first one had to optimise. */
async function same(cwd: string, cache: string, what: string): Promise<number> {
  let optimised = 0;
  const { keepForm } = ObjectStore.prototype;
  ObjectStore.prototype.keepForm = function (...args): void {
    optimised++;
    keepForm.apply(this, args);
  };
  const kept = await program(cwd, cache);
  ObjectStore.prototype.keepForm = keepForm;
  const plain = await program(cwd, 'off');
  assert.ok(Buffer.compare(kept, plain) === 0, `${what}: the program differs from one made without the cache`);
  return optimised;
}

const base: Tree = {
  'go.mod': 'module example.com/m\n\ngo 1.26\n',
  'main.go': `package main

import (
	"fmt"

	"example.com/m/shape"
	"example.com/m/stack"
)

func main() {
	var s stack.Stack[shape.Shape]
	s.Push(shape.Square{Side: 2})
	s.Push(&shape.Circle{Radius: 1})
	for !s.Empty() {
		fmt.Println(s.Pop())
	}
}
`,
  'shape/shape.go': `// Package shape has areas.
package shape

import (
	"fmt"

	"example.com/m/unit"
)

type Shape interface{ Area() unit.Length }

type Square struct{ Side unit.Length }

func (s Square) Area() unit.Length { return s.Side * s.Side }
func (s Square) String() string   { return fmt.Sprintf("square of %v", s.Area()) }

type Circle struct{ Radius unit.Length }

func (c *Circle) Area() unit.Length { return unit.Scale(c.Radius*c.Radius, 3) }
`,
  'stack/stack.go': `package stack

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(x T)    { s.items = append(s.items, x) }
func (s *Stack[T]) Empty() bool { return len(s.items) == 0 }
func (s *Stack[T]) Pop() T {
	x := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x
}
`,
  'unit/unit.go': `package unit

type Length int

var factor = 7

func Scale(l Length, by int) Length { return l * Length(by*factor) }
`,
};

const edits: readonly { name: string; atMost: number; tree: Tree }[] = [
  { name: 'a text in main', atMost: 60, tree: { 'main.go': base['main.go']!.replace('fmt.Println(s.Pop())', 'fmt.Println("next:", s.Pop())') } },
  { name: 'a function body in a leaf package', atMost: 90, tree: { 'unit/unit.go': base['unit/unit.go']!.replace('factor)', 'factor+1)') } },
  { name: 'a constant that was inlined', atMost: 90, tree: { 'unit/unit.go': base['unit/unit.go']!.replace('= 7', '= 8').replace('type Length int', 'type Length int32') } },
  { name: 'a method more, which fmt calls', atMost: 90, tree: { 'shape/shape.go': `${base['shape/shape.go']!}\nfunc (c *Circle) Format(f fmt.State, verb rune) { fmt.Fprint(f, "circle") }\n` } },
  { name: 'the method gone', atMost: 90, tree: { 'shape/shape.go': base['shape/shape.go']! } },
  {
    name: 'a function of std as a value', atMost: 200,
    tree: { 'main.go': base['main.go']!.replace('"fmt"', '"fmt"\n\t"strings"').replace('var s stack', 'f := strings.ToUpper\n\tfmt.Println(strings.Map(func(r rune) rune { return r + 1 }, f("x")))\n\tvar s stack') },
  },
  { name: 'a panic', atMost: 60, tree: { 'main.go': base['main.go']!.replace('var s stack', 'defer func() { fmt.Println(recover()) }()\n\tvar s stack') } },
  { name: 'all as in the beginning', atMost: 90, tree: base },
];

test('a program is the same with kept functions and without, edit after edit', async () => {
  const dir = join(root, 'edits');
  const cache = join(root, 'edits-cache');
  write(dir, base);
  const all = await same(dir, cache, 'the first build');
  assert.ok(all > 500, `${all} functions`);
  for (const { name, atMost, tree } of edits) {
    write(dir, tree);
    const optimised = await same(dir, cache, name);
    assert.ok(optimised <= atMost, `${name}: ${optimised} functions were optimised`);
  }
});

/** Statements that reach different parts of std and of the runtime. */
const snippets: readonly (readonly [imports: string, code: string])[] = [
  ['fmt', 'fmt.Println(len(fmt.Sprint(N)))'],
  ['fmt sort', 'xs := []int{3, N, 1}; sort.Ints(xs); fmt.Println(xs)'],
  ['fmt strings', 'fmt.Println(strings.Repeat("ab", N), strings.Fields(" a b "))'],
  ['fmt errors', 'err := fmt.Errorf("e%d: %w", N, errors.New("inner")); fmt.Println(errors.Unwrap(err))'],
  ['fmt strconv', 'x, err := strconv.Atoi("N"); fmt.Println(x, err)'],
  ['fmt', 'm := map[string]int{"a": N}; m["b"]++; fmt.Println(len(m), m)'],
  ['fmt', 'c := make(chan int, 1); go func() { c <- N }(); fmt.Println(<-c)'],
  ['fmt', 'type local struct{ A, B int }; fmt.Printf("%+v\\n", local{N, 2})'],
  ['fmt slices', 'ys := []string{"b", "a"}; slices.SortFunc(ys, func(a, b string) int { return len(a) - len(b) + N }); fmt.Println(ys)'],
  ['fmt sync', 'var mu sync.Mutex; mu.Lock(); defer mu.Unlock(); fmt.Println(N)'],
  ['fmt bytes', 'var b bytes.Buffer; fmt.Fprintf(&b, "%d", N); fmt.Println(b.String())'],
  ['fmt', 'defer func() { fmt.Println(recover()) }(); var p *int; if N > 2 { fmt.Println(*p) }'],
  ['fmt math', 'fmt.Println(math.Sqrt(N), math.Inf(1))'],
  ['fmt reflect', 'fmt.Println(reflect.TypeOf(map[int][]string{N: nil}).Elem())'],
  ['fmt unicode', 'f := unicode.ToUpper; fmt.Println(string(f(97 + N)))'],
  ['fmt time', 'fmt.Println(time.Duration(N) * time.Second)'],
  ['fmt os', 'if len(os.Args) > N+100 { fmt.Fprintln(os.Stderr, os.Args) }'],
];

function randomMain(random: () => number): string {
  const chosen = snippets.filter(() => random() < 0.3);
  const imports = [...new Set(chosen.flatMap(([names]) => names.split(' ')))].sort();
  const functions = chosen.map(([, code], i) => `func part${i}() {\n\t${code.replaceAll('N', String(1 + Math.floor(random() * 5))).replaceAll('; ', '\n\t')}\n}\n`);
  return `package main\n\nimport (\n${imports.map((p) => `\t"${p}"\n`).join('')})\n\n${functions.join('\n')}\nfunc main() {\n${chosen.map((_, i) => `\tpart${i}()\n`).join('')}}\n`;
}

test('the same for random edits', async () => {
  let seed = Number(process.env['GOLOOM_FUZZ_SEED'] ?? 1);
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const dir = join(root, 'fuzz');
  write(dir, { 'go.mod': base['go.mod']! });
  for (let i = 0; i < Number(process.env['GOLOOM_FUZZ_STEPS'] ?? 5); i++) {
    write(dir, { 'main.go': randomMain(random) });
    await same(dir, join(root, 'fuzz-cache'), readFileSync(join(dir, 'main.go'), 'utf8'));
  }
});

function packs(cache: string): string[] {
  return readdirSync(join(cache, 'objects'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
}

test('damaged packs are not believed', async () => {
  const dir = join(root, 'damage');
  const cache = join(root, 'damage-cache');
  write(dir, base);
  await program(dir, cache);
  const plain = await program(dir, 'off');
  const damages: readonly [string, (bytes: Buffer) => Buffer][] = [
    ['bytes changed everywhere', (b) => { for (let i = 40; i < b.length; i += 997) b[i]! ^= 0x55; return b; }],
    ['bytes changed behind the index', (b) => { for (let i = b.length >> 1; i < b.length; i += 499) b[i]! ^= 1; return b; }],
    ['cut off', (b) => b.subarray(0, b.length * 0.7)],
    ['empty', () => Buffer.alloc(0)],
  ];
  const intact = packs(cache).map((path): [string, Buffer] => [path, readFileSync(path)]);
  assert.ok(intact.length > 1);
  for (const [name, damage] of damages) {
    for (const [path, bytes] of intact) writeFileSync(path, damage(Buffer.from(bytes)));
    rmSync(join(cache, 'action'), { recursive: true, force: true });
    assert.ok(Buffer.compare(await program(dir, cache), plain) === 0, name);
  }
});

test('several builds may share packs', async () => {
  const cache = join(root, 'shared-cache');
  const dirs = [base, { ...base, ...edits[0]!.tree }, { ...base, ...edits[5]!.tree }].map((tree, i) => {
    const dir = join(root, `shared${i}`);
    write(dir, tree);
    return dir;
  });
  for (let round = 0; round < 2; round++) {
    rmSync(join(cache, 'action'), { recursive: true, force: true });
    const children = dirs.map((dir, i) => new Promise((resolve) => fork(fileURLToPath(import.meta.url), ['build', dir, cache, join(root, `out${i}`)]).on('exit', resolve)));
    assert.deepEqual(await Promise.all(children), [0, 0, 0]);
    for (const [i, dir] of dirs.entries()) assert.ok(Buffer.compare(readFileSync(join(root, `out${i}`)), await program(dir, 'off')) === 0, dir);
  }
});
