// What the commands say and how they give up: text written at once, so that nothing is lost when the process ends.
import { writeSync } from 'node:fs';

/** Ends the command with a status after a message. */
export class UsageError extends Error {
  readonly status: number;

  constructor(message: string, status = 2) {
    super(message);
    this.status = status;
  }
}

/** Writes to standard output at once, so that nothing is lost when the process ends. */
export function printOut(text: string): void {
  writeAll(1, Buffer.from(text));
}

/** Writes bytes to standard output. */
export function writeOut(bytes: Uint8Array): void {
  writeAll(1, bytes);
}

/** Writes a line to standard error. */
export function printError(text: string): void {
  if (text !== '') writeAll(2, Buffer.from(text + '\n'));
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
    }
  }
}
