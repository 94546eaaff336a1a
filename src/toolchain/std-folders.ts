// What the folders of the standard library hold for a build (load/folder.ts), kept from command to command: which files a
// build takes and what their headers say depends on GOROOT's version, the overlay and the build context alone. Texts are
// read when the compiler asks for them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pack } from '../compiler/packs.ts';
import type { Folder, FolderFile } from '../load/folder.ts';
import { LoadError } from '../load/program.ts';
import { overlayStamp } from './identity.ts';
import type { Installation } from './identity.ts';
import type { BuildRequest } from './request.ts';

type KeptFile = Omit<FolderFile, 'text'>;
type KeptFolder = Omit<Folder, 'files'> & { readonly files: readonly KeptFile[] };

/** The folders of the standard library by import path. */
export class StdFolders extends Map<string, Folder> {
  private readonly pack: Pack;

  constructor(pack: Pack) {
    super();
    this.pack = pack;
  }

  override get(path: string): Folder | undefined {
    const known = super.get(path);
    if (known !== undefined) return known;
    const bytes = this.pack.get(path);
    if (bytes === undefined) return undefined;
    const kept = JSON.parse(new TextDecoder().decode(bytes)) as KeptFolder;
    const folder = { ...kept, error: undefined, files: kept.files.map(withText) };
    super.set(path, folder);
    return folder;
  }

  override set(path: string, folder: Folder): this {
    super.set(path, folder);
    if (folder.error !== undefined) return this;
    const files = folder.files.map(({ path: file, header, goVersion }): KeptFile => ({ path: file, header, goVersion }));
    this.pack.set(path, new TextEncoder().encode(JSON.stringify({ ...folder, files })));
    return this;
  }

  /** Keeps what was found. */
  write(): void { this.pack.write(); }
}

/** The file with a text that is read when somebody asks for it. */
function withText(file: KeptFile): FolderFile {
  let text: Uint8Array | undefined;
  return {
    ...file,
    header: { ...file.header, error: undefined },
    get text() {
      try {
        return (text ??= readFileSync(file.path));
      } catch (error) {
        throw new LoadError([`open ${file.path}: ${(error as Error).message}; -a looks at the standard library anew`]);
      }
    },
  };
}

/** What earlier commands found; undefined where nothing is kept. */
export function stdFolders(request: BuildRequest, install: Installation): StdFolders | undefined {
  const { environment: env, cache, tags } = request;
  if (cache === '') return undefined;
  let version: string;
  try {
    version = readFileSync(join(env.goroot, 'VERSION'), 'utf8');
  } catch {
    return undefined;
  }
  const owner = ['folders', env.goroot, env.goos, env.goexperiment, ...tags].join('\0');
  return new StdFolders(new Pack(cache, owner, JSON.stringify([install.id, overlayStamp(install), version, owner]), request.fresh));
}
