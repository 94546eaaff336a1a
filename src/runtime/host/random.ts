// Random bytes for programs. The system's device is read directly where there is one: loading node:crypto takes
// several milliseconds of a program's start.

import * as fs from 'node:fs';

let device: number | undefined;
const scratch = Buffer.alloc(4096);

/** Fills part of the scratch buffer. */
function fill(part: Buffer): void {
  if (device === undefined) {
    try {
      device = fs.openSync('/dev/urandom', 'r');
      if (!fs.fstatSync(device).isCharacterDevice()) device = -1;
    } catch {
      device = -1;
    }
  }
  if (device >= 0 && fs.readSync(device, part) === part.length) return;
  process.getBuiltinModule('node:crypto').randomFillSync(part);
}

/** Fills memory, by way of a buffer that is not shared: not every generator takes shared memory. */
export function randomBytes(out: Uint8Array): void {
  for (let done = 0; done < out.length; done += scratch.length) {
    const part = scratch.subarray(0, Math.min(scratch.length, out.length - done));
    fill(part);
    out.set(part, done);
  }
}
