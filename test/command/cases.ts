// Command lines that must fail (or be refused) as the go command fails them: a tree of files, the arguments, nothing
// else. The expected text is not written down here: the test asks the installed go.

/** One command line run in a folder of its own. */
export interface CommandCase {
  readonly name: string;
  /** Path below the folder, and contents. A `string[]` is a list of folders to make. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const mod = 'module example.com/m\n\ngo 1.26\n';
const main = 'package main\n\nfunc main() {}\n';

export const commandCases: readonly CommandCase[] = [
  // Files on the command line.
  { name: 'no such file', files: {}, args: ['run', 'missing.go'] },
  { name: 'no such file among two', files: { 'a.go': main }, args: ['run', 'a.go', 'missing.go'] },
  { name: 'no files listed', files: { 'go.mod': mod }, args: ['run'] },
  { name: 'test file only', files: { 'a_test.go': main }, args: ['run', 'a_test.go'] },
  { name: 'named files in two directories', files: { 'a/a.go': main, 'b/b.go': main }, args: ['run', 'a/a.go', 'b/b.go'] },
  { name: 'directory named x.go', files: { 'd.go/x': '' }, args: ['run', 'd.go'] },
  { name: 'not a main package', files: { 'a.go': 'package a\n' }, args: ['run', 'a.go'] },
  { name: 'two package names', files: { 'a.go': main, 'b.go': 'package b\n' }, args: ['run', 'a.go', 'b.go'] },
  { name: 'empty file', files: { 'a.go': '' }, args: ['run', 'a.go'] },
  { name: 'word in place of package', files: { 'a.go': 'hello world\n' }, args: ['run', 'a.go'] },
  { name: 'binary rubbish', files: { 'a.go': new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0xff, 0xfe]) }, args: ['run', 'a.go'] },
  { name: 'NUL in the header', files: { 'a.go': new TextEncoder().encode('package\0 main\n') }, args: ['run', 'a.go'] },
  { name: 'unterminated comment', files: { 'a.go': '/* never ends\npackage main\n' }, args: ['run', 'a.go'] },
  { name: 'package without a name', files: { 'a.go': 'package\n' }, args: ['run', 'a.go'] },
  { name: 'blank package', files: { 'a.go': 'package _\n' }, args: ['run', 'a.go'] },
  { name: 'import without quotes', files: { 'a.go': 'package main\nimport fmt\nfunc main() {}\n' }, args: ['run', 'a.go'] },
  { name: 'unterminated import string', files: { 'a.go': 'package main\nimport "fmt\nfunc main() {}\n' }, args: ['run', 'a.go'] },
  { name: 'empty import path', files: { 'a.go': 'package main\nimport ""\nfunc main() {}\n' }, args: ['run', 'a.go'] },
  { name: 'invalid character in an import path', files: { 'a.go': 'package main\nimport "a b"\nfunc main() {}\n' }, args: ['run', 'a.go'] },
  { name: 'unclosed import group', files: { 'a.go': 'package main\nimport (\n"fmt"\nfunc main() {}\n' }, args: ['run', 'a.go'] },
  { name: 'two imports on a line', files: { 'a.go': 'package main\nimport "fmt" "os"\nfunc main() {}\n' }, args: ['run', 'a.go'] },
  {
    name: 'constraints of a named file do not count',
    files: { 'a_windows.go': '//go:build ignore\n\npackage a\n' },
    args: ['run', 'a_windows.go'],
  },
  {
    name: 'unsafe build comment twice',
    files: { 'go.mod': mod, 'a.go': '//go:build linux\n//go:build js\n\n' + main },
    args: ['run', '.'],
  },
  { name: 'malformed go:build', files: { 'go.mod': mod, 'a.go': '//go:build linux &&\n\n' + main }, args: ['run', '.'] },

  // Packages of std that there are not.
  { name: 'no such std package, from a file', files: { 'a.go': 'package main\nimport "nosuch"\nfunc main() {}\n' }, args: ['run', 'a.go'] },
  {
    name: 'no such std package, nested',
    files: { 'a.go': 'package main\nimport (\n\t"fmt"\n\t"net/nosuch"\n)\nfunc main() { fmt.Println() }\n' },
    args: ['run', 'a.go'],
  },
  { name: 'no such package, on the command line', files: { 'go.mod': mod }, args: ['run', 'nosuch'] },
  {
    name: 'unknown module, from a file without go.mod',
    files: { 'a.go': 'package main\nimport "example.org/x/y"\nfunc main() {}\n' },
    args: ['run', 'a.go'],
  },
  {
    name: 'unknown module, with go.mod',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport "example.org/x/y"\nfunc main() {}\n' },
    args: ['run', '.'],
  },
  {
    name: 'two unknown modules',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport (\n\t"example.org/x/y"\n\t_ "example.org/z"\n)\nfunc main() {}\n' },
    args: ['build', '.'],
  },
  {
    name: 'no such package in the main module',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport "example.com/m/sub"\nfunc main() {}\n' },
    args: ['run', '.'],
  },
  {
    name: 'relative import',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport "./sub"\nfunc main() {}\n', 'sub/s.go': 'package sub\n' },
    args: ['run', '.'],
  },
  { name: 'internal package of std', files: { 'a.go': 'package main\nimport _ "internal/abi"\nfunc main() {}\n' }, args: ['run', 'a.go'] },
  {
    name: 'internal package of the same module, allowed',
    files: {
      'go.mod': mod,
      'a.go': 'package main\nimport _ "example.com/m/internal/x"\nfunc main() { y }\n',
      'internal/x/x.go': 'package x\n',
    },
    args: ['build', './internal/x'],
  },
  {
    name: 'internal package of a sibling',
    files: {
      'go.mod': mod,
      'a.go': 'package main\nimport _ "example.com/m/sub/internal/x"\nfunc main() {}\n',
      'sub/internal/x/x.go': 'package x\n',
    },
    args: ['run', '.'],
  },
  {
    name: 'main package imported',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "example.com/m/cmd"\nfunc main() {}\n', 'cmd/x.go': main },
    args: ['run', '.'],
  },
  {
    name: 'import of C',
    files: { 'a.go': 'package main\nimport "C"\nfunc main() {}\n' },
    args: ['run', 'a.go'],
    env: { CGO_ENABLED: '0' },
  },
  {
    name: 'vendored std package by its own name',
    files: { 'a.go': 'package main\nimport _ "vendor/golang.org/x/net/idna"\nfunc main() {}\n' },
    args: ['run', 'a.go'],
  },

  // Imported packages that are no packages.
  {
    name: 'import of a folder whose files are all excluded',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "example.com/m/sub"\nfunc main() {}\n', 'sub/s_windows.go': 'package sub\n' },
    args: ['run', '.'],
  },
  {
    name: 'import of a folder with tests only',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "example.com/m/sub"\nfunc main() {}\n', 'sub/s_test.go': 'package sub\n' },
    args: ['run', '.'],
  },
  {
    name: 'import of a folder with two packages',
    files: {
      'go.mod': mod,
      'a.go': 'package main\nimport _ "example.com/m/sub"\nfunc main() {}\n',
      'sub/s.go': 'package sub\n',
      'sub/t.go': 'package t\n',
    },
    args: ['run', '.'],
  },
  {
    name: 'import of a folder without Go files',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "example.com/m/sub"\nfunc main() {}\n', 'sub/readme': '' },
    args: ['run', '.'],
  },
  {
    name: 'internal package used two steps away',
    files: {
      'go.mod': mod,
      'a.go': 'package main\nimport _ "example.com/m/b"\nfunc main() {}\n',
      'b/b.go': 'package b\nimport _ "example.com/m/c/internal/d"\n',
      'c/internal/d/d.go': 'package d\n',
    },
    args: ['run', '.'],
  },
  {
    name: 'missing package two steps away',
    files: {
      'go.mod': mod,
      'a.go': 'package main\nimport _ "example.com/m/b"\nfunc main() {}\n',
      'b/b.go': 'package b\nimport _ "nosuch/x"\n',
    },
    args: ['run', '.'],
  },
  {
    name: 'embed error two steps away',
    files: {
      'go.mod': mod,
      'a.go': 'package main\nimport _ "example.com/m/b"\nfunc main() {}\n',
      'b/b.go': 'package b\nimport _ "embed"\n\n//go:embed none\nvar s string\n',
    },
    args: ['run', '.'],
  },
  {
    name: 'NUL in an imported package',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "example.com/m/b"\nfunc main() {}\n', 'b/b.go': 'package b\0\n' },
    args: ['run', '.'],
  },
  {
    name: 'duplicate import of a missing package in two files',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "nosuch/x"\nfunc main() {}\n', 'b.go': 'package main\nimport _ "nosuch/x"\n' },
    args: ['run', '.'],
  },
  { name: 'absolute import path', files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "/x"\nfunc main() {}\n' }, args: ['run', '.'] },
  {
    name: 'import path with a trailing slash',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "fmt/"\nfunc main() {}\n' },
    args: ['run', '.'],
  },
  { name: 'keyword as a package name', files: { 'a.go': 'package func\n' }, args: ['run', 'a.go'] },
  { name: 'number as a package name', files: { 'a.go': 'package 12\n' }, args: ['run', 'a.go'] },
  { name: 'import of a number', files: { 'a.go': 'package main\nimport 12\nfunc main() {}\n' }, args: ['run', 'a.go'] },
  { name: 'package clause and more on its line', files: { 'a.go': 'package main import "fmt"\nfunc main() {}\n' }, args: ['run', 'a.go'] },
  {
    name: 'package main, imported by its own test tree',
    files: { 'go.mod': mod, 'a.go': main, 'x/x.go': 'package x\nimport _ "example.com/m"\n' },
    args: ['build', './x'],
  },
  {
    name: 'vendor folder without the package',
    files: { 'go.mod': mod, 'vendor/modules.txt': '', 'a.go': 'package main\nimport _ "example.org/z"\nfunc main() {}\n' },
    args: ['build', '.'],
  },
  {
    name: 'inconsistent vendoring',
    files: {
      'go.mod': mod + 'require example.org/z v1.0.0\n',
      'vendor/modules.txt': '# example.org/y v1.1.0\n## explicit\nexample.org/y\n',
      'a.go': main,
    },
    args: ['build', '.'],
  },
  {
    name: 'folder of a nested module',
    files: { 'go.mod': mod, 'n/go.mod': 'module example.com/n\n', 'n/n.go': main, 'a.go': main },
    args: ['build', './n'],
  },
  { name: 'pattern outside the module', files: { 'm/go.mod': mod, 'other/o.go': main }, cwd: 'm', args: ['build', '../other/...'] },
  { name: 'go.work with a missing module', files: { 'go.work': 'go 1.26\nuse ./a\n', 'b/b.go': main }, args: ['build', './b'] },
  { name: 'go.work unknown directive', files: { 'go.work': 'go 1.26\nfoo ./a\n', 'a.go': main }, args: ['build', '.'] },
  { name: 'GOFLAGS that are no flags', files: { 'a.go': main }, args: ['run', 'a.go'], env: { GOFLAGS: 'x' } },
  { name: 'unknown GOEXPERIMENT', files: { 'a.go': main }, args: ['run', 'a.go'], env: { GOEXPERIMENT: 'frob' } },

  // Cycles.
  {
    name: 'import cycle of two',
    files: {
      'go.mod': mod,
      'a.go': 'package main\nimport _ "example.com/m/a"\nfunc main() {}\n',
      'a/a.go': 'package a\nimport _ "example.com/m/b"\n',
      'b/b.go': 'package b\nimport _ "example.com/m/a"\n',
    },
    args: ['run', '.'],
  },
  {
    name: 'import of itself',
    files: {
      'go.mod': mod,
      'a.go': 'package main\nimport _ "example.com/m/a"\nfunc main() {}\n',
      'a/a.go': 'package a\nimport _ "example.com/m/a"\n',
    },
    args: ['run', '.'],
  },

  // Folders and patterns.
  { name: 'no go.mod', files: { 'a.go': main }, args: ['run', '.'] },
  { name: 'no go.mod, build without arguments', files: { 'a.go': main }, args: ['build'] },
  { name: 'no go.mod, import path', files: {}, args: ['run', 'example.org/x'] },
  { name: 'no Go files', files: { 'go.mod': mod, 'readme.txt': '' }, args: ['run', '.'] },
  { name: 'no Go files in a subfolder', files: { 'go.mod': mod, 'sub/readme.txt': '' }, args: ['build', './sub'] },
  { name: 'no such folder', files: { 'go.mod': mod }, args: ['build', './sub'] },
  { name: 'folder outside the module', files: { 'm/go.mod': mod, 'other/o.go': main }, cwd: 'm', args: ['build', '../other'] },
  { name: 'all files excluded', files: { 'go.mod': mod, 'a_windows.go': main }, args: ['build', '.'] },
  { name: 'only test files', files: { 'go.mod': mod, 'a_test.go': 'package a\n' }, args: ['build', '.'] },
  { name: 'two packages in a folder', files: { 'go.mod': mod, 'a.go': 'package a\n', 'b.go': 'package b\n' }, args: ['build', '.'] },
  { name: 'pattern matches nothing', files: { 'go.mod': mod }, args: ['build', './...'] },
  { name: 'run of a pattern with two packages', files: { 'go.mod': mod, 'a/a.go': main, 'b/b.go': main }, args: ['run', './...'] },
  { name: 'run of a pattern with no package', files: { 'go.mod': mod }, args: ['run', './...'] },
  { name: 'run of a library', files: { 'go.mod': mod, 'a.go': 'package a\n' }, args: ['run', '.'] },
  {
    name: 'cgo only file in a folder',
    files: { 'go.mod': mod, 'a.go': 'package a\nimport "C"\n' },
    args: ['build', '.'],
    env: { CGO_ENABLED: '0' },
  },
  {
    name: "syntax error in an imported package's header",
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "example.com/m/sub"\nfunc main() {}\n', 'sub/s.go': 'packag sub\n' },
    args: ['run', '.'],
  },
  { name: 'wrong-case file and folder mix', files: { 'go.mod': mod, 'a.go': main }, args: ['build', 'a.go', '.'] },

  // go.mod.
  { name: 'go.mod unknown directive', files: { 'go.mod': 'module example.com/m\nfoo bar\n', 'a.go': main }, args: ['build', '.'] },
  { name: 'go.mod without module', files: { 'go.mod': 'go 1.26\n', 'a.go': main }, args: ['build', '.'] },
  { name: 'go.mod empty', files: { 'go.mod': '', 'a.go': main }, args: ['build', '.'] },
  { name: 'go.mod repeated module', files: { 'go.mod': 'module a.com/x\nmodule b.com/x\n', 'a.go': main }, args: ['build', '.'] },
  { name: 'go.mod repeated go', files: { 'go.mod': 'module a.com/x\ngo 1.20\ngo 1.21\n', 'a.go': main }, args: ['build', '.'] },
  { name: 'go.mod bad go version', files: { 'go.mod': 'module a.com/x\ngo abc\n', 'a.go': main }, args: ['build', '.'] },
  {
    name: 'go.mod require without version',
    files: { 'go.mod': 'module a.com/x\ngo 1.26\nrequire example.org/y\n', 'a.go': main },
    args: ['build', '.'],
  },
  {
    name: 'go.mod version and path disagree',
    files: { 'go.mod': 'module a.com/x\ngo 1.26\nrequire example.org/y v2.0.0\n', 'a.go': main },
    args: ['build', '.'],
  },
  { name: 'go.mod unclosed block', files: { 'go.mod': 'module a.com/x\nrequire (\n', 'a.go': main }, args: ['build', '.'] },
  { name: 'go.mod unknown block', files: { 'go.mod': 'module a.com/x\nfoo (\n bar\n)\n', 'a.go': main }, args: ['build', '.'] },
  {
    name: 'go.mod bad replace',
    files: { 'go.mod': 'module a.com/x\ngo 1.26\nreplace example.org/y\n', 'a.go': main },
    args: ['build', '.'],
  },
  {
    name: 'go.mod replace by a path without dot',
    files: { 'go.mod': 'module a.com/x\ngo 1.26\nreplace example.org/y => y\n', 'a.go': main },
    args: ['build', '.'],
  },
  { name: 'go.mod several errors', files: { 'go.mod': 'module a.com/x\nfoo\nbar baz\nrequire x\n', 'a.go': main }, args: ['build', '.'] },
  {
    name: 'go.mod replaced folder is missing',
    files: {
      'go.mod': mod + 'require example.org/y v1.0.0\nreplace example.org/y => ./y\n',
      'a.go': 'package main\nimport _ "example.org/y"\nfunc main() {}\n',
    },
    args: ['build', '.'],
  },
  { name: 'go.mod needs a newer go', files: { 'go.mod': 'module a.com/x\ngo 1.99\n', 'a.go': main }, args: ['build', '.'] },
  {
    name: 'replaced module lacks the package',
    files: {
      'go.mod': mod + 'require example.org/y v1.0.0\nreplace example.org/y => ./y\n',
      'a.go': 'package main\nimport _ "example.org/y/sub"\nfunc main() {}\n',
      'y/go.mod': 'module example.org/y\n',
      'y/y.go': 'package y\n',
    },
    args: ['build', '.'],
  },
  {
    name: 'replaced folder, not required',
    files: {
      'go.mod': mod + 'replace example.org/y => ./y\n',
      'a.go': 'package main\nimport _ "example.org/y"\nfunc main() {}\n',
      'y/go.mod': 'module example.org/y\n',
      'y/y.go': 'package y\n',
    },
    args: ['build', '.'],
  },

  // Embedding.
  {
    name: 'embed no match',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "embed"\n\n//go:embed x.txt\nvar s string\nfunc main() {}\n' },
    args: ['build', '.'],
  },
  {
    name: 'embed bad pattern',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "embed"\n\n//go:embed [\nvar s string\nfunc main() {}\n' },
    args: ['build', '.'],
  },
  {
    name: 'embed parent folder',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "embed"\n\n//go:embed ../x\nvar s string\nfunc main() {}\n' },
    args: ['build', '.'],
  },
  {
    name: 'embed empty folder',
    files: { 'go.mod': mod, 'd/.hidden': '', 'a.go': 'package main\nimport "embed"\n\n//go:embed d\nvar s embed.FS\nfunc main() {}\n' },
    args: ['build', '.'],
  },
  {
    name: 'embed another module',
    files: { 'go.mod': mod, 'd/go.mod': mod, 'a.go': 'package main\nimport "embed"\n\n//go:embed d\nvar s embed.FS\nfunc main() {}\n' },
    args: ['build', '.'],
  },
  {
    name: 'embed malformed quotes',
    files: { 'go.mod': mod, 'a.go': 'package main\nimport _ "embed"\n\n//go:embed "x\nvar s string\nfunc main() {}\n' },
    args: ['build', '.'],
  },

  {
    name: 'go:debug lines that are wrong',
    files: { 'go.mod': mod, 'a.go': '//go:debug nosuch=1\n//go:debug foo\n//go:debug panicnil=1\npackage main\nfunc main() {}\n' },
    args: ['build', '.'],
  },

  // Flags and commands.
  { name: 'unknown command', files: {}, args: ['frobnicate'] },
  { name: 'unknown flag of run', files: { 'a.go': main }, args: ['run', '-frob', 'a.go'] },
  { name: 'unknown flag of build', files: { 'a.go': main }, args: ['build', '-frob', 'a.go'] },
  { name: 'flag without its value', files: { 'a.go': main }, args: ['build', '-o'] },
  { name: 'bad boolean flag', files: { 'a.go': main }, args: ['build', '-v=maybe', 'a.go'] },
  { name: 'bad number', files: { 'a.go': main }, args: ['build', '-p=x', 'a.go'] },
  { name: '-C to a missing folder', files: {}, args: ['-C', 'nowhere', 'build'] },
  { name: '-C of build to a missing folder', files: {}, args: ['build', '-C', 'nowhere'] },
  { name: '-C not first', files: { 'a.go': main }, args: ['build', '-v', '-C', '.', 'a.go'] },
  { name: 'bad -mod', files: { 'go.mod': mod, 'a.go': main }, args: ['build', '-mod=what', '.'] },
  { name: 'bad GOOS', files: { 'a.go': main }, args: ['build', 'a.go'], env: { GOOS: 'nosuch' } },
  { name: 'build -o of two packages', files: { 'go.mod': mod, 'a/a.go': main, 'b/b.go': main }, args: ['build', '-o', 'x', './a', './b'] },
  { name: 'help of an unknown topic', files: {}, args: ['help', 'frobnicate'] },
  { name: 'version with an unknown flag', files: {}, args: ['version', '-frob'] },
  { name: 'env of an unknown flag', files: {}, args: ['env', '-frob'] },
];
