// Node's error codes as WASI preview 1 errno numbers, which are also what GOOS=wasip1's package syscall uses.

const names = [
  '', 'E2BIG', 'EACCES', 'EADDRINUSE', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EAGAIN', 'EALREADY', 'EBADF', 'EBADMSG', 'EBUSY', 'ECANCELED', 'ECHILD',
  'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EDEADLK', 'EDESTADDRREQ', 'EDOM', 'EDQUOT', 'EEXIST', 'EFAULT', 'EFBIG', 'EHOSTUNREACH', 'EIDRM',
  'EILSEQ', 'EINPROGRESS', 'EINTR', 'EINVAL', 'EIO', 'EISCONN', 'EISDIR', 'ELOOP', 'EMFILE', 'EMLINK', 'EMSGSIZE', 'EMULTIHOP', 'ENAMETOOLONG',
  'ENETDOWN', 'ENETRESET', 'ENETUNREACH', 'ENFILE', 'ENOBUFS', 'ENODEV', 'ENOENT', 'ENOEXEC', 'ENOLCK', 'ENOLINK', 'ENOMEM', 'ENOMSG', 'ENOPROTOOPT',
  'ENOSPC', 'ENOSYS', 'ENOTCONN', 'ENOTDIR', 'ENOTEMPTY', 'ENOTRECOVERABLE', 'ENOTSOCK', 'ENOTSUP', 'ENOTTY', 'ENXIO', 'EOVERFLOW', 'EOWNERDEAD',
  'EPERM', 'EPIPE', 'EPROTO', 'EPROTONOSUPPORT', 'EPROTOTYPE', 'ERANGE', 'EROFS', 'ESPIPE', 'ESRCH', 'ESTALE', 'ETIMEDOUT', 'ETXTBSY', 'EXDEV', 'ENOTCAPABLE',
] as const;

const numbers = new Map<string, number>(names.map((n, i) => [n, i]));
numbers.set('EOPNOTSUPP', 58);
numbers.set('EWOULDBLOCK', 6);
numbers.set('ERR_OUT_OF_RANGE', 28);
numbers.set('ERR_INVALID_ARG_VALUE', 28);
numbers.set('ERR_FS_EISDIR', 31);

/** Errno numbers that the host itself gives. */
export const Errno = { SUCCESS: 0, AGAIN: 6, BADF: 8, EXIST: 20, INVAL: 28, IO: 29, ISDIR: 31, NOSYS: 52, NOTDIR: 54, NOTSOCK: 57, NOTSUP: 58, SPIPE: 70, NOTCAPABLE: 76 } as const;

/** The errno of an error that a function of node:fs threw; rethrows what is not an error of the system. */
export function errnoOf(error: unknown): number {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') throw error;
  return numbers.get(code) ?? Errno.IO;
}
