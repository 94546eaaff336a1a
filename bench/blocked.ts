// What a goroutine that computes loses at GOMAXPROCS=1 while another one is in a read of standard input (an open pipe), and how late a socket is
// answered meanwhile. Runs without and with the read alternate; the loss is the median over the pairs. The first answer is apart: to a connection made
// as the program begins, before there is anybody who watches the time.
//
//   node bench/blocked.ts [--pairs 7] [--engines native,goloom]
import { execFileSync, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { goloom, machine, median, newestNode, Options, root, workFolder } from './measure.ts';

const options = new Options(process.argv.slice(2));
const pairs = Number(options.value('pairs', '7'));
const engines = options.value('engines', 'native,goloom').split(',');
const dir = workFolder('bench-blocked');
const source = join(root, 'bench/blocked/main.go'), exe = join(dir, 'blocked'), wasm = `${exe}.wasm`;
execFileSync('go', ['build', '-o', exe, source]);
execFileSync(newestNode, [goloom, 'build', '-o', wasm, source], { env: { ...process.env, GOLOOM_SOURCES: 'off' } });
const commands: Readonly<Record<string, readonly string[]>> = { native: [exe], goloom: [newestNode, goloom, 'run', wasm] };

/** How late answers came, ms: the first, and the latest of the others. */
interface Answers { readonly first: number; readonly latest: number }

/** Asks a server for one byte after another, until it ends. */
async function ask(port: number): Promise<Answers> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay();
  const times: number[] = [];
  let hasEnded = false, answered = (): void => {};
  const end = (): void => { hasEnded = true; answered(); };
  socket.on('data', () => answered()).on('error', end).on('close', end);
  while (!hasEnded) {
    const sent = performance.now();
    await new Promise<void>((resolve) => { answered = resolve; socket.write('x'); });
    if (!hasEnded) times.push(performance.now() - sent);
    // At any time relative to time slices.
    await delay(10 + Math.random() * 50);
  }
  return { first: times[0]!, latest: Math.max(...times.slice(1)) };
}

/** One run: what the program says it took, and how late it answered. */
async function run(engine: string, mode: string): Promise<{ readonly ms: number; readonly answers: Answers | undefined }> {
  const [command, ...args] = commands[engine]!;
  const child = spawn(command!, [...args, ...(mode === '' ? [] : [mode])], { env: { ...process.env, GOMAXPROCS: '1' }, stdio: ['pipe', 'pipe', 'inherit'] });
  let ms = NaN, answers: Promise<Answers> | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (/^\d+$/.test(line)) answers = ask(Number(line));
    else ms = Number(/^BENCH blocked ([\d.]+) ms$/.exec(line)![1]);
  }
  return { ms, answers: await answers };
}

console.log(JSON.stringify(machine()));
for (const engine of engines) {
  const losses: number[] = [], answers: Answers[] = [];
  for (let i = 0; i < pairs; i++) {
    const alone = await run(engine, ''), beside = await run(engine, 'read');
    losses.push((beside.ms / alone.ms - 1) * 100);
    answers.push((await run(engine, 'socket')).answers!);
  }
  const list = (values: readonly number[]): string => values.map((x) => x.toFixed(1)).join(' ');
  console.log(`${engine}: loses ${median(losses).toFixed(1)} % (${list(losses)}), first answer after ${list(answers.map((a) => a.first))} ms, others after at most ${list(answers.map((a) => a.latest))}`);
}
