#!/usr/bin/env node
// The goloom command. A package has dist/. In a source tree, a Node that runs TypeScript runs src/ where dist/ is missing or
// older than the sources; GOLOOM_SOURCES=off takes dist/ in any case.
import { readdirSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../dist/goloom.js', import.meta.url));
const sources = fileURLToPath(new URL('../src', import.meta.url));

/** Whether a file below the folder is younger than `time`. */
function isYounger(dir, time) {
  return readdirSync(dir, { withFileTypes: true }).some((entry) => {
    const path = `${dir}/${entry.name}`;
    return entry.isDirectory() ? isYounger(path, time) : statSync(path).mtimeMs > time;
  });
}

function entryPoint() {
  const time = statSync(built, { throwIfNoEntry: false })?.mtimeMs;
  const isSourceTree = process.features.typescript && statSync(sources, { throwIfNoEntry: false }) !== undefined;
  if (isSourceTree && process.env.GOLOOM_SOURCES !== 'off' && (time === undefined || isYounger(sources, time))) return '../src/cli/main.ts';
  if (time === undefined) {
    console.error('goloom: dist/ is missing; npm run build makes it');
    process.exit(1);
  }
  nodeModule.enableCompileCache?.();
  return '../dist/goloom.js';
}

const { main } = await import(entryPoint());
process.exitCode = await main(process.argv.slice(2));
