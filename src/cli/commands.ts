// The commands and their flags, as data: the parser, usage lines and help texts are all made from this table.
import type { FlagSpec } from './flags.ts';
import { binaryFlags } from './testflags.ts';

/** A command of goloom. */
export interface CommandSpec {
  readonly name: string;
  /** What follows `usage: goloom `. */
  readonly usage: string;
  readonly short: string;
  readonly help: string;
  readonly flags: readonly FlagSpec[];
}

const buildFlags: readonly FlagSpec[] = [
  { name: 'C', kind: 'string' },
  { name: 'a', kind: 'bool' },
  { name: 'n', kind: 'bool' },
  { name: 'p', kind: 'int' },
  { name: 'v', kind: 'bool' },
  { name: 'work', kind: 'bool' },
  { name: 'x', kind: 'bool' },
  { name: 'buildvcs', kind: 'bool' },
  { name: 'gcflags', kind: 'string' },
  { name: 'ldflags', kind: 'string' },
  { name: 'mod', kind: 'string' },
  { name: 'modfile', kind: 'string' },
  { name: 'tags', kind: 'string' },
  { name: 'trimpath', kind: 'bool' },
  // Refused, but for values that mean nothing (request.ts).
  { name: 'asan', kind: 'bool' },
  { name: 'buildmode', kind: 'string' },
  { name: 'compiler', kind: 'string' },
  { name: 'linkshared', kind: 'bool' },
  { name: 'msan', kind: 'bool' },
  { name: 'overlay', kind: 'string' },
  { name: 'race', kind: 'bool' },
  { name: 'toolexec', kind: 'string' },
  // Without a meaning here.
  { name: 'asmflags', kind: 'string' },
  { name: 'gccgoflags', kind: 'string' },
  { name: 'installsuffix', kind: 'string' },
  { name: 'modcacherw', kind: 'bool' },
  { name: 'pgo', kind: 'string' },
  { name: 'pkgdir', kind: 'string' },
];

const buildFlagsHelp = `The build flags are:

    -C dir
        Change to dir before running the command. Must be the first flag.
    -a
        build even if the cache has the program.
    -n
        print the stages but do not run them.
    -p n
        accepted as go accepts it; the number of threads is the compiler's choice.
    -v
        print the names of packages as they are compiled.
    -work
        print the name of the work folder, which holds the program, and do not delete it.
    -x
        print the stages.
    -gcflags 'flag list'
        -e lifts the limit of ten errors; -m prints optimisation decisions.
    -ldflags 'flag list'
        -X importpath.name=value sets a string variable; -s and -w leave out symbol names.
    -mod mode
        readonly, vendor, or mod. go.mod is never changed: mod means readonly.
    -modfile file
        read file in place of the main module's go.mod.
    -tags tag,list
        build tags that hold during the build.
    -trimpath
        leave file system paths out of the program.

GOFLAGS, GOOS (js or wasip1), GOROOT, GOMODCACHE, GOWORK and GOEXPERIMENT mean what they mean to go.
GOLOOMCACHE is the folder of the build cache; "off" turns it off.
`;

export const commands: readonly CommandSpec[] = [
  {
    name: 'build',
    usage: 'build [-o output] [build flags] [packages]',
    short: 'compile packages and dependencies',
    flags: [{ name: 'o', kind: 'string' }, ...buildFlags],
    help: `Build compiles the packages named by the import paths, or the Go files listed, with all that they import.

If it is one main package, the program is written to a file named after the package's folder or the first file,
ending in .wasm, or to the file or folder that -o names. Other packages are only checked. \`goloom run\` starts the
written file.

${buildFlagsHelp}`,
  },
  {
    name: 'run',
    usage: 'run [build flags] [-exec xprog] package [arguments...]',
    short: 'compile and run Go program',
    flags: [{ name: 'exec', kind: 'string' }, ...buildFlags],
    help: `Run compiles the main package, given as a list of .go files, a folder or an import path, and runs it. A .wasm file that
\`goloom build\` wrote is run as it is.

The program has the command's standard input, output and error, and its exit status is the command's. With -exec the
program's file is handed to that command instead.

${buildFlagsHelp}`,
  },
  {
    name: 'test',
    usage: 'test [build/test flags] [packages] [build/test flags & test binary flags]',
    short: 'test packages',
    flags: [
      { name: 'c', kind: 'bool' },
      { name: 'o', kind: 'string' },
      { name: 'exec', kind: 'string' },
      { name: 'json', kind: 'bool' },
      { name: 'vet', kind: 'string' },
      { name: 'cover', kind: 'bool' },
      { name: 'covermode', kind: 'string' },
      { name: 'coverpkg', kind: 'string' },
      ...binaryFlags,
      ...buildFlags.filter((flag) => flag.name !== 'v'),
    ],
    help: `Test builds a program of each package and its _test.go files, runs it in the package's folder, and reports as the go
command does: a line for each package, and the output of those that fail. Without arguments it tests the package in the
current folder and prints all output.

Besides the build flags, it has:

    -args
        Pass the rest of the command line to the test binary, uninterpreted.
    -c
        Write the test binary to pkg.test.wasm but do not run it. \`goloom run pkg.test.wasm\` does.
    -exec xprog
        Hand the test binary to xprog.
    -json
        Print events as JSON, one a line.
    -o file
        Write the test binary to the file.

The flags of the test binary are those of Go's testing package: -bench, -benchmem, -benchtime, -count, -cpu, -failfast,
-list, -parallel, -run, -short, -shuffle, -skip, -timeout, -v and the others. Results are not cached, so -count=1 changes
nothing. With -fuzz, fuzz targets run their seed corpus; inputs are not mutated yet. Coverage is not measured. -vet is
accepted, but goloom vets nothing.

${buildFlagsHelp}`,
  },
  {
    name: 'list',
    usage: 'list [-deps] [-f format] [-json[=field,...]] [build flags] [packages]',
    short: 'list packages',
    flags: [{ name: 'f', kind: 'string' }, { name: 'json', kind: 'fields' }, { name: 'deps', kind: 'bool' }, { name: 'find', kind: 'bool' }, ...buildFlags],
    help: `List prints the import paths of the packages that the patterns name.

    -deps
        also all that they import, each package after its own imports.
    -f format
        print each package by a template of Go's text/template. Fields, if, range, with, and, or, not, eq, ne, len, index,
        print, printf and join are known; variables and other functions are not.
    -json
        print packages as JSON objects; -json=Name,Imports prints those fields only.

The fields are those of \`go list\` that are not about installing: Dir, ImportPath, Name, Root, Module, Match, Goroot, Standard,
DepOnly, GoFiles, IgnoredGoFiles, EmbedPatterns, EmbedFiles, Imports, Deps, TestGoFiles, TestImports, XTestGoFiles and
XTestImports. The files of the standard library are GOROOT's.

${buildFlagsHelp}`,
  },
  {
    name: 'version',
    usage: 'version [-m] [-v] [-json] [file ...]',
    short: 'print goloom version',
    flags: [
      { name: 'm', kind: 'bool' },
      { name: 'v', kind: 'bool' },
      { name: 'json', kind: 'bool' },
    ],
    help: "Version prints goloom's version, that of the standard library it found, and the system it builds for.\n",
  },
  {
    name: 'env',
    usage: 'env [-json] [-changed] [-u] [-w] [var ...]',
    short: 'print environment information',
    flags: [
      { name: 'json', kind: 'bool' },
      { name: 'changed', kind: 'bool' },
      { name: 'u', kind: 'bool' },
      { name: 'w', kind: 'bool' },
    ],
    help: `Env prints the settings that goloom found: all of them as a shell script, or the values of those named, one a line.
With -json they are printed as a JSON object. -changed leaves out those that have their default value. goloom keeps no
settings of its own, so -u and -w are refused.
`,
  },
  {
    name: 'clean',
    usage: 'clean [-cache]',
    short: 'remove cached programs',
    flags: [{ name: 'cache', kind: 'bool' }],
    help: 'Clean removes the build cache.\n',
  },
];

/** Commands that are the go command's, and what they are for. */
export const handedOver: ReadonlyMap<string, string> = new Map([
  ['mod', 'module maintenance, by the go command'],
  ['vet', 'report likely mistakes in packages, by the go command'],
]);

/** The command of that name. */
export function findCommand(name: string): CommandSpec | undefined {
  return commands.find((command) => command.name === name);
}

/** What `goloom` and `goloom help` print. */
export function overview(): string {
  const all = [...commands.map((command) => [command.name, command.short] as const), ...handedOver];
  const list = all.map(([name, short]) => `\t${name.padEnd(12)}${short}`).join('\n');
  return `Goloom is a Go toolchain that compiles Go to WebAssembly and runs it.

Usage:

	goloom <command> [arguments]

The commands are:

${list}

Use "goloom help <command>" for more information about a command.
`;
}
