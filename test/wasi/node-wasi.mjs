// Runs a WASI module under Node's own WASI: node node-wasi.mjs file.wasm [arguments].
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { WASI } from 'node:wasi';

const [file, ...args] = process.argv.slice(2);
const env = { ...process.env, PWD: process.cwd() };
const wasi = new WASI({ version: 'preview1', args: [basename(file, '.wasm'), ...args], env, preopens: { '/': '/' }, returnOnExit: true });
const module = new WebAssembly.Module(readFileSync(file));
process.exitCode = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
