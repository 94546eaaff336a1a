// go.sum: the hashes that modules of the cache must have. As in the go command, a module's hash is the one that was taken when
// it was unpacked (its .ziphash file); where that is missing it is taken of the folder. Modules are judged when a package of
// theirs is wanted.
import type { FileTree } from './files.ts';
import type { ModuleVersion } from './gomod.ts';
import { downloadPath, moduleDir } from './modcache.ts';
import { FatalLoadError } from './program.ts';

/** What checking needs besides the files. */
export interface SumOptions {
  readonly files: FileTree;
  readonly goModCache: string;
  /** Paths of go.sum, or of go.work.sum and those of the workspace's modules; they need not exist. */
  readonly sumFiles: readonly string[];
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  /** With -mod=mod, what go.sum does not have could be added: it is not missed. */
  readonly mayLack: boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Checks modules against go.sum. Throws FatalLoadError for a hash that differs. */
export class GoSum {
  private readonly options: SumOptions;
  /** Hashes by `path version` and `path version/go.mod`. */
  private readonly sums = new Map<string, Set<string>>();
  private readonly checked = new Map<string, 'ok' | 'no-module' | 'no-mod'>();

  constructor(options: SumOptions) {
    this.options = options;
    for (const path of options.sumFiles) this.read(path);
  }

  private read(path: string): void {
    const text = this.options.files.readFile(path);
    if (text === undefined) return;
    decoder.decode(text).split('\n').forEach((line, i) => {
      const fields = line.split(/\s+/).filter((field) => field !== '');
      if (fields.length === 0) return;
      if (fields.length !== 3) throw new FatalLoadError([`malformed go.sum:\n${path}:${i + 1}: wrong number of fields ${fields.length}`]);
      const key = `${fields[0]} ${fields[1]}`;
      const known = this.sums.get(key);
      if (known === undefined) this.sums.set(key, new Set([fields[2]!]));
      else known.add(fields[2]!);
    });
  }

  /** Whether go.sum vouches for the module: which of its two entries is missing, if one is. */
  check(module: ModuleVersion): 'ok' | 'no-module' | 'no-mod' {
    const key = `${module.path} ${module.version}`;
    let verdict = this.checked.get(key);
    if (verdict === undefined) this.checked.set(key, (verdict = this.judge(module, key)));
    return verdict;
  }

  private judge(module: ModuleVersion, key: string): 'ok' | 'no-module' | 'no-mod' {
    const goMod = this.options.files.readFile(downloadPath(this.options.goModCache, module, 'mod'));
    const modSums = this.sums.get(`${key}/go.mod`);
    if (goMod !== undefined && modSums !== undefined) {
      this.compare(`${module.path}@${module.version}/go.mod`, this.hash([['go.mod', goMod]]), modSums);
    }
    const sums = this.sums.get(key);
    if (sums !== undefined) this.compare(`${module.path}@${module.version}`, this.moduleHash(module), sums);
    if (this.options.mayLack) return 'ok';
    if (goMod !== undefined && modSums === undefined) return sums === undefined ? 'no-module' : 'no-mod';
    return sums === undefined ? 'no-module' : 'ok';
  }

  private compare(what: string, have: string, sums: ReadonlySet<string>): void {
    if (sums.has(have)) return;
    const [want] = [...sums].filter((sum) => sum.startsWith('h1:'));
    // Hashes of a kind that this version does not know vouch for nothing and deny nothing.
    if (want === undefined) return;
    throw new FatalLoadError([
      `verifying ${what}: checksum mismatch\n\tdownloaded: ${have}\n\tgo.sum:     ${want}\n\nSECURITY ERROR\n` +
        'This download does NOT match an earlier download recorded in go.sum.\n' +
        'The bits may have been replaced on the origin server, or an attacker may\n' +
        "have intercepted the download attempt.\n\nFor more information, see 'go help module-auth'.",
    ]);
  }

  private moduleHash(module: ModuleVersion): string {
    const { files, goModCache } = this.options;
    const noted = files.readFile(downloadPath(goModCache, module, 'ziphash'));
    if (noted !== undefined) return decoder.decode(noted).trim();
    const dir = moduleDir(goModCache, module);
    return this.hash(this.filesBelow(dir).map((name) => [`${module.path}@${module.version}/${name}`, files.readFile(`${dir}/${name}`)!]));
  }

  private filesBelow(dir: string, prefix = ''): string[] {
    return (this.options.files.readDir(dir) ?? []).flatMap((entry) => {
      const name = prefix + entry.name;
      return entry.isDir ? this.filesBelow(`${dir}/${entry.name}`, `${name}/`) : [name];
    });
  }

  /** The hash called h1: SHA-256 of a list of names with the SHA-256 of their contents. */
  private hash(files: readonly (readonly [name: string, contents: Uint8Array])[]): string {
    const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const lines = files.map(([name, contents]) => [name, `${hex(this.options.sha256(contents))}  ${name}\n`] as const);
    const list = lines.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line).join('');
    return `h1:${btoa(String.fromCharCode(...this.options.sha256(encoder.encode(list))))}`;
  }
}
