// Saved frames and the program's tables: which function a frame belongs to, which of its words hold pointers,
// walking a goroutine's frames for Callers, tracebacks, recovery and the collector.

import {
  BITMAP_INDIRECT, FRAME_BP, FRAME_FLAGS, FRAME_OUTER, FRAME_SITE, FRAME_SP, FUNC_CODE, FUNC_DEFER_RETURN, FUNC_OBJ_SIZE, FUNC_SIZE, FUNC_STUB,
  PC_BASE, SITE_FUNC, SITE_SIZE, INFO_CODES,
} from './layout.gen';
import { G } from './structs';
import { funcs, info, sites } from './state';
import { FRAME_LAST } from './stack';

@inline
export function siteRecord(site: u32): usize { return sites + site * SITE_SIZE; }
@inline
export function funcOfSite(site: u32): usize { return funcs + (load<u32>(siteRecord(site), SITE_FUNC) & 0xffffff) * FUNC_SIZE; }
@inline
export function frameFunc(fp: usize): usize { return funcOfSite(load<u32>(fp, FRAME_SITE)); }
@inline
export function stubOf(func: usize): u32 { return load<u32>(func, FUNC_STUB); }
@inline
export function codeOf(func: usize): u32 { return load<u32>(func, FUNC_CODE); }

/** Writes the pcs of gp's frames, innermost first, without the first `skip`; the number written. */
export function walkPcs(gp: G, skip: i32, buf: usize, n: i32): i32 {
  let k: i32 = 0;
  for (let fp = gp.frames; fp && k < n; fp = load<u32>(fp, FRAME_OUTER)) {
    if (skip > 0) { skip--; continue; }
    store<u64>(buf + (k << 3), PC_BASE + load<u32>(fp, FRAME_SITE) * 2 + 1);
    k++;
  }
  return k;
}

/**
 * Drops the frames inside the one whose stack objects contain the defer frame `df`, and makes that one go on at its deferreturn
 * point. False if there is none.
 */
export function recoverTo(gp: G, df: usize): bool {
  let top = gp.sp;
  for (let fp = gp.frames; fp; fp = load<u32>(fp, FRAME_OUTER)) {
    const f = frameFunc(fp), bp: usize = load<u32>(fp, FRAME_BP);
    if (bp && df - bp < load<u32>(f, FUNC_OBJ_SIZE)) {
      const site = load<u32>(f, FUNC_DEFER_RETURN);
      if (!site) return false;
      store<u32>(fp, site, FRAME_SITE);
      gp.frames = fp;
      gp.sp = top;
      return true;
    }
    // Frames outside a batch's last are of an older batch, which ends where that frame's stack began.
    if (load<u32>(fp, FRAME_FLAGS) & FRAME_LAST) top = load<u32>(fp, FRAME_SP);
  }
  return false;
}

/** Does the bitmap word say anything? */
@inline
export function bitmapEmpty(w: u32): bool { return w == 0; }
@inline
export function bitmapIndirect(w: u32): bool { return (w & BITMAP_INDIRECT) != 0; }

/** Function record by code index, 0 if none. */
export function funcOfCode(code: u32): usize {
  const id = load<u32>(load<u32>(info, INFO_CODES) + (code << 2));
  return id ? funcs + id * FUNC_SIZE : 0;
}
