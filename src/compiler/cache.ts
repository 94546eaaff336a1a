// The build cache: from a command (folder, arguments, flags, environment) to the program made for it, valid as long as
// every file and folder that was looked at is unchanged. It is read before any compiler code is loaded, so this file
// imports next to nothing, and a hit costs one small read and a stat for each input.
//
// Layout: <dir>/action/<2 hex>/<hash>.json is an Action; <dir>/program/<2 hex>/<hash>.wasm a program, named by its
// contents. Files are written beside their place and renamed, so two commands at once see old or new, never half.
//
// Invariants: an Action is believed only if its whole key text is equal (the hash merely finds it) and all inputs hold;
// a program is believed only if it has the size that the Action states.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';

/** One input of a build and the state it was in. */
export interface Input {
  readonly path: string;
  /** `file`: contents count; `dir`: the entries; `kind`: whether there is a file, a folder or nothing. */
  readonly question: 'file' | 'dir' | 'kind';
  /** Modification time in ms, size and inode; zeros where there is nothing. */
  readonly mtime: number;
  readonly size: number;
  readonly ino: number;
  /** Hash of the contents or entries, or the kind's letter; empty where there is nothing. */
  readonly state: string;
}

/** What a command came to. */
export interface Action {
  readonly key: string;
  readonly inputs: readonly Input[];
  /** Hash of the program; empty where the packages were only checked. */
  readonly program: string;
  readonly programSize: number;
  readonly about: { readonly warnings: readonly string[]; readonly path: string };
  /** The packages of a `test` command and their programs; `program` is then empty. */
  readonly tests?: readonly CachedTest[];
}

/** A package and its test program. */
export interface CachedTest {
  readonly path: string;
  readonly dir: string;
  readonly name: string;
  /** Hash of the program; empty where there are no tests. */
  readonly program: string;
  readonly programSize: number;
}

/** The cache's folder: GOLOOMCACHE, or `goloom` in the user's cache folder; empty where caching is off. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env.GOLOOMCACHE === 'off') return '';
  if (env.GOLOOMCACHE !== undefined && env.GOLOOMCACHE !== '') return env.GOLOOMCACHE;
  if (process.platform === 'win32' && env.LOCALAPPDATA !== undefined) return `${env.LOCALAPPDATA}/goloom`;
  if (process.platform === 'darwin') return `${homedir()}/Library/Caches/goloom`;
  return `${env.XDG_CACHE_HOME || `${env.HOME ?? homedir()}/.cache`}/goloom`;
}

/** The program for the key, or undefined where it has to be made. */
export function lookUp(dir: string, key: string): { action: Action; wasm: Uint8Array<ArrayBuffer> | undefined } | undefined {
  if (dir === '') return undefined;
  const path = actionPath(dir, key);
  try {
    const action = JSON.parse(readFileSync(path, 'utf8')) as Action;
    if (action.key !== key) return undefined;
    let touched = false;
    for (const input of action.inputs) {
      const verdict = inputHolds(input);
      if (verdict === 'no') return undefined;
      if (verdict === 'touched') touched = true;
    }
    const wasm = action.program === '' ? undefined : readFileSync(programPath(dir, action.program));
    if (wasm !== undefined && wasm.length !== action.programSize) return undefined;
    for (const test of action.tests ?? []) if (test.program !== '' && !hasProgram(dir, test.program, test.programSize)) return undefined;
    if (touched) writeAtomically(path, JSON.stringify({ ...action, inputs: action.inputs.map(refresh) }));
    else keepAlive(path);
    return { action, wasm };
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The program's file, for those who don't want it in memory. */
export function programPath(dir: string, hash: string): string {
  return `${dir}/program/${hash.slice(0, 2)}/${hash}.wasm`;
}

function hasProgram(dir: string, hash: string, size: number): boolean {
  return statSync(programPath(dir, hash), { throwIfNoEntry: false })?.size === size;
}

/** Stores an action and its program. A cache that can't be written is no reason to fail. */
export function store(dir: string, action: Action, wasm: Uint8Array | undefined): void {
  if (dir === '') return;
  try {
    if (wasm !== undefined) writeAtomically(programPath(dir, action.program), wasm);
    writeAtomically(actionPath(dir, action.key), JSON.stringify(action));
    trim(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** The present state of what was asked about a path. A file that has just changed gets no time, so that it is hashed next time. */
export function inputState(path: string, question: Input['question']): Input {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { path, question, mtime: 0, size: 0, ino: 0, state: '' };
  // A change within the clock's grain of the last one would leave the time as it is.
  const settled = Date.now() - stats.mtimeMs > 50;
  return { path, question, mtime: settled ? stats.mtimeMs : -1, size: stats.size, ino: stats.ino, state: stateOf(path, question, stats) };
}

function stateOf(path: string, question: Input['question'], stats: { isDirectory(): boolean; isFile(): boolean }): string {
  if (question === 'kind' || stats.isFile() !== (question === 'file')) return stats.isDirectory() ? 'd' : stats.isFile() ? 'f' : 'o';
  if (question === 'file') return hashBytes(readFileSync(path));
  const entries = readdirSync(path, { withFileTypes: true });
  return hashBytes(
    entries
      .map((entry) => `${entry.name}${entry.isDirectory() ? '/' : entry.isFile() ? '' : '*'}`)
      .sort()
      .join('\n'),
  );
}

function inputHolds(input: Input): 'yes' | 'touched' | 'no' {
  const stats = statSync(input.path, { throwIfNoEntry: false });
  if (stats === undefined) return input.state === '' ? 'yes' : 'no';
  if (input.state === '') return 'no';
  if (input.question !== 'kind' && stats.mtimeMs === input.mtime && stats.size === input.size && stats.ino === input.ino) return 'yes';
  if (stateOf(input.path, input.question, stats) !== input.state) return 'no';
  return input.question === 'kind' ? 'yes' : 'touched';
}

function refresh(input: Input): Input {
  return input.question === 'kind' ? input : inputState(input.path, input.question);
}

/** SHA-256 of the bytes in hex. node:crypto is loaded when first needed: a hit needs no digest, and loading it takes 6 ms. */
export function hashBytes(bytes: Uint8Array | string): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex');
}

/** A name for the key's file: 64 bits that need only spread well, since the key itself is compared. */
export function shortHash(text: string): string {
  let a = 0x811c9dc5 | 0;
  let b = 0x9747b28c | 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x5bd1e995) ^ (b >>> 15);
  }
  return ((a ^ (a >>> 15)) >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}

function actionPath(dir: string, key: string): string {
  const hash = shortHash(key);
  return `${dir}/action/${hash.slice(0, 2)}/${hash}.json`;
}

let writes = 0;

/** Writes beside the place and renames. */
export function writeAtomically(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.${++writes}.tmp`;
  try {
    writeFileSync(temporary, data);
  } catch (error) {
    if (!isMissing(error)) throw error;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, data);
  }
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const hour = 3_600_000;
const keepFor = 5 * 24 * hour;

/** Marks an entry as used, at most once an hour. */
export function keepAlive(path: string): void {
  const now = Date.now();
  if (now - statSync(path).mtimeMs < hour) return;
  try {
    utimesSync(path, now / 1000, now / 1000);
  } catch {
    // A cache that belongs to someone else may still be read.
  }
}

/** Once a day removes what has not been used for five days. Packs (packs.ts) bound their own size. */
function trim(dir: string): void {
  const stamp = `${dir}/trimmed`;
  const last = statSync(stamp, { throwIfNoEntry: false });
  const now = Date.now();
  if (last !== undefined && now - last.mtimeMs < 24 * hour) return;
  writeAtomically(stamp, '');
  if (last === undefined) return;
  const used = new Set<string>();
  forEachFile(`${dir}/action`, (path) => {
    if (now - statSync(path).mtimeMs > keepFor) rmSync(path, { force: true });
    else if (path.endsWith('.json')) addPrograms(JSON.parse(readFileSync(path, 'utf8')) as Action, used);
  });
  forEachFile(`${dir}/program`, (path) => {
    const hash = path.slice(path.lastIndexOf('/') + 1, -'.wasm'.length);
    // A young program without an action is one that another command is just storing.
    if (!used.has(hash) && now - statSync(path).mtimeMs > hour) rmSync(path, { force: true });
  });
  forEachFile(`${dir}/objects`, (path) => {
    if (now - statSync(path).mtimeMs > keepFor) rmSync(path, { force: true });
  });
}

function addPrograms(action: Action, used: Set<string>): void {
  used.add(action.program);
  for (const test of action.tests ?? []) used.add(test.program);
}

function forEachFile(dir: string, visit: (path: string) => void): void {
  if (statSync(dir, { throwIfNoEntry: false }) === undefined) return;
  for (const folder of readdirSync(dir)) {
    for (const name of readdirSync(`${dir}/${folder}`)) visit(`${dir}/${folder}/${name}`);
  }
}

/** Removes all programs, actions and packs. */
export function clearCache(dir: string): void {
  if (dir === '') return;
  rmSync(`${dir}/action`, { recursive: true, force: true });
  rmSync(`${dir}/program`, { recursive: true, force: true });
  rmSync(`${dir}/objects`, { recursive: true, force: true });
}
