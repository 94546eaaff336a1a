// Bug: the one exception that means "goloom itself is wrong". User errors are diagnostics, never exceptions; a Bug
// names the stage and the function at fault so that a report says where to look. The driver adds the position and dump.

/** An internal error of the toolchain: says which stage and which function of the user's program it happened in. */
export class Bug extends Error {
  readonly stage: string;
  readonly func: string;
  override readonly name = 'Bug';

  constructor(stage: string, func: string, message: string, cause?: unknown) {
    super(func === '' ? `internal error in ${stage}: ${message}` : `internal error in ${stage} (${func}): ${message}`, { cause });
    this.stage = stage;
    this.func = func;
  }
}

/** Throws a Bug for a case that the types say can't happen. */
export function unreachable(stage: string, value: never): never {
  throw new Bug(stage, '', `unexpected value ${String(value)}`);
}

/** Throws a Bug unless the condition holds. */
export function assert(cond: boolean, stage: string, message: string): asserts cond {
  if (!cond) throw new Bug(stage, '', message);
}

/** What to tell the user of an error that is no fault of the program: its message and where it was thrown. */
export function faultText(error: Error): string {
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
  return `goloom: ${error.message}\n${frames}\n\nThis is a mistake in goloom, not in the program.`;
}
