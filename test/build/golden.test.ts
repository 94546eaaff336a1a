// Golden tests of src/build: src/build/testdata/*.txtar hold a program and the IR of some of its functions, as built.
// UPDATE=1 rewrites the IR; positions are left out.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { printFunc } from '../../src/ir/print.ts';
import { verify } from '../../src/ir/verify.ts';
import { buildFile } from './loader.ts';

const dir = fileURLToPath(new URL('../../src/build/testdata/', import.meta.url));

interface Archive {
  readonly comment: string;
  readonly files: { name: string; text: string }[];
}

function parseArchive(text: string): Archive {
  const files: { name: string; text: string }[] = [];
  let comment = '';
  for (const line of text.split(/(?<=\n)/)) {
    const head = /^-- (.*) --\n$/.exec(line);
    if (head !== null) files.push({ name: head[1]!, text: '' });
    else if (files.length === 0) comment += line;
    else files[files.length - 1]!.text += line;
  }
  return { comment, files };
}

for (const name of readdirSync(dir).filter((n) => n.endsWith('.txtar'))) {
  test(`IR of ${name}`, () => {
    const archive = parseArchive(readFileSync(join(dir, name), 'utf8'));
    const tmp = mkdtempSync(join(tmpdir(), 'goloom-golden-'));
    try {
      const path = join(tmp, 'main.go');
      writeFileSync(path, archive.files[0]!.text);
      const program = buildFile(path);
      for (const file of archive.files.slice(1)) {
        const f = program.funcs.get(file.name);
        assert.ok(f !== undefined, `no function ${file.name}`);
        verify(f, 'build');
        const got = printFunc(f).replace(/ @\d+/g, '');
        if (process.env['UPDATE'] === '1') file.text = got;
        else assert.equal(got, file.text, file.name);
      }
      if (process.env['UPDATE'] === '1')
        writeFileSync(join(dir, name), archive.comment + archive.files.map((f) => `-- ${f.name} --\n${f.text}`).join(''));
    } finally {
      rmSync(tmp, { recursive: true });
    }
  });
}
