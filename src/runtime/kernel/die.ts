// The end of the program from within the kernel: fatal conditions that no Go code can report.

import { host_exit, host_write } from './layout.gen';

/** Bytes of a line being built, in the first page. */
const LINE: usize = 2048;
let length: u32 = 0;

function put(c: u32): void { if (length < 512) store<u8>(LINE + length++, c); }

/** Appends up to eight characters packed into an integer, first in the low byte. */
function text(s: u64): void { for (; s; s >>= 8) put(<u32>(s & 255)); }

function decimal(n: u64): void {
  if (n >= 10) decimal(n / 10);
  put(48 + <u32>(n % 10));
}

function flush(): void { host_write(2, LINE, length); length = 0; }

// prettier: each call is eight characters of the message, first character in the low byte.
/** "fatal error: " */
function fatalError(): void { text(0x7265206c61746166); text(0x203a726f72); }

/** Ends the program: the memory is full. */
export function fatalOutOfMemory(bytes: u32): void {
  text(0x3a656d69746e7572); outOf(); text(0x203a); text(0x20746f6e6e6163); text(0x657461636f6c6c61); text(0x20);
  decimal(bytes);
  text(0x6c6220657479622d); text(0x0a6b636f);
  text(0x7265206c61746166); text(0x3a726f72); outOf(); put(10);
  flush();
  host_exit(2);
  unreachable();
}

/** " out of memory" */
function outOf(): void { text(0x20666f2074756f20); text(0x79726f6d656d); }

/** Ends the program: another M does not do what it does within milliseconds, and M0 of a page can't wait for it as its thread must not block. */
export function fatalSilentThread(): void {
  fatalError();
  text(0x6461657268742061); text(0x2065687420666f20); text(0x206d6172676f7270); text(0x746f6e2073656f64); text(0x726577736e6120);
  put(10);
  flush();
  host_exit(2);
  unreachable();
}

/** Ends the program: something in the kernel is broken, or the overlay has no handler for condition `code`. */
export function fatalKernel(code: u32): void {
  fatalError();
  text(0x206c656e72656b); 
  decimal(code);
  put(10);
  flush();
  host_exit(2);
  unreachable();
}
