#!/usr/bin/env node
// The goloom command. A built package has dist/; in a source tree without one, a Node that runs TypeScript runs src/.
import * as nodeModule from 'node:module';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

nodeModule.enableCompileCache?.();
const built = new URL('../dist/goloom.js', import.meta.url);
const { main } = await import(existsSync(fileURLToPath(built)) ? built.href : new URL('../src/cli/main.ts', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
