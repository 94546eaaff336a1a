// Code at the borders of a function: limit check, stack objects, saving the frame when it is suspended, reloading it
// when it is resumed, and the epilogue. docs/contract.md, sections 2 to 4, is the protocol; the invariant is that `sp`
// has its entry value whenever the function returns.
import { Frame, LowMemory } from '../abi/layout.ts';
import { Op, ValType } from '../wasm/opcodes.ts';
import type { Assembler } from './assembler.ts';
import { CodeReloc } from '../abi/object.ts';
import type { Locals } from './locals.ts';
import type { ObjectArea } from './objects.ts';

/** Up to this many words are zeroed one by one. */
const inlineZeroWords = 6;

export class FrameEmitter {
  private readonly asm: Assembler;
  private readonly locals: Locals;
  private readonly area: ObjectArea;
  /** Native stack bytes that one activation takes, as an estimate. */
  readonly ownSize: number;

  constructor(asm: Assembler, locals: Locals, area: ObjectArea, ownSize: number) {
    this.asm = asm;
    this.locals = locals;
    this.area = area;
    this.ownSize = ownSize;
  }

  /** Remembers `sp` at entry, where the function has stack objects. */
  rememberSp(): void {
    if (this.locals.bp < 0) return;
    this.asm.globalGet('sp');
    this.asm.localSet(this.locals.sp0);
  }

  /** Pushes the entry condition: is anything out of the ordinary? */
  entryTest(limitCheck: boolean): void {
    const { asm, locals } = this;
    asm.localGet(locals.depth);
    if (!limitCheck) {
      asm.i32(0);
      return asm.op(Op.i32_lt_s);
    }
    asm.i32(this.ownSize);
    asm.op(Op.i32_add);
    asm.localTee(locals.depth);
    asm.i32(0);
    asm.memory(Op.i32_load, LowMemory.LIMIT_WORD);
    asm.op(Op.i32_ge_u);
  }

  /** Pushes: is this a resumption? */
  resumeTest(): void {
    this.asm.localGet(this.locals.depth);
    this.asm.i32(0);
    this.asm.op(Op.i32_lt_s);
  }

  /** Allocates the stack objects and clears their pointers. */
  prologue(): void {
    const { asm, locals, area } = this;
    asm.localGet(locals.sp0);
    asm.localSet(locals.bp);
    asm.localGet(locals.bp);
    asm.i32(area.size);
    asm.op(Op.i32_add);
    asm.localSet(locals.scratch);
    asm.localGet(locals.scratch);
    asm.globalGet('splimit');
    asm.op(Op.i32_gt_u);
    asm.if(-1);
    asm.i32(area.size);
    asm.callKernel('stack_grow');
    asm.localSet(locals.bp);
    asm.else();
    asm.localGet(locals.scratch);
    asm.globalSet('sp');
    asm.end();
    this.zeroObjects();
  }

  private zeroObjects(): void {
    const { asm, locals, area } = this;
    if (area.ptrs.length <= inlineZeroWords) {
      for (const word of area.ptrs) {
        asm.localGet(locals.bp);
        asm.i64(0n);
        asm.memory(Op.i64_store, word * 8);
      }
      return;
    }
    asm.localGet(locals.bp);
    asm.i32(0);
    asm.i32(area.zeroed);
    asm.op(Op.memory_fill);
    asm.w.byte(0);
  }

  /** Frees the stack objects: `sp` gets its entry value. */
  epilogue(): void {
    const { asm, locals } = this;
    asm.localGet(locals.sp0);
    asm.globalSet('sp');
    asm.localGet(locals.bp);
    asm.localGet(locals.sp0);
    asm.op(Op.i32_ne);
    asm.if(-1);
    asm.localGet(locals.sp0);
    asm.callKernel('stack_shrink');
    asm.end();
  }

  /** Saves the frame of a suspended activation. */
  save(onlySite: boolean): void {
    const { asm, locals } = this;
    asm.i32(locals.frameSize);
    asm.callKernel('save_frame');
    asm.localTee(locals.scratch);
    if (onlySite) {
      asm.op(Op.i32_const);
      asm.reloc(CodeReloc.site, '');
    } else {
      asm.localGet(locals.site);
      asm.op(Op.i32_const);
      asm.reloc(CodeReloc.site, '');
      asm.op(Op.i32_add);
    }
    asm.memory(Op.i32_store, Frame.SITE);
    asm.localGet(locals.scratch);
    if (locals.bp >= 0) asm.localGet(locals.bp);
    else asm.i32(0);
    asm.memory(Op.i32_store, Frame.BP);
    locals.save();
  }

  /** Reloads the frame of a resumed activation. */
  restore(limitCheck: boolean): void {
    const { asm, locals } = this;
    asm.globalGet('resume_fp');
    asm.localSet(locals.scratch);
    if (locals.bp >= 0) {
      asm.localGet(locals.scratch);
      asm.memory(Op.i32_load, Frame.BP);
      asm.localSet(locals.bp);
    }
    locals.restore();
    asm.i32(limitCheck ? this.ownSize : 0);
    asm.localSet(locals.depth);
  }

  /** Pushes the number of the site that is resumed, less `lowest`. */
  resumedSite(lowest: number): void {
    const { asm, locals } = this;
    asm.localGet(locals.scratch);
    asm.memory(Op.i32_load, Frame.SITE);
    asm.op(Op.i32_const);
    asm.reloc(CodeReloc.site, '', lowest);
    asm.op(Op.i32_sub);
  }

  /** Pushes the zero of a type. */
  zeroValue(t: number): void {
    const { asm } = this;
    if (t === ValType.i32) asm.i32(0);
    else if (t === ValType.i64) asm.i64(0n);
    else if (t === ValType.f32) {
      asm.op(Op.f32_const);
      asm.w.f32(0);
    } else {
      asm.op(Op.f64_const);
      asm.w.f64(0);
    }
  }
}
