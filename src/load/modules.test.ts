// Modules against `go list -deps`: version selection over a module cache, replacements, vendor folders, workspaces,
// constraints, embedding. Each case is a tree of files; the expectation is what the installed go says of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { nodeFiles } from '../toolchain/node-files.ts';
import { escapeUpper } from './modcache.ts';
import { loadPatterns } from './load.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'goloom-load-')));
const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
after(() => rmSync(root, { recursive: true, force: true }));

interface Tree {
  readonly [path: string]: string;
}

interface ModuleCase {
  readonly name: string;
  readonly files: Tree;
  /** Modules of the cache: `path@version`, and their files. */
  readonly cache?: Readonly<Record<string, Tree>>;
  readonly patterns?: readonly string[];
  readonly cwd?: string;
  readonly mod?: string;
  readonly tags?: string;
}

const uses = (...paths: string[]): string => `package p\n${paths.map((path) => `import _ "${path}"\n`).join('')}`;
const dep = (go: string, path: string, ...require: string[]): Tree => ({
  'go.mod': `module ${path}\n${go === '' ? '' : `go ${go}\n`}${require.map((line) => `require ${line}\n`).join('')}`,
  'p.go': 'package p\n',
});

const cases: ModuleCase[] = [
  {
    name: 'one module, subpackages',
    files: {
      'go.mod': 'module m.org/a\ngo 1.26\n',
      'a.go': uses('m.org/a/b/c', 'fmt'),
      'b/c/c.go': uses('m.org/a/d'),
      'd/d.go': 'package d\n',
    },
  },
  {
    name: 'wildcards pass over testdata, hidden folders and nested modules',
    patterns: ['./...'],
    files: {
      'go.mod': 'module m.org/a\ngo 1.26\n',
      'a.go': 'package a\n',
      'b/b.go': 'package b\n',
      'testdata/t.go': 'package t\n',
      '_x/x.go': 'package x\n',
      '.y/y.go': 'package y\n',
      'n/go.mod': 'module m.org/n\n',
      'n/n.go': 'package n\n',
      'w/w_windows.go': 'package w\n',
      'e/readme': '',
    },
  },
  {
    name: 'wildcard in the middle',
    patterns: ['./x.../y'],
    files: { 'go.mod': 'module m.org/a\ngo 1.26\n', 'x1/y/y.go': 'package y\n', 'x2/z/y/y.go': 'package y\n', 'x3/z.go': 'package x3\n' },
  },
  {
    name: 'import path wildcards',
    patterns: ['m.org/a/b/...'],
    files: {
      'go.mod': 'module m.org/a\ngo 1.26\n',
      'a.go': 'package a\n',
      'b/b.go': 'package b\n',
      'b/c/c.go': 'package c\n',
      'bc/x.go': 'package bc\n',
    },
  },
  {
    name: 'the highest required version',
    files: {
      'go.mod': 'module m.org/a\ngo 1.16\nrequire (\n\tdep.org/x v1.0.0\n\tdep.org/y v1.0.0\n)\n',
      'a.go': uses('dep.org/x', 'dep.org/y'),
    },
    cache: {
      'dep.org/x@v1.0.0': { ...dep('1.16', 'dep.org/x', 'dep.org/y v1.1.0'), 'x.go': uses('dep.org/y') },
      'dep.org/y@v1.0.0': dep('1.16', 'dep.org/y'),
      'dep.org/y@v1.1.0': { ...dep('1.16', 'dep.org/y'), 'new.go': 'package p\n' },
    },
  },
  {
    name: "a pruned module's own requirements are not followed",
    files: {
      'go.mod': 'module m.org/a\ngo 1.21\nrequire (\n\tdep.org/x v1.0.0\n\tdep.org/y v1.0.0\n\tdep.org/z v1.0.0 // indirect\n)\n',
      'a.go': uses('dep.org/x', 'dep.org/y'),
    },
    cache: {
      'dep.org/x@v1.0.0': { ...dep('1.20', 'dep.org/x', 'dep.org/z v1.0.0'), 'x.go': uses('dep.org/z') },
      'dep.org/y@v1.0.0': dep('1.20', 'dep.org/y'),
      'dep.org/y@v1.5.0': dep('1.20', 'dep.org/y'),
      'dep.org/z@v1.0.0': dep('1.20', 'dep.org/z', 'dep.org/w v1.0.0'),
      'dep.org/w@v1.0.0': dep('1.20', 'dep.org/w', 'dep.org/y v1.5.0'),
    },
  },
  {
    name: 'upper case, major versions and nested modules',
    files: {
      'go.mod':
        'module m.org/a\ngo 1.21\nrequire (\n\tgithub.com/Big/Case v1.0.0\n\tdep.org/x v1.0.0\n\tdep.org/x/v2 v2.1.0\n\tdep.org/x/sub v0.1.0\n\tgopkg.in/yaml.v3 v3.0.1\n\tdep.org/old v3.0.0+incompatible\n)\n',
      'a.go': uses(
        'github.com/Big/Case',
        'dep.org/x',
        'dep.org/x/v2',
        'dep.org/x/sub',
        'dep.org/x/sub/deep',
        'gopkg.in/yaml.v3',
        'dep.org/old',
      ),
    },
    cache: {
      'github.com/Big/Case@v1.0.0': dep('1.20', 'github.com/Big/Case'),
      'dep.org/x@v1.0.0': dep('1.20', 'dep.org/x'),
      'dep.org/x/v2@v2.1.0': dep('1.20', 'dep.org/x/v2'),
      'dep.org/x/sub@v0.1.0': { ...dep('1.20', 'dep.org/x/sub'), 'deep/d.go': 'package deep\n' },
      'gopkg.in/yaml.v3@v3.0.1': dep('', 'gopkg.in/yaml.v3'),
      'dep.org/old@v3.0.0+incompatible': dep('', 'dep.org/old'),
    },
  },
  {
    name: 'prereleases are older',
    files: { 'go.mod': 'module m.org/a\ngo 1.16\nrequire (\n\tdep.org/x v1.0.0\n\tdep.org/y v1.0.0-rc.2\n)\n', 'a.go': uses('dep.org/y') },
    cache: {
      'dep.org/x@v1.0.0': dep('1.16', 'dep.org/x', 'dep.org/y v1.0.0-rc.10'),
      'dep.org/y@v1.0.0-rc.2': dep('1.16', 'dep.org/y'),
      'dep.org/y@v1.0.0-rc.10': { ...dep('1.16', 'dep.org/y'), 'rc10.go': 'package p\n' },
    },
  },
  {
    name: 'replacement by a folder and by another module',
    files: {
      'go.mod':
        'module m.org/a\ngo 1.21\nrequire dep.org/x v1.0.0\nrequire dep.org/y v1.0.0\nreplace dep.org/x => ./local/x\nreplace dep.org/y v1.0.0 => fork.org/y v1.2.0\n',
      'a.go': uses('dep.org/x/in', 'dep.org/y'),
      'local/x/go.mod': 'module dep.org/x\ngo 1.18\n',
      'local/x/in/in.go': 'package in\n',
    },
    cache: { 'fork.org/y@v1.2.0': { ...dep('1.19', 'fork.org/y'), 'fork.go': 'package p\n' } },
  },
  {
    name: 'excluded versions do not count',
    files: {
      'go.mod': 'module m.org/a\ngo 1.16\nrequire (\n\tdep.org/x v1.0.0\n\tdep.org/y v1.0.0\n)\nexclude dep.org/y v1.1.0\n',
      'a.go': uses('dep.org/x', 'dep.org/y'),
    },
    cache: {
      'dep.org/x@v1.0.0': dep('1.16', 'dep.org/x', 'dep.org/y v1.1.0'),
      'dep.org/y@v1.0.0': dep('1.16', 'dep.org/y'),
      'dep.org/y@v1.1.0': { ...dep('1.16', 'dep.org/y'), 'new.go': 'package p\n' },
    },
  },
  {
    name: 'vendor folder',
    files: {
      'go.mod': 'module m.org/a\ngo 1.21\nrequire dep.org/x v1.0.0\n',
      'a.go': uses('dep.org/x/sub'),
      'vendor/modules.txt': '# dep.org/x v1.0.0\n## explicit; go 1.19\ndep.org/x/sub\n',
      'vendor/dep.org/x/sub/s.go': uses('strings'),
    },
  },
  {
    name: 'vendor folder not used with -mod=mod',
    mod: 'mod',
    files: {
      'go.mod': 'module m.org/a\ngo 1.21\nrequire dep.org/x v1.0.0\nreplace dep.org/x => ./x\n',
      'a.go': uses('dep.org/x'),
      'x/go.mod': 'module dep.org/x\n',
      'x/x.go': 'package x\n',
      'vendor/modules.txt': '# dep.org/x v1.0.0 => ./x\n## explicit\ndep.org/x\n# dep.org/x => ./x\n',
      'vendor/dep.org/x/old.go': 'package x\n',
    },
  },
  {
    name: 'workspace',
    cwd: 'a',
    files: {
      'go.work': 'go 1.26\nuse (\n\t./a\n\t./b\n)\n',
      'a/go.mod': 'module m.org/a\ngo 1.22\n',
      'a/a.go': uses('m.org/b', 'm.org/b/c'),
      'b/go.mod': 'module m.org/b\ngo 1.20\n',
      'b/b.go': 'package b\n',
      'b/c/c.go': 'package c\n',
    },
  },
  {
    name: 'constraints and suffixes',
    tags: 'extra,v2',
    files: {
      'go.mod': 'module m.org/a\ngo 1.26\n',
      'a.go': 'package a\n',
      'a_js.go': 'package a\n',
      'a_wasm.go': 'package a\n',
      'a_js_wasm.go': 'package a\n',
      'a_linux.go': 'package a\n',
      'a_linux_wasm.go': 'package a\n',
      'js.go': 'package a\n',
      'linux.go': 'package a\n',
      'a_unix.go': 'package a\n',
      't1.go': '//go:build js && wasm\n\npackage a\n',
      't2.go': '//go:build !js\n\npackage a\n',
      't3.go': '//go:build (extra || nope) && !v3\n\npackage a\n',
      't4.go': '// +build linux js,wasm\n// +build !nope\n\npackage a\n',
      't5.go': '// +build linux\npackage a\n',
      't6.go': '//go:build unix || cgo || purego\n\npackage a\n',
      't7.go': '//go:build gc && go1.26 && !go1.99\n\npackage a\n',
      't8.go': '/* licence */\n\n//go:build ignore\n\npackage a\n',
      't9.go': 'package a\n\n//go:build ignore\n',
      't10.go': '// a comment\n//go:build ignore\n/* x */ package a\n',
      't11.go': '//go:buildx ignore\n\npackage a\n',
      't12.go': '//go:build goexperiment.greenteagc\n\npackage a\n',
      'c.go': 'package a\n\nimport "C"\n',
      '_u.go': 'package b\n',
      '.h.go': 'package b\n',
      'a_test.go': 'package a\n',
      'd.go': 'package documentation\n',
      'bom.go': '\ufeff//go:build extra\n\npackage a\n',
      'a_js_test.go': 'package a\n',
      'x_amd64.s': '',
      't13.go': '//go:build compiler_bootstrap\n\npackage a\n',
      'a.b_linux.go': 'package a\n',
      'a_linux.b.go': 'package a\n',
    },
  },
  {
    name: 'embedding',
    files: {
      'go.mod': 'module m.org/a\ngo 1.26\n',
      'a.go':
        'package a\n\nimport (\n\t"embed"\n)\n\n//go:embed one.txt "two words.txt" `q*`\n//go:embed dir all:hid gl?b/[a-c]*.md\nvar f embed.FS\n\nvar s = "//go:embed nope"\nvar r = `\n//go:embed nope\n`\n\n/*\n//go:embed nope\n*/\n\n//go:embed one.txt\nvar t string\n\n//go:embeddable nope\n',
      'one.txt': '1',
      'two words.txt': '2',
      q1: '',
      q2: '',
      'dir/x': '',
      'dir/.h': '',
      'dir/_u': '',
      'dir/sub/y': '',
      'dir/sub/.git/z': '',
      'hid/.h': '',
      'hid/_d/x': '',
      'glob/a.md': '',
      'glob/d.md': '',
      'glab/c1.md': '',
      'dir/mod/go.mod': 'module x\n',
      'dir/mod/x': '',
    },
  },
];

function writeTree(dir: string, tree: Tree): void {
  for (const [name, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

/** Lays modules out as the go command does after a download. */
function writeCache(cache: string, modules: Readonly<Record<string, Tree>>): void {
  for (const [id, tree] of Object.entries(modules)) {
    const [path, version] = id.split('@') as [string, string];
    writeTree(join(cache, `${escapeUpper(path)}@${escapeUpper(version)}`), tree);
    writeTree(join(cache, 'cache/download', escapeUpper(path), '@v'), {
      [`${version}.mod`]: tree['go.mod']!,
      [`${version}.info`]: JSON.stringify({ Version: version }),
      [`${version}.zip`]: '',
      [`${version}.ziphash`]: 'h1:' + '0'.repeat(43) + '=',
    });
  }
}

interface Listed {
  readonly ImportPath: string;
  readonly Dir: string;
  readonly Standard?: boolean;
  readonly GoFiles?: string[];
  readonly EmbedFiles?: string[];
  readonly Module?: { readonly GoVersion?: string };
}

cases.forEach((each, i) => {
  test(`loadPatterns() agrees with go list: ${each.name}`, () => {
    const dir = join(root, `${i}`);
    const cache = join(root, `${i}-cache`);
    writeTree(dir, each.files);
    writeCache(cache, each.cache ?? {});
    const cwd = join(dir, each.cwd ?? '');
    const patterns = each.patterns ?? ['.'];
    const flags = each.mod === undefined ? (each.cache === undefined ? [] : ['-mod=mod']) : [`-mod=${each.mod}`];
    const out = execFileSync(
      'go',
      ['list', '-deps', ...flags, `-tags=${each.tags ?? ''}`, '-json=ImportPath,Dir,Standard,GoFiles,EmbedFiles,Module', ...patterns],
      {
        cwd,
        encoding: 'utf8',
        env: {
          ...process.env,
          GOOS: 'js',
          GOARCH: 'wasm',
          GOMODCACHE: cache,
          GOPROXY: 'off',
          GOFLAGS: '',
          GONOSUMDB: '*',
          GONOSUMCHECK: '1',
          GOSUMDB: 'off',
          GOTOOLCHAIN: 'local',
        },
      },
    );
    const listed = (JSON.parse(`[${out.replaceAll('\n}\n{', '\n},{')}]`) as Listed[]).filter((p) => p.Standard !== true);
    const want = listed.map(
      (p) => `${p.ImportPath} ${p.Dir} ${p.Module?.GoVersion ?? '1.16'} ${(p.GoFiles ?? []).join(' ')} ${(p.EmbedFiles ?? []).join(' ')}`,
    );
    const { program } = loadPatterns(patterns, {
      files: nodeFiles(),
      cwd,
      goroot,
      overlay: '',
      goos: 'js',
      goModCache: cache,
      mod: each.mod ?? '',
      tags: (each.tags ?? '').split(','),
    });
    const have = program.packages
      .filter((p) => !p.std)
      .map(
        (p) =>
          `${p.path} ${p.dir} ${p.goVersion} ${p.files.map((file) => file.path.slice(file.path.lastIndexOf('/') + 1)).join(' ')} ${p.embedFiles.map((file) => file.name).join(' ')}`,
      );
    assert.deepEqual(have.sort(), want.sort());
  });
});

test('LoadedProgram.godebug is what go list says of DefaultGODEBUG', () => {
  const trees: Tree[] = [
    { 'go.mod': 'module m.org/a\ngo 1.26\n', 'a.go': 'package main\n' },
    { 'go.mod': 'module m.org/a\ngo 1.20\n', 'a.go': 'package main\n' },
    { 'go.mod': 'module m.org/a\n', 'a.go': 'package main\n' },
    {
      'go.mod': 'module m.org/a\ngo 1.24.3\ngodebug (\n\tpanicnil=1\n\thttp2client=0\n)\n',
      'a.go': '//go:debug panicnil=0\n//go:debug gotypesalias=0\n\n// Command a.\npackage main\n',
    },
    {
      'go.mod': 'module m.org/a\ngo 1.26\ngodebug default=go1.21\n',
      'a.go': 'package main\n',
      'b.go': '//go:debug tlsmlkem=0\npackage main\n',
    },
  ];
  trees.forEach((tree, i) => {
    const dir = join(root, `godebug${i}`);
    writeTree(dir, tree);
    const want = execFileSync('go', ['list', '-f', '{{.DefaultGODEBUG}}', '.'], {
      cwd: dir,
      encoding: 'utf8',
      env: { ...process.env, GOFLAGS: '', GOTOOLCHAIN: 'local' },
    }).trim();
    const { program } = loadPatterns(['.'], { files: nodeFiles(), cwd: dir, goroot, overlay: '', goos: 'js' });
    assert.equal(program.godebug, want);
  });
});
