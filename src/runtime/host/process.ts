// What GOOS=js's package syscall asks of the process: its numbers, its umask, signals to others.

import { IdentOp, type SyscallName } from '../../abi/hostcalls.ts';
import { linuxErrno } from './errno.ts';
import { signalName } from './signals.ts';

/** Windows has no users' numbers. */
const idents: Readonly<Record<(typeof IdentOp)[number], () => number>> = {
  uid: () => process.getuid?.() ?? -1,
  gid: () => process.getgid?.() ?? -1,
  euid: () => process.geteuid?.() ?? -1,
  egid: () => process.getegid?.() ?? -1,
  pid: () => process.pid,
  ppid: () => process.ppid,
  // Debugging: GOLOOM_SOCKETS=off as in a page, where sockets are inside the program only.
  sockets: () => Number(process.env['GOLOOM_SOCKETS'] !== 'off'),
  windows: () => (process.platform === 'win32' ? 1 : 0),
};

export const processCalls: Record<Extract<SyscallName, 'ident' | 'umask' | 'kill'>, (...args: never[]) => number> = {
  ident: (what: number) => idents[IdentOp[what]](),
  umask: (mask: number) => process.umask(mask),
  kill: (pid: number, signal: number) => {
    try {
      process.kill(pid, signal === 0 ? 0 : signalName(signal) ?? signal);
      return 0;
    } catch (e) {
      return -linuxErrno(e);
    }
  },
};
