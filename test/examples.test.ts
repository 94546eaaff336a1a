// The programs of examples/, and small ones about how a program ends: built by go and run natively, built and run by
// goloom; same output, same error output, same exit status.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'goloom-examples-')));
const goloom = fileURLToPath(new URL('../bin/goloom.mjs', import.meta.url));
const examples = fileURLToPath(new URL('../examples', import.meta.url));
after(() => rmSync(root, { recursive: true, force: true }));

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly args?: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function run(command: string, args: readonly string[], cwd: string, options: RunOptions): Outcome {
  const done = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    input: options.input ?? '',
    timeout: 120_000,
    maxBuffer: 1 << 26,
    env: { ...process.env, GOOS: '', GOARCH: '', GOFLAGS: '', GOLOOMCACHE: join(root, 'cache'), NODE_TEST_CONTEXT: '', ...options.env },
  });
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** The program as gc makes it for this machine. */
function runNative(dir: string, options: RunOptions): Outcome {
  const binary = join(root, `native${++count}`);
  const built = run('go', ['build', '-o', binary, 'main.go'], dir, {});
  assert.equal(built.stderr, '');
  return run(binary, options.args ?? [], dir, options);
}
let count = 0;

/** The Node that goloom runs on: this one, unless the test command tries another. */
const node = process.env.GOLOOM_TEST_NODE ?? process.execPath;

function runGoloom(dir: string, options: RunOptions): Outcome {
  return run(node, [goloom, 'run', 'main.go', ...(options.args ?? [])], dir, options);
}

/**
 * The part of the error output that does not depend on addresses, the machine or gc's own frames: up to and with the first
 * `goroutine N [...]` line, less the line about the signal, with N as such for all but the main goroutine.
 */
function comparable(stderr: string): string {
  const text = stderr
    .replace(/^\[signal .*\n/m, '')
    .replace(/^runtime: sp=.*\n/m, '')
    .replace(/\nruntime stack:\n[^]*?\n\n(?=goroutine )/, '\n')
    .replace(/^goroutine 1 gp=.*? \[/m, 'goroutine 1 [')
    .replace(/\n\n+/g, '\n\n');
  const at = text.indexOf('\ngoroutine ');
  const end = at < 0 ? -1 : text.indexOf('\n', at + 1);
  return (end < 0 ? text : text.slice(0, end)).replace(/^goroutine (?!1 )\d+/m, 'goroutine N');
}

// Those for a page run in one: test/page.
for (const name of readdirSync(examples).filter((each) => !existsSync(join(examples, each, 'index.html'))).sort()) {
  test(`examples/${name} does what it does natively`, () => {
    const dir = join(examples, name);
    assert.deepEqual(runGoloom(dir, {}), runNative(dir, {}));
  });
}

interface Ending extends RunOptions {
  readonly name: string;
  readonly source: string;
}

const endings: Ending[] = [
  { name: 'main returns', source: 'func main() { println("to stderr"); print(1, true, 2.5, "x\\n") }' },
  { name: 'os.Exit', source: 'import "os"\nfunc main() { defer println("not run"); os.Exit(7) }' },
  { name: 'panic with a string', source: 'func main() { defer println("deferred"); panic("trouble") }' },
  { name: 'panic with an error', source: 'import "errors"\nfunc main() { panic(errors.New("trouble")) }' },
  { name: 'panic with a Stringer', source: 'type t int\nfunc (t) String() string { return "t" }\nfunc main() { panic(t(3)) }' },
  { name: 'panic in a deferred call', source: 'func main() { defer func() { panic("second") }(); panic("first") }' },
  { name: 're-panic', source: 'func main() { defer func() { panic(recover()) }(); panic("again") }' },
  { name: 'panic(nil)', source: 'func main() { panic(nil) }' },
  { name: 'index out of range', source: 'func main() { a, i := []int{1}, 5; println(a[i]) }' },
  { name: 'slice bounds', source: 'func main() { a, i := []int{1}, 5; println(len(a[i:])) }' },
  { name: 'nil map', source: 'func main() { var m map[string]int; m["x"] = 1 }' },
  { name: 'nil pointer', source: 'func main() { var p *struct{ a, b int }; println(p.b) }' },
  { name: 'divide by zero', source: 'func main() { a, b := 1, 0; println(a / b) }' },
  { name: 'type assertion', source: 'func main() { var v any = 1; println(v.(string)) }' },
  { name: 'missing method', source: 'import "io"\nfunc main() { var v any = 1; _ = v.(io.Reader) }' },
  { name: 'closed channel', source: 'func main() { c := make(chan int); close(c); close(c) }' },
  { name: 'negative make', source: 'func main() { n := -1; _ = make([]int, n) }' },
  { name: 'deadlock', source: 'func main() { <-make(chan int) }' },
  { name: 'deadlock on select', source: 'func main() { select {} }' },
  { name: 'deadlock on a mutex', source: 'import "sync"\nfunc main() { var mu sync.Mutex; mu.Lock(); mu.Lock() }' },
  { name: 'unlock of an unlocked mutex', source: 'import "sync"\nfunc main() { var mu sync.Mutex; mu.Unlock() }' },
  { name: 'negative WaitGroup', source: 'import "sync"\nfunc main() { var wg sync.WaitGroup; wg.Done() }' },
  { name: 'panic in a goroutine', source: 'func main() { go func() { panic("in a goroutine") }(); select {} }' },
  { name: 'Goexit of main', source: 'import "runtime"\nfunc main() { runtime.Goexit() }' },
  { name: 'stack overflow', source: 'func f(n int) int { return f(n+1) + 1 }\nfunc main() { println(f(0)) }' },
  {
    name: 'arguments',
    source: 'import ("fmt"; "os")\nfunc main() { fmt.Printf("%q\\n", os.Args[1:]) }',
    args: ['-x', 'a b', '--', 'é', ''],
  },
  {
    name: 'environment',
    source: 'import ("fmt"; "os")\nfunc main() { fmt.Println(os.Getenv("GOLOOM_TEST"), os.Getenv("NONE") == "") }',
    env: { GOLOOM_TEST: 'välue' },
  },
  {
    name: 'standard input',
    source:
      'import ("bufio"; "fmt"; "os")\nfunc main() { s := bufio.NewScanner(os.Stdin); n := 0; for s.Scan() { n += len(s.Text()) }; fmt.Println(n, s.Err()) }',
    input: 'one\ntwo\nthree'.repeat(10_000),
  },
  {
    name: 'much output',
    source:
      'import ("bufio"; "fmt"; "os")\nfunc main() { w := bufio.NewWriter(os.Stdout); defer w.Flush(); for i := range 200000 { fmt.Fprintln(w, i) } }',
  },
  { name: 'output without a newline, then a panic', source: 'import "fmt"\nfunc main() { fmt.Print("no newline"); panic(1.5) }' },
  {
    name: 'working directory and files',
    source:
      'import ("fmt"; "os"; "path/filepath")\nfunc main() { d, err := os.Getwd(); fmt.Println(filepath.Base(d), err); b, err := os.ReadFile("main.go"); fmt.Println(len(b), err); _, err = os.ReadFile("none"); fmt.Println(err) }',
  },
];

endings.forEach((ending, i) => {
  test(`goloom run: ${ending.name}`, () => {
    const dir = join(root, `ending${i}`);
    mkdirSync(dir);
    writeFileSync(join(dir, 'main.go'), `package main\n\n${ending.source}\n`);
    const want = runNative(dir, ending);
    const have = runGoloom(dir, ending);
    assert.equal(have.stdout, want.stdout);
    assert.equal(comparable(have.stderr), comparable(want.stderr));
    assert.equal(have.status, want.status);
  });
});
