// The type checker's entry: checks a package, now or its bodies later one by one. Strings the phases together and ties the
// knots of the rule files' mutual recursion (Rec).
import type { Checker as CheckerT, Config, Rec } from './checker.ts';
import { Checker } from './checker.ts';
import { assertVersion } from './fileversion.ts';
import { initVars, initConst, initVar } from './assignments.ts';
import { checkFuncBody, declStmt, objDecl } from './decl.ts';
import { directCycles } from './cycles.ts';
import { rawExpr } from './expr.ts';
import { initOrder } from './initorder.ts';
import type { Info } from './info.ts';
import type { Func, Obj, Var } from './model.ts';
import { declared, ObjKind, Package } from './model.ts';
import { monomorph } from './mono.ts';
import { operandString } from './operand-string.ts';
import { collectObjects, missingBodies, packageObjects, unusedImports } from './resolver.ts';
import { checkRestrictions } from './restrictions.ts';
import { selector } from './selector.ts';
import { funcType } from './signature.ts';
import { funcBody } from './stmt.ts';
import { setActiveChecker } from './subst.ts';
import { universe } from './universe.ts';
import { use } from './use.ts';
import { err } from './errors.ts';
import { expr, exprOrType, genericExpr, newTarget } from './values.ts';

const rec: Rec = {
  objDecl,
  funcType,
  declStmt,
  expr,
  rawExpr,
  genericExpr,
  exprOrType,
  initConst,
  initVar,
  initVars,
  newTarget,
  funcBody,
  use: (c, ...args) => void use(c, args),
  operandString,
  selector,
};

/** A checked package. */
export interface CheckedPackage {
  readonly pkg: Package;
  readonly info: Info;
  /** All functions and methods that are declared, in source order. */
  readonly funcs: readonly Func[];
  /** All package-level variables, in source order. */
  readonly vars: readonly Var[];
  readonly checker: CheckerT;
  /** Whether an error was reported (bodies checked later included). */
  readonly failed: boolean;
}

class Checked implements CheckedPackage {
  readonly checker: CheckerT;
  constructor(c: CheckerT) {
    this.checker = c;
  }
  get pkg(): Package {
    return this.checker.pkg;
  }
  get info(): Info {
    return this.checker.info;
  }
  get funcs(): readonly Func[] {
    return this.checker.funcs;
  }
  get vars(): readonly Var[] {
    return this.checker.objList.filter((o) => o.kind === ObjKind.Var);
  }
  get failed(): boolean {
    return this.checker.failed;
  }
}

/** Checks a package: its declarations and, unless they are to be checked later, its bodies. */
export function checkPackage(conf: Config): CheckedPackage {
  const name = conf.name !== undefined && conf.name !== '' ? conf.name : conf.files.length > 0 ? conf.files[0].name.name : '';
  const pkg = new Package(conf.path, name, universe);
  const c = new Checker(conf, pkg, rec);
  guarded(c, () => checkAll(c));
  pkg.goVersion = conf.goVersion;
  pkg.complete = true;
  return new Checked(c);
}

function checkAll(c: CheckerT): void {
  const conf = c.conf;
  checkPackageNames(c);
  assertVersion(c);
  collectObjects(c);
  if (conf.lazyDecls === true) {
    c.pkg.declare = (obj) => declareLate(c, obj);
    return;
  }
  directCycles(c);
  packageObjects(c);
  c.processDelayed(0);
  initOrder(c);
  const bodies = conf.lazyBodies !== true && conf.ignoreFuncBodies !== true;
  if (bodies && conf.trusted !== true) unusedImports(c);
  if (!c.failed) monomorph(c);
  checkRestrictions(c);
  if (!c.failed && conf.complete === true) missingBodies(c);
}

/** Checks one declaration of a package whose declarations are checked when somebody asks. */
function declareLate(c: CheckerT, obj: Obj): void {
  // What is put off until types are complete must wait for the outermost declaration.
  const isOutermost = c.busy === 0;
  guarded(c, () => {
    objDecl(c, obj);
    if (isOutermost) c.processDelayed(0);
  });
}

/** Runs f with c as the checker that declares methods on demand. A program that nests too deeply for the host's stack is
 * reported like any other mistake in it. */
function guarded(c: CheckerT, f: () => void): void {
  const outer = setActiveChecker(c);
  c.busy++;
  try {
    f();
  } catch (e) {
    if (!(e instanceof RangeError) || !/call stack/.test(e.message)) throw e;
    c.env.errpos = 0;
    err(c, c.where, 'InvalidSyntaxTree', 'this declaration nests too deeply');
  } finally {
    c.busy--;
    setActiveChecker(outer);
  }
}

/** Reports files without a proper package name, or with another one than the package. */
function checkPackageNames(c: CheckerT): void {
  for (const f of c.conf.files) {
    const name = f.name.name;
    if (name === '_') err(c, f.name, 'BlankPkgName', 'invalid package name _');
    else if (name !== c.pkg.name) err(c, f.name, 'MismatchedPkgName', `package ${name}; expected package ${c.pkg.name}`);
  }
}

/** Checks the body of a function declared in the package, unless that is done. Instances stand for their origins. */
export function checkBody(p: CheckedPackage, f: Func): void {
  const c = p.checker;
  const fn = f.origin;
  if (fn.bodyDone) return;
  declared(fn);
  guarded(c, () => {
    checkFuncBody(c, fn);
    c.processDelayed(0);
    checkRestrictions(c);
  });
}
