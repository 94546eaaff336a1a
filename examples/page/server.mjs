// Serves the page of this folder. With the two headers below a page is cross-origin isolated: it may share memory with its workers, and goroutines
// run in parallel. Without them (`node server.mjs --plain`) the same program runs on one thread.
//
//   npx goloom build -o main.wasm main.go && node server.mjs
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

const dist = join(import.meta.dirname, '../../dist');
const types = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };
const isPlain = process.argv.includes('--plain');

const server = createServer((request, response) => {
  const name = basename(request.url === '/' ? '/index.html' : request.url.replace(/\?.*/, ''));
  try {
    const body = readFileSync(join(name.startsWith('page') ? dist : import.meta.dirname, name));
    response.setHeader('Content-Type', types[name.split('.').at(-1)] ?? 'application/octet-stream');
    if (!isPlain) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    response.end(body);
  } catch {
    response.statusCode = 404;
    response.end();
  }
});
server.listen(Number(process.env.PORT ?? 8080), () => console.log(`http://localhost:${server.address().port}/`));
