// Slash-separated path arithmetic. The loader also runs in a page, where there is no node:path; hosts whose own paths
// use another separator convert at their border.

/** Whether `path` starts at the root. */
export function isAbs(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path);
}

/** The shortest path equal to `path`: no `.`, no inner `..`, no doubled or trailing slash. */
export function clean(path: string): string {
  if (path === '') return '.';
  const rooted = path.startsWith('/');
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') out.push(part);
    else if (out.length > 0 && out[out.length - 1] !== '..') out.pop();
    else if (!rooted) out.push('..');
  }
  const joined = out.join('/');
  return rooted ? '/' + joined : joined === '' ? '.' : joined;
}

/** The parts joined by slashes and cleaned; an absolute part does not restart the path. */
export function join(...parts: string[]): string {
  return clean(parts.filter((part) => part !== '').join('/'));
}

/** `path` made absolute against `base`. */
export function resolve(base: string, path: string): string {
  return isAbs(path) ? clean(path) : join(base, path);
}

/** All but the last element of `path`. */
export function dirname(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}

/** The last element of `path`. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether `path` is `prefix` or lies below it. */
export function hasPathPrefix(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : prefix + '/');
}

/** `target` as seen from the folder `base`; both absolute and clean. */
export function relative(base: string, target: string): string {
  const from = base.split('/').filter(Boolean);
  const to = target.split('/').filter(Boolean);
  let same = 0;
  while (same < from.length && same < to.length && from[same] === to[same]) same++;
  const parts = [...from.slice(same).map(() => '..'), ...to.slice(same)];
  return parts.length === 0 ? '.' : parts.join('/');
}

/** `path` relative to `cwd` where that is shorter, as the go command prints paths. */
export function shortPath(cwd: string, path: string): string {
  const rel = relative(cwd, path);
  return rel.length < path.length ? rel : path;
}

/** The last element of an import path that is not a major version: what a program made of the package is called. */
export function lastElement(importPath: string): string {
  const parts = importPath.split('/');
  const last = parts.pop()!;
  return /^v[0-9]+$/.test(last) && parts.length > 0 ? parts.pop()! : last;
}
