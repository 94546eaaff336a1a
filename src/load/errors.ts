// The go command's messages about packages, in one place, so that the loader reads as what it does.
import type { Folder } from './folder.ts';
import { basename, shortPath } from './paths.ts';

/** How a package was reached: the import path and the file that imports it (empty for a root). */
export interface ImportStep {
  readonly path: string;
  readonly from: string;
}

/** `package a\n\timports b\n\timports c`; in a cycle each line ends in ` from x.go`. */
export function importStack(stack: readonly ImportStep[], withFiles = false): string {
  return stack
    .map((step, i) => {
      if (i === 0) return `package ${step.path}`;
      return `\timports ${step.path}${withFiles ? ` from ${basename(step.from)}` : ''}`;
    })
    .join('\n');
}

/** The message for a folder that is not a package; `imported` is where it was imported, empty for a root. */
export function folderErrorMessage(
  folder: Folder,
  importPath: string,
  cwd: string,
  imported: string,
  stack: readonly ImportStep[],
): string {
  const error = folder.error!;
  const prefix = imported === '' ? '' : `${imported}: `;
  switch (error.kind) {
    case 'no-go-files': {
      const reason = noGoFilesReason(folder);
      if (reason.startsWith('build constraints')) return `${stack.length > 0 ? importStack(stack) : `package ${importPath}`}: ${reason}`;
      return folder.testFiles.length > 0 ? `${importPath}: ${reason}` : prefix + reason;
    }
    case 'multiple-packages':
      return `${prefix}found packages ${error.names[0]} (${error.files[0]}) and ${error.names[1]} (${error.files[1]}) in ${folder.dir}`;
    case 'header':
      return `${shortPath(cwd, error.file)}:${error.line}:${error.column}: ${error.message}`;
    case 'constraint':
      return `${shortPath(cwd, error.file)}: ${error.message}`;
    case 'nul':
      return imported === ''
        ? `go: reading ${shortPath(cwd, error.file)}: unexpected NUL in input`
        : `${prefix}read ${error.file}: unexpected NUL in input`;
    case 'unreadable':
      return prefix + error.message;
  }
}

function noGoFilesReason(folder: Folder): string {
  if (folder.ignored.length > 0) return `build constraints exclude all Go files in ${folder.dir}`;
  if (folder.testFiles.length > 0) return `no non-test Go files in ${folder.dir}`;
  return `no Go files in ${folder.dir}`;
}

/** Said wherever a module is needed and there is none. */
export const noGoMod = "go.mod file not found in current directory or any parent directory; see 'go help modules'";

/** The path that stands before `/internal/` or at the end before `/internal`; undefined where there is no such element. */
export function internalParent(importPath: string): string | undefined {
  if (importPath === 'internal' || importPath.startsWith('internal/')) {
    const last = lastInternal(importPath);
    return last <= 0 ? '' : importPath.slice(0, last);
  }
  const at = lastInternal(importPath);
  return at < 0 ? undefined : importPath.slice(0, at);
}

/** The offset of the last `/internal` element, or -1. */
function lastInternal(importPath: string): number {
  if (importPath.endsWith('/internal')) return importPath.length - '/internal'.length;
  return importPath.lastIndexOf('/internal/');
}

/** Whether the text has only characters that an import path may have by the language. */
export function isValidImportPath(path: string): boolean {
  return path !== '' && !/[\s\x00-\x1f\x7f!"#$%&'()*,:;<=>?[\\\]^`{|}\ufffd]/u.test(path);
}

/** What keeps the path from being an import path in module mode, or the empty string. */
export function malformedImportPath(path: string): string {
  if (path[0] === '-') return 'leading dash';
  if (path.includes('//')) return 'double slash';
  if (path.endsWith('/')) return 'trailing slash';
  for (const element of path.split('/')) {
    if (/^\.+$/.test(element)) return `invalid path element ${JSON.stringify(element)}`;
    if (element.endsWith('.')) return 'trailing dot in path element';
    const bad = /[^A-Za-z0-9\-._~+]/u.exec(element);
    if (bad !== null) return `invalid char '${bad[0]}'`;
  }
  return '';
}
