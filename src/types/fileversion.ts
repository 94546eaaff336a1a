// The language version of each file: that of the module, unless the file's build constraint asks for another one.
import type { Checker } from './checker.ts';
import { err } from './errors.ts';
import { currentVersion, parseVersion } from './version.ts';

/** Determines the version of each file; reports versions that are not supported. */
export function assertVersion(c: Checker): void {
  const conf = c.conf;
  const module = parseVersion(conf.goVersion);
  if (module < 0) err(c, 0, 'InvalidSyntaxTree', `invalid Go version ${conf.goVersion}`);
  else if (module > currentVersion) {
    err(
      c,
      conf.files.length > 0 ? conf.files[0].name : 0,
      'TooNew',
      `package requires newer Go version ${conf.goVersion} (application built with go1.${currentVersion})`,
    );
  }
  for (const f of conf.files) {
    let v = Math.max(module, 0);
    const own = parseVersion(f.goVersion);
    if (own > 0) {
      // Build constraints could ask for a version only since go1.21: no file goes below that.
      v = Math.max(own, 21);
      if (own > currentVersion) {
        err(c, f.name, 'TooNew', `file requires newer Go version ${f.goVersion} (application built with go1.${currentVersion})`);
      }
    }
    c.fileVersions.push(v);
    c.info.fileVersions.push(v === 0 ? '' : `go1.${v}`);
  }
}
