// What statements with blocks share: scopes, and the rule of a single default clause.
import type { Node } from '../syntax/ast.ts';
import type { Checker } from './checker.ts';
import { err, posString } from './errors.ts';
import { Scope } from './model.ts';

/** Opens a block's scope. */
export function openScope(c: Checker, n: Node, comment: string): void {
  c.env.scope = new Scope(c.env.scope, n.pos, 0, comment);
}

/** Closes it. */
export function closeScope(c: Checker): void {
  c.env.scope = c.env.scope.parent!;
}

/** Reports all default clauses but the first. */
export function reportDefaults(c: Checker, defaults: readonly Node[]): void {
  for (const d of defaults.slice(1)) {
    err(c, d, 'DuplicateDefault', `multiple defaults (first at ${posString(c, defaults[0].pos)})`);
  }
}
