// A GOROOT in which tests do not skip because they run on WebAssembly: a folder of links to the installed one, but for the test files of some
// packages, which are copied with their tests of GOOS and GOARCH changed.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Test files with a constraint that the sockets and processes of GOOS=js fulfil as those of Unix do. */
const asOnUnix: Readonly<Record<string, readonly string[]>> = {
  net: [
    'addrselect_test.go', 'conf_test.go', 'dial_unix_test.go', 'dnsclient_unix_test.go', 'dnsconfig_unix_test.go', 'nss_test.go', 'rawconn_unix_test.go', 'write_unix_test.go',
  ],
};
/** Test files that stand in for those. */
const notNeeded: Readonly<Record<string, readonly string[]>> = { net: ['rawconn_stub_test.go'] };

/** The test file's text with "js" taken out of its lists of systems and its comparisons with it made false. */
export function lift(text: string): string {
  return text
    .replace(/^(\s*case .*?)"js", /gm, '$1')
    .replace(/^(\s*case .*?), "js"/gm, '$1')
    .replace(/runtime\.GOOS == "js"/g, 'runtime.GOOS == ""')
    .replace(/runtime\.GOARCH == "wasm"/g, 'runtime.GOARCH == ""');
}

/** Makes a folder real that was a link to another's: links to what is in it. */
function makeReal(from: string, to: string): void {
  rmSync(to, { force: true, recursive: false });
  mkdirSync(to);
  for (const name of readdirSync(from)) symlinkSync(join(from, name), join(to, name));
}

/** The folder; removed at the end of the process. */
export function liftedGoroot(goroot: string, packages: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'goloom-lifted-'));
  process.on('exit', () => rmSync(root, { recursive: true, force: true }));
  rmSync(root, { recursive: true });
  makeReal(goroot, root);
  const real = new Set(['']);
  for (const path of packages) {
    const parts = ['src', ...path.split('/')];
    for (let i = 1; i <= parts.length; i++) {
      const folder = parts.slice(0, i).join('/');
      if (!real.has(folder)) makeReal(join(goroot, folder), join(root, folder));
      real.add(folder);
    }
    liftPackage(join(goroot, 'src', path), join(root, 'src', path), path);
  }
  return root;
}

function liftPackage(from: string, to: string, path: string): void {
  for (const name of readdirSync(from).filter((file) => file.endsWith('_test.go'))) {
    rmSync(join(to, name));
    if (notNeeded[path]?.includes(name)) continue;
    const text = lift(readFileSync(join(from, name), 'utf8'));
    // A file name that ends in _unix says nothing to the go command; the constraint does.
    writeFileSync(join(to, name), asOnUnix[path]?.includes(name) ? text.replace(/^\/\/go:build (.*)$/m, '//go:build ($1) || js') : text);
  }
}
