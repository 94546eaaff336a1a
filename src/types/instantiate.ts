// Instantiation of generic types and functions, with the check that type arguments satisfy their constraints.
// Spec: "Instantiations".
import type { Checker } from './checker.ts';
import type { At } from './errors.ts';
import { atPos, err, ts } from './errors.ts';
import { implementsCause } from './implements.ts';
import type { Alias, Named, Signature, Type, TypeParam } from './model.ts';
import { TypeKind, invalidType, under } from './model.ts';
import { aliasInstance, namedInstance, signatureInstance, subst } from './subst.ts';

/** Returns the instance of a generic type or signature. A wrong number of arguments is reported for aliases and functions
 * here; for defined types later, since their type parameters may not be known yet. */
export function instanceOf(c: Checker | null, pos: At, orig: Named | Alias | Signature, targs: Type[]): Type {
  switch (orig.kind) {
    case TypeKind.Named:
      return namedInstance(orig, targs, atPos(pos));
    case TypeKind.Alias:
      if (!validateTArgLen(c, pos, orig.obj.name, orig.tparams.length, targs.length)) return invalidType();
      return orig.tparams.length === 0 ? orig : aliasInstance(orig, targs);
    case TypeKind.Signature:
      if (!validateTArgLen(c, pos, ts(c, orig), orig.tparams.length, targs.length)) return invalidType();
      return orig.tparams.length === 0 ? orig : signatureInstance(orig, targs);
  }
}

/** Reports an error unless the number of type arguments is right. */
export function validateTArgLen(c: Checker | null, pos: At, name: string, want: number, got: number): boolean {
  if (got === want) return true;
  const qual = got < want ? 'not enough' : 'too many';
  if (c !== null) err(c, pos, 'WrongTypeArgCount', `${qual} type arguments for type ${name}: have ${got}, want ${want}`);
  return false;
}

const satisfied = { index: -1, cause: '' };

/** Returns the first type argument that does not satisfy its constraint and why; the cause is empty if all do. */
export function verifyInstance(
  c: Checker | null,
  _pos: At,
  tparams: readonly TypeParam[],
  targs: readonly Type[],
): { index: number; cause: string } {
  for (let i = 0; i < tparams.length; i++) {
    under(tparams[i]); // wraps a constraint that is no interface
    const bound = subst(tparams[i].bound, tparams, targs);
    const cause = implementsCause(c, targs[i], bound, true);
    if (cause !== '') return { index: i, cause };
  }
  return satisfied;
}
