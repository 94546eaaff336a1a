// Fills in the table of upward calls (rec.ts).

import { callMulti } from './call.ts';
import { funcLit, methodValue } from './closure.ts';
import { composite, compositeTo } from './composite.ts';
import { recoverCall } from './defer.ts';
import { cond, expr, exprAs, exprTo } from './expr.ts';
import { exprs } from './order.ts';
import { place } from './place.ts';
import { rangeFunc } from './rangefunc.ts';
import { rec } from './rec.ts';
import { stmt, stmts } from './stmt.ts';

Object.assign(rec, {
  expr, exprAs, exprTo, exprs, cond, place, callMulti, composite, compositeTo, funcLit, methodValue, recover: recoverCall, stmt, stmts, rangeFunc,
} satisfies typeof rec);
