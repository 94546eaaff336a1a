// `goloom list`.
import { listPackages } from '../load/listing.ts';
import type { ListedPackage } from '../load/listing.ts';
import { LoadError } from '../load/program.ts';
import { loadOptions } from '../toolchain/build.ts';
import { installation } from '../toolchain/identity.ts';
import { nodeFiles } from '../toolchain/node-files.ts';
import type { ParsedFlags } from './flags.ts';
import { UsageError, printError, printOut } from './output.ts';
import { buildRequest } from './request.ts';
import { executeTemplate, TemplateError } from './template.ts';

/** Prints the packages, a line or an object each. */
export function listCommand(flags: ParsedFlags): number {
  const json = flags.values.get('json') ?? 'false';
  const template = flags.values.get('f') ?? '{{.ImportPath}}';
  if (json !== 'false' && flags.values.has('f')) throw new UsageError('go list -f cannot be used with -json', 1);
  const patterns = flags.args.length === 0 ? ['.'] : flags.args;
  if (patterns.some((pattern) => pattern.endsWith('.go'))) throw new UsageError('goloom list: want packages, not files', 1);
  const request = buildRequest(flags, patterns, false, 'build', () => {});
  const { packages, warnings } = listPackages(patterns, flags.values.get('deps') === 'true', loadOptions(request, installation(), nodeFiles()));
  for (const warning of warnings) printError(warning);
  const fields = json === 'true' ? undefined : new Set(json.split(','));
  for (const listed of packages) printOut(json === 'false' ? withNewline(render(template, listed)) : `${JSON.stringify(only(listed, fields), withoutEmpty, '\t')}\n`);
  return 0;
}

function render(template: string, listed: ListedPackage): string {
  try {
    return executeTemplate(template, listed);
  } catch (error) {
    if (error instanceof TemplateError) throw new LoadError([error.message]);
    throw error;
  }
}

/** An empty line is not printed. */
function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Leaves out what is empty, as Go's encoder does by `omitempty`. */
function withoutEmpty(_: string, value: unknown): unknown {
  return value === '' || value === false || (Array.isArray(value) && value.length === 0) ? undefined : value;
}

function only(listed: ListedPackage, fields: ReadonlySet<string> | undefined): object {
  return fields === undefined ? listed : Object.fromEntries(Object.entries(listed).filter(([name]) => fields.has(name)));
}
