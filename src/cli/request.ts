// From a command's flags to a build request: what `run` and `build` have in common.
import { cacheDir } from '../compiler/cache.ts';
import { LoadError } from '../load/program.ts';
import { readEnvironment } from '../toolchain/env.ts';
import type { BuildEvent, BuildRequest } from '../toolchain/request.ts';
import type { ParsedFlags } from './flags.ts';
import { splitQuoted } from './flags.ts';
import { printError, UsageError } from './output.ts';

/** The build that the flags ask for. */
export function buildRequest(
  flags: ParsedFlags,
  targets: readonly string[],
  areFiles: boolean,
  command: BuildRequest['command'],
  check: BuildRequest['check'],
): BuildRequest {
  const text = (name: string): string => flags.values.get(name) ?? '';
  const isSet = (name: string): boolean => flags.values.get(name) === 'true';
  const environment = readEnvironment(process.env);
  refuse(flags, environment.goos);
  const gcflags = toolFlags(text('gcflags'), 'gcflags');
  const mod = text('mod');
  if (!['', 'mod', 'readonly', 'vendor'].includes(mod)) {
    throw new LoadError([`-mod=${mod} not supported (can be '', 'mod', 'readonly', or 'vendor')`]);
  }
  return {
    targets,
    areFiles,
    command,
    check,
    cwd: process.cwd(),
    environment,
    cache: cacheDir(),
    tags: text('tags')
      .split(/[\s,]+/)
      .filter((tag) => tag !== ''),
    mod,
    modFile: text('modfile'),
    trimpath: isSet('trimpath'),
    gcflags,
    ldflags: toolFlags(text('ldflags'), 'ldflags'),
    force: isSet('a') || gcflags.some((flag) => /^--?(d=|m)/.test(flag)) || (process.env.GOLOOMDEBUG ?? '') !== '',
    fresh: isSet('a'),
    dryRun: isSet('n'),
    trace: tracer(isSet('v'), isSet('x') || isSet('n')),
  };
}

/** Flags that ask for what there is not, in go's words where it refuses them for this system, too. */
function refuse({ values }: ParsedFlags, goos: string): void {
  for (const name of ['race', 'msan', 'asan']) {
    if (values.get(name) === 'true') throw new UsageError(`-${name} is not supported on ${goos}/wasm`, 2);
  }
  const mode = values.get('buildmode') ?? '';
  if (!['', 'default', 'exe', 'pie'].includes(mode)) throw new UsageError(`-buildmode=${mode} not supported on ${goos}/wasm`, 1);
  if (!['', 'gc'].includes(values.get('compiler') ?? '')) throw new UsageError(`go: unknown compiler ${JSON.stringify(values.get('compiler'))}`, 1);
  for (const name of ['linkshared', 'overlay', 'toolexec']) {
    if (!['', 'false'].includes(values.get(name) ?? '')) throw new UsageError(`goloom: -${name} is not supported`, 1);
  }
}

/** A flag list; a leading `pattern=` is accepted where it covers the program. */
function toolFlags(text: string, name: string): string[] {
  const words = splitQuoted(text.replace(/^(all|\.\/?\.{0,3}|std)=/, ''));
  if (words === undefined) throw new LoadError([`invalid value ${JSON.stringify(text)} for flag -${name}: unterminated quote`], 2);
  return words;
}

function tracer(packages: boolean, stages: boolean): BuildRequest['trace'] {
  if (!packages && !stages) return undefined;
  return (event: BuildEvent) => {
    if (event.kind === 'package' ? packages : stages) printError(event.text);
  };
}
