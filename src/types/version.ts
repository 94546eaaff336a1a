// Language versions: which minor version of Go 1 a file is written for. 0 stands for "not given": everything is allowed.
import type { Checker } from './checker.ts';
import type { At } from './errors.ts';
import { err } from './errors.ts';

/** The newest language version known. */
export const currentVersion = 26;

/** Returns N for "go1.N", "1.N", "go1.N.P", "go1.Nrc1"; 0 if there is no version; -1 if it is malformed. */
export function parseVersion(s: string): number {
  if (s === '') return 0;
  const m = /^(?:go)?1(?:\.(\d+))?(?:\.\d+|(?:rc|beta|alpha)\d+)?(?:-.*)?$/.exec(s);
  if (m === null) return /^(?:go)?[2-9]\d*(\.|$)/.test(s) ? currentVersion + 1 : -1;
  return m[1] === undefined ? 1 : Number(m[1]);
}

/** Reports whether the language version in force is at least go1.minor. */
export function allowVersion(c: Checker, minor: number): boolean {
  const v = c.env.version;
  return v === 0 || v >= minor;
}

/** Reports an error unless the language version in force is at least go1.minor. */
export function verifyVersion(c: Checker, at: At, minor: number, what: string): boolean {
  if (allowVersion(c, minor)) return true;
  err(c, at, 'UnsupportedFeature', `${what} requires go1.${minor} or later`);
  return false;
}
