// What loading yields: the packages of a program in dependency order, with their files' bytes. Everything later
// (checking, building, caching) reads this and never the file system.

/** A Go module: the main one, a dependency, or a folder that replaces one. */
export interface Module {
  readonly path: string;
  /** Empty for the main module and for folders. */
  readonly version: string;
  /** Absolute folder of its root. */
  readonly dir: string;
  /** Language version of its go directive, as `1.21`; `1.16` where the file has none. */
  readonly goVersion: string;
  readonly isMain: boolean;
}

/** One Go source file of a package. */
export interface LoadedFile {
  /** Absolute path. */
  readonly path: string;
  /** The name in diagnostics, as the go command prints it: `./x.go`, `sub/x.go`, `/usr/local/go/src/fmt/print.go`. */
  readonly displayName: string;
  readonly text: Uint8Array;
  /** The language version that a `//go:build go1.N` line asks for, as `1.21`; empty where there is none. */
  readonly goVersion: string;
  readonly imports: readonly ImportSpec[];
  readonly embeds: readonly EmbedDirective[];
}

/** An import declaration, as it stands in the file. */
export interface ImportSpec {
  readonly path: string;
  /** Byte offset of the path's string literal. */
  readonly offset: number;
  /** Where the declaration's own part starts: its name, if it has one. */
  readonly line: number;
  readonly column: number;
}

/** One pattern of a `//go:embed` line, and its place. */
export interface EmbedDirective {
  readonly pattern: string;
  readonly line: number;
  readonly column: number;
}

/** One embedded file. */
export interface EmbeddedFile {
  /** Slash-separated path below the package's folder. */
  readonly name: string;
  readonly path: string;
  readonly data: Uint8Array;
}

/** The files a `//go:embed` pattern of a package stands for. */
export interface EmbedPattern {
  readonly pattern: string;
  /** Names in `LoadedPackage.embedFiles`, sorted. */
  readonly files: readonly string[];
}

/** One package of the program. */
export interface LoadedPackage {
  /** Import path: `fmt`, `example.com/m/sub`, `command-line-arguments`. */
  readonly path: string;
  /** The path that its symbols carry: `main` for a main package, else `path`. */
  readonly symbolPath: string;
  /** The name of the package clause. */
  readonly name: string;
  /**
   * Import path of the package under test, where this is made for a test: the package with its `_test.go` files, what imports it
   * and must be compiled against that, the external tests, the test's main program. Empty otherwise.
   */
  readonly forTest: string;
  readonly dir: string;
  /** Whether it belongs to the standard library. */
  readonly std: boolean;
  readonly module: Module | undefined;
  /** Language version of its module, as `1.26`. */
  readonly goVersion: string;
  readonly files: readonly LoadedFile[];
  /** Each import path as the sources write it, and the package that it means. `unsafe` is not among them. */
  readonly imports: ReadonlyMap<string, LoadedPackage>;
  readonly embedPatterns: readonly EmbedPattern[];
  readonly embedFiles: readonly EmbeddedFile[];
}

/** A whole program. */
export interface LoadedProgram {
  /** In dependency order: a package comes after all that it imports, `runtime` first of all. */
  readonly packages: readonly LoadedPackage[];
  /** The packages that the command line named. */
  readonly roots: readonly LoadedPackage[];
  /** Look-up by import path. */
  readonly byPath: ReadonlyMap<string, LoadedPackage>;
  readonly goroot: string;
  /** Version of the standard library: `go1.26.8`. */
  readonly goVersion: string;
  readonly goos: string;
  /** Settings that the program starts with, as GODEBUG has them: `a=1,b=0`; the value of runtime.godebugDefault. */
  readonly godebug: string;
  readonly goarch: string;
}

/** What went wrong while loading, in the go command's words. */
export class LoadError extends Error {
  /** One message each; a message may have several lines. */
  readonly messages: readonly string[];
  /** The exit status that the go command gives. */
  readonly exitCode: number;

  constructor(messages: readonly string[], exitCode = 1) {
    super(messages.join('\n'));
    this.name = 'LoadError';
    this.messages = messages;
    this.exitCode = exitCode;
  }
}

/** What is wrong with the modules as a whole: no package can be loaded then, whichever it was noticed with. */
export class FatalLoadError extends LoadError {}
