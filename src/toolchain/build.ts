// `build`: from a command line's files or packages to a program, through the cache. The compiler is loaded only where
// the cache has no answer.
import { hashBytes, inputState, lookUp, store } from '../compiler/cache.ts';
import { recordFiles } from './recorded-files.ts';
import { nodeFiles } from './node-files.ts';
import { installation, overlayStamp } from './identity.ts';
import type { Installation } from './identity.ts';
import type { BuildRequest, BuildResult } from './request.ts';
import type { FileTree } from '../load/files.ts';
import type { Folder } from '../load/folder.ts';
import type { LoadOptions } from '../load/load.ts';
import type { LoadedProgram } from '../load/program.ts';

/** Builds the one program that the targets name. Throws LoadError or CompileError. */
export async function buildProgram(request: BuildRequest): Promise<BuildResult> {
  const install = installation();
  const key = cacheKey(request, install);
  const cached = request.force || request.dryRun ? undefined : lookUp(request.cache, key);
  if (cached !== undefined) return { wasm: cached.wasm, ...cached.action.about, fromCache: true };
  const trusted = [`${request.environment.goroot}/src`, ...(install.isPacked ? [install.overlay] : [])];
  const recorded = recordFiles(nodeFiles(), trusted);
  const folders = (await import('./std-folders.ts')).stdFolders(request, install);
  const { program, warnings } = await loadTargets(request, install, recorded.files, folders);
  folders?.write();
  request.check(program.roots, warnings);
  const about = { warnings, path: program.roots[0]?.path ?? '' };
  if (program.roots.length === 0) return { wasm: undefined, ...about, fromCache: false };
  if (request.dryRun) {
    sayPlan(program, request);
    return { wasm: undefined, ...about, fromCache: false };
  }
  // The state is taken before compiling, so that a file that changes meanwhile is noticed the next time.
  const inputs = [...recorded.asked].map(([path, question]) => inputState(path, question));
  const { compileLoaded } = await import('./compile.ts');
  const wasm = await compileLoaded(program, request, install);
  store(request.cache, { key, inputs, about, program: wasm === undefined ? '' : hashBytes(wasm), programSize: wasm?.length ?? 0 }, wasm);
  return { wasm, ...about, fromCache: false };
}

/** The stages that a build would go through. */
function sayPlan(program: LoadedProgram, request: BuildRequest): void {
  for (const loaded of program.packages) request.trace?.({ kind: 'stage', text: `compile ${loaded.path}` });
  for (const root of program.roots) if (root.name === 'main') request.trace?.({ kind: 'stage', text: `link ${root.path}` });
}

/** Loads the targets only. */
export async function loadTargets(
  request: BuildRequest,
  install: Installation,
  files = nodeFiles(),
  stdFolders?: Map<string, Folder>,
): Promise<{ program: LoadedProgram; warnings: readonly string[] }> {
  const { loadFiles, loadPatterns } = await import('../load/load.ts');
  const options = { ...loadOptions(request, install, files), ...(stdFolders === undefined ? {} : { stdFolders }) };
  return request.areFiles ? loadFiles(request.targets, options) : loadPatterns(request.targets, options);
}

/** The loader's part of a request. */
export function loadOptions(request: BuildRequest, install: Installation, files: FileTree): LoadOptions {
  const { goroot, goos, goexperiment, gomodcache, gowork } = request.environment;
  return {
    files,
    cwd: request.cwd,
    goroot,
    goos,
    overlay: install.overlay,
    tags: request.tags,
    experiment: goexperiment,
    goModCache: gomodcache,
    goWork: gowork,
    mod: request.mod,
    modFile: request.modFile,
    sha256: (bytes) => process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest(),
  };
}

/** Everything that decides what is built, but the files. */
export function cacheKey(request: BuildRequest, install: Installation): string {
  const { environment: env } = request;
  const { cwd, areFiles, targets, command } = request;
  return JSON.stringify([command, cwd, areFiles, targets, env.gomodcache, env.gowork, request.modFile, ...buildSettings(request, install)]);
}

/** What decides how given sources are compiled. */
export function buildSettings(request: BuildRequest, install: Installation): readonly unknown[] {
  const { environment: env } = request;
  return [
    install.id,
    overlayStamp(install),
    env.goroot,
    env.goos,
    env.goexperiment,
    request.tags,
    request.mod,
    request.trimpath,
    request.gcflags,
    request.ldflags,
  ];
}
