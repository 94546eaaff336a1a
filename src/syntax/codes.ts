// The codes of this stage's diagnostics.

export const Code = {
  /** A token that can't stand where it stands. Example: `package p; var x = )` */
  unexpected: 'syntax.unexpected',
  /** A malformed token. Example: `package p; const c = 08` */
  malformed: 'syntax.malformed',
  /** A declaration or statement of wrong form. Example: `package p; func f(a int, b) {}` */
  form: 'syntax.form',
  /** No receiver, or more than one. Example: `package p; func () m() {}` */
  receiver: 'syntax.receiver',
  /** A compiler directive in the wrong place or form. Example: `package p; var x int //go:noinline` */
  directive: 'syntax.directive',
  /** A label or branch without the other end. Example: `package p; func f() { break }` */
  branch: 'syntax.branch',
  /** A declaration in a post statement. Example: `package p; func f() { for ; ; x := 1 {} }` */
  postDecl: 'syntax.post-decl',
  /** A type switch guard that declares something other than a name. Example: `package p; func f() { switch f() := x.(type) {} }` */
  guard: 'syntax.guard',
  /** Nesting too deep to be parsed. */
  depth: 'syntax.depth',
  /** A file too large to be parsed. */
  size: 'syntax.size',
  /** What go/parser counts as syntax and gc as a matter of types (strict.ts). Example: `package p; func f() { defer 1 }` */
  strict: 'syntax.strict',
} as const;
export type Code = (typeof Code)[keyof typeof Code];

/** Codes of errors that gc's parser reports and go/parser does not look for. */
const gcOnly: ReadonlySet<string> = new Set([Code.receiver, Code.directive, Code.branch, Code.postDecl, Code.guard]);

/** Tells whether an error of that code is one for gofmt, too. */
export function isErrorForGofmt(code: string): boolean {
  return !gcOnly.has(code);
}
