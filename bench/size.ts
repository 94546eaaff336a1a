// How large the programs are, raw and compressed, side by side: goloom's wasm and that of go for js/wasm (as built, and
// without debug sections).
//
//   node bench/size.ts [--only hello,fmt,json] [--out file]
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Options, goloom, machine, newestNode, root, workFolder } from './measure.ts';

const sources: Readonly<Record<string, string>> = {
  empty: 'func main() {}',
  hello: 'func main() { println("hello") }',
  goroutines:
    'func main() { c := make(chan int); for i := range 10 { go func() { c <- i }() }; s := 0; for range 10 { s += <-c }; println(s) }',
  fmt: 'import "fmt"\nfunc main() { fmt.Println("hello", 1, 2.5, []int{3}, map[string]int{"x": 4}) }',
  json: 'import ("encoding/json"; "fmt")\nfunc main() { b, err := json.Marshal(map[string]any{"x": []int{1}}); fmt.Println(string(b), err) }',
  http: 'import ("fmt"; "net/http")\nfunc main() { r, err := http.NewRequest("GET", "http://localhost/", nil); fmt.Println(r, err, http.DefaultClient) }',
};

const options = new Options(process.argv.slice(2));
const only = options.value('only', Object.keys(sources).join(',')).split(',');
const work = workFolder('size');

interface Size {
  readonly raw: number;
  readonly gzip: number;
  readonly brotli: number;
}

function measure(file: string): Size {
  const bytes = readFileSync(file);
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
}

function build(argv: readonly string[], env: Record<string, string>): void {
  execFileSync(argv[0]!, argv.slice(1), { cwd: work, env: { ...process.env, GOFLAGS: '', ...env }, stdio: 'pipe' });
}

const results: Record<string, Record<string, Size>> = {};
for (const name of only) {
  writeFileSync(join(work, `${name}.go`), `package main\n\n${sources[name]}\n`);
  const file = `${name}.go`;
  build([newestNode, goloom, 'build', '-o', 'goloom.wasm', file], { GOLOOMCACHE: 'off', GOLOOM_SOURCES: 'off' });
  build(['go', 'build', '-o', 'js.wasm', file], { GOOS: 'js', GOARCH: 'wasm' });
  build(['go', 'build', '-ldflags=-s -w', '-o', 'js-stripped.wasm', file], { GOOS: 'js', GOARCH: 'wasm' });
  results[name] = Object.fromEntries(['goloom', 'js', 'js-stripped'].map((engine) => [engine, measure(join(work, `${engine}.wasm`))]));
  const row = results[name];
  const kb = (size: Size): string =>
    `${(size.raw / 1024).toFixed(0)} KB (gzip ${(size.gzip / 1024).toFixed(0)}, brotli ${(size.brotli / 1024).toFixed(0)})`;
  console.log(
    `${name.padEnd(12)}${Object.entries(row)
      .map(([engine, size]) => `${engine} ${kb(size)}`)
      .join('   ')}   ${(row.goloom!.raw / row.js!.raw).toFixed(2)}x js`,
  );
}
const out = options.value('out', join(root, '.out/bench', `size-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`));
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, JSON.stringify({ machine: machine(), results }, undefined, 1) + '\n');
console.log(`written to ${out}`);
