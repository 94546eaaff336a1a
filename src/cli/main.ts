// The command line: picks the command, reads its flags, and turns errors into messages and exit statuses. It is loaded
// together with what a cached `goloom run` needs and nothing else; the rest is imported where it is used.
import { Bug, faultText } from '../base/bug.ts';
import { LoadError } from '../load/program.ts';
import { commands, findCommand, handedOver, overview } from './commands.ts';
import type { CommandSpec } from './commands.ts';
import { FlagError, HelpRequest, parseFlags, splitQuoted } from './flags.ts';
import type { ParsedFlags } from './flags.ts';
import { UsageError, printError, printOut } from './output.ts';
import { runCommand as runProgramCommand } from './run.ts';

/** Runs one command line and gives its exit status. */
export async function main(words: readonly string[]): Promise<number> {
  try {
    return await dispatch(words);
  } catch (error) {
    if (error instanceof LoadError) {
      printError(error.messages.join('\n'));
      return error.exitCode;
    }
    if (error instanceof UsageError) {
      printError(error.message);
      return error.status;
    }
    if (error instanceof Error && error.name === 'CompileError') {
      printError(error.message);
      return 1;
    }
    if (error instanceof Bug) {
      printError(faultText(error));
      return 1;
    }
    throw error;
  }
}

async function dispatch(words: readonly string[]): Promise<number> {
  let rest = words;
  // `goloom -C dir command` is `goloom command -C dir`.
  const early = /^--?C(?:=(.*))?$/.exec(rest[0] ?? '');
  if (early !== null) {
    const dir = early[1] ?? rest[1];
    if (dir === undefined) throw new UsageError('flag needs an argument: -C\n' + overview());
    changeFolder(dir);
    rest = rest.slice(early[1] === undefined ? 2 : 1);
  }
  const [name, ...args] = rest;
  if (name === undefined) throw new UsageError(overview().trimEnd());
  if (name === 'help') return help(args);
  if (name === '-h' || name === '-help' || name === '--help') throw new UsageError(overview().trimEnd());
  if (name === '-version' || name === '--version') return dispatch(['version']);
  if (handedOver.has(name)) return (await import('./handover.ts')).handOver(rest);
  const command = findCommand(name);
  if (command === undefined) throw new UsageError(`goloom ${name}: unknown command\nRun 'goloom help' for usage.`);
  if (command.name === 'test') return runTestCommand(command, args);
  const flags = readFlags(command, args);
  const dir = flags.values.get('C');
  if (dir !== undefined) changeFolder(dir);
  return runCommand(command, flags);
}

function help(args: readonly string[]): number {
  if (args.length === 0) {
    printOut(overview());
    return 0;
  }
  const command = args.length === 1 ? findCommand(args[0] === 'testflag' ? 'test' : args[0]!) : undefined;
  if (command === undefined) throw new UsageError(`goloom help ${args.join(' ')}: unknown help topic. Run 'goloom help'.`);
  printOut(`usage: goloom ${command.usage}\n\n${command.help}`);
  return 0;
}

function readFlags(command: CommandSpec, args: readonly string[]): ParsedFlags {
  const usage = `usage: goloom ${command.usage}\nRun 'goloom help ${command.name}' for details.`;
  try {
    const parsed = parseFlags(command.flags, args);
    const preset = presetFlags(command);
    return { values: new Map([...preset, ...parsed.values]), args: parsed.args };
  } catch (error) {
    if (error instanceof HelpRequest) throw new UsageError(usage);
    if (error instanceof FlagError) throw new UsageError(`${error.message}\n${usage}`);
    throw error;
  }
}

/** `test` has rules of its own for its command line. */
async function runTestCommand(command: CommandSpec, args: readonly string[]): Promise<number> {
  const usage = `usage: goloom ${command.usage}\nRun 'goloom help test' and 'goloom help testflag' for details.`;
  const { parseTestFlags, requireKnownFlags } = await import('./testflags.ts');
  try {
    const flags = parseTestFlags(command.flags, presetWords(command), args, process.cwd());
    requireKnownFlags(flags, usage);
    const dir = flags.values.get('C');
    if (dir !== undefined) changeFolder(dir);
    return await (await import('./test.ts')).testCommand(flags);
  } catch (error) {
    if (error instanceof HelpRequest) throw new UsageError(usage);
    if (error instanceof FlagError) throw new UsageError(`${error.message}\n${usage}`);
    throw error;
  }
}

/** The flags of GOFLAGS that this command has. */
function presetFlags(command: CommandSpec): ReadonlyMap<string, string> {
  return parseFlags(command.flags, presetWords(command)).values;
}

/** The words of GOFLAGS that are flags of this command. */
function presetWords(command: CommandSpec): readonly string[] {
  const text = process.env.GOFLAGS ?? '';
  const words = splitQuoted(text);
  const bad = words === undefined ? text : words.find((word) => !/^--?[A-Za-z]/.test(word));
  if (words === undefined || bad !== undefined)
    throw new UsageError(`go: parsing $GOFLAGS: ${words === undefined ? 'unterminated quote' : `non-flag ${JSON.stringify(bad)}`}`, 1);
  const known = new Set(command.flags.map((flag) => flag.name));
  return words.filter((word) => known.has(/^--?([^=]*)/.exec(word)![1]!));
}

async function runCommand(command: CommandSpec, flags: ParsedFlags): Promise<number> {
  switch (command.name) {
    case 'run':
      return runProgramCommand(flags);
    case 'build':
      return (await import('./build.ts')).buildCommand(flags);
    case 'list':
      return (await import('./list.ts')).listCommand(flags);
    case 'version':
      return (await import('./info.ts')).versionCommand(flags);
    case 'env':
      return (await import('./info.ts')).envCommand(flags);
    case 'clean':
      return (await import('./info.ts')).cleanCommand();
    default:
      throw new Error(`${command.name} is in the table (${commands.length}) but has no code`);
  }
}

function changeFolder(dir: string): void {
  try {
    process.chdir(dir);
  } catch (error) {
    const words = (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? 'not a directory' : 'no such file or directory';
    throw new UsageError(`go: chdir ${dir}: ${words}`, 1);
  }
  // os.Getwd trusts PWD where it names the current folder.
  process.env.PWD = process.cwd();
}
