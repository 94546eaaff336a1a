// A test binary's output as a stream of JSON events, as `go test -json` has them (the format is described in `go doc test2json`).
// Text is handled as strings of one char a byte, since output need not be UTF-8 and lines are cut at byte counts.

/** One event; fields in the order in which they are printed. */
interface TestEvent {
  readonly Action: string;
  Test?: string;
  Elapsed?: number;
  Output?: string;
  FailedBuild?: string;
  Key?: string;
  Value?: string;
  Path?: string;
}

const marker = '\x16';
const updates = ['RUN   ', 'PAUSE ', 'CONT  ', 'NAME  ', 'PASS  ', 'FAIL  ', 'SKIP  ', 'ATTR  ', 'ARTIFACTS '].map((word) => `=== ${word}`);
const reports = ['PASS', 'FAIL', 'SKIP', 'BENCH'].map((word) => `--- ${word}: `);

/** Longest input line that is looked at as a whole, and longest text of one output event. */
const maxInput = 4096;
const maxOutput = 1024;

/** Turns output into events. */
export class TestConverter {
  private readonly emit: (line: string) => void;
  private readonly path: string;
  private readonly start = performance.now();
  private readonly input: LineBuffer;
  private readonly output: LineBuffer;
  /** The test that output belongs to. */
  private test = '';
  /** Results that are held back until their output has come, outermost first. */
  private pending: TestEvent[] = [];
  private result = '';
  /** The binary marks its own lines, so that others are output whatever they look like. */
  private needsMarker = false;
  private failedBuild = '';

  /** `emit` takes whole lines. */
  constructor(path: string, emit: (line: string) => void) {
    this.path = path;
    this.emit = emit;
    this.output = new LineBuffer(maxOutput, (text) => this.writeOutput(text), (text) => this.writeOutput(text));
    this.input = new LineBuffer(maxInput, (line) => this.takeLine(line), (part) => this.output.write(part));
    this.write({ Action: 'start' });
  }

  /** More output of the binary. */
  add(bytes: Uint8Array): void {
    this.input.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
  }

  /** The end. `failedBuild` is the package whose errors kept the test from being built. */
  close(passed: boolean, failedBuild = ''): void {
    if (!passed) this.result = 'fail';
    else if (this.result !== 'skip') this.result = 'pass';
    this.failedBuild = failedBuild;
    this.input.flush();
    this.output.flush();
    const last: TestEvent = { Action: this.result, Elapsed: Math.round(performance.now() - this.start) / 1000 };
    if (this.result === 'fail' && this.failedBuild !== '') last.FailedBuild = this.failedBuild;
    this.write(last);
  }

  private takeLine(whole: string): void {
    if (this.needsMarker && whole[0] !== marker) return this.output.write(whole);
    const isMarked = whole[0] === marker;
    if (isMarked) this.output.flush();
    let line = isMarked ? whole.slice(1) : whole;
    let text = line.replace(/\r?\n$/, '');
    if (text === '=== NAME') {
      // Trailing blanks may have been lost.
      text = '=== NAME  ';
      line = text + '\n';
    }
    if (text === 'PASS' || text === 'FAIL' || text.startsWith('FAIL\t')) {
      this.flushReports(0);
      this.needsMarker = isMarked;
      this.output.write(line);
      this.result = text === 'PASS' ? 'pass' : 'fail';
      return;
    }
    if (line.startsWith('?   \t') && text.endsWith('\t[no test files]') && this.pending.length === 0) this.result = 'skip';
    if (updates.some((prefix) => line.startsWith(prefix))) this.takeUpdate(line, isMarked);
    else this.takeReport(line, isMarked);
  }

  /** `=== RUN   Name` and the like. */
  private takeUpdate(line: string, isMarked: boolean): void {
    const [action, rest] = cut(line.slice('=== '.length));
    const event: TestEvent = { Action: action.toLowerCase() };
    let name = rest.trim();
    if (event.Action === 'artifacts') [name, event.Path] = cut(name);
    if (event.Action === 'attr') {
      const [test, pair] = cut(name);
      name = test;
      [event.Key, event.Value] = cut(pair);
    }
    this.needsMarker = isMarked;
    this.flushReports(0);
    this.test = name;
    if (event.Action === 'name') return;
    // What is said of a pause comes before it.
    if (event.Action === 'pause') this.output.write(line);
    this.write(event);
    if (event.Action !== 'pause') this.output.write(line);
  }

  /** `    --- PASS: Name (0.00s)`, or plain output. */
  private takeReport(whole: string, isMarked: boolean): void {
    const indent = Math.floor(/^ */.exec(whole)![0].length / 4);
    const line = whole.slice(indent * 4);
    const isReport = reports.some((prefix) => line.startsWith(prefix));
    if (!isReport) {
      const inside = this.pending[indent - 1];
      if (inside !== undefined) this.test = inside.Test!;
      return this.output.write(whole);
    }
    if (this.pending.length < indent) return this.output.write(whole);
    const [action, rest] = cut(line.slice('--- '.length));
    const event: TestEvent = { Action: action.replace(/:$/, '').toLowerCase() };
    const match = /^(.*?) \((.*)$/s.exec(rest.trim());
    const seconds = match !== null && match[2]!.endsWith('s)') ? Number(match[2]!.slice(0, -2)) : NaN;
    if (!Number.isNaN(seconds)) event.Elapsed = seconds;
    event.Test = match === null ? rest.trim() : match[1]!;
    this.needsMarker = isMarked;
    this.flushReports(indent);
    this.test = event.Test;
    this.pending.push(event);
    this.output.write(whole);
  }

  /** Emits results that wait, down to a depth. */
  private flushReports(depth: number): void {
    this.test = '';
    while (this.pending.length > depth) this.write(this.pending.pop()!);
  }

  private writeOutput(text: string): void {
    this.write({ Action: 'output', Output: text });
  }

  private write(event: TestEvent): void {
    const { Action, Elapsed, Output, FailedBuild, Key, Value, Path } = event;
    const Test = event.Test ?? this.test;
    const utf8 = (text: string | undefined): string | undefined => (text === undefined || text === '' ? undefined : Buffer.from(text, 'latin1').toString());
    this.emit(eventLine({
      Time: timestamp(), Action, Package: this.path, Test: utf8(Test), Elapsed, Output: Output === undefined ? undefined : (utf8(Output) ?? ''),
      FailedBuild, Key: utf8(Key), Value: utf8(Value), Path: utf8(Path),
    }));
  }
}

/** An event as a line; as Go's encoder has it, `<`, `>` and `&` are escaped. */
export function eventLine(event: Readonly<Record<string, string | number | undefined>>): string {
  return JSON.stringify(event).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`) + '\n';
}

function timestamp(): string {
  return new Date().toISOString();
}

/** The text before the first blank and after it. */
function cut(text: string): [string, string] {
  const at = text.indexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Collects text to lines. A line too long for the buffer is handed on in parts, cut between characters. */
class LineBuffer {
  private readonly size: number;
  private readonly line: (text: string) => void;
  private readonly part: (text: string) => void;
  private held = '';
  private isInside = false;

  constructor(size: number, line: (text: string) => void, part: (text: string) => void) {
    this.size = size;
    this.line = line;
    this.part = part;
  }

  write(text: string): void {
    while (text !== '') {
      const room = this.size - this.held.length;
      this.held += text.slice(0, room);
      text = text.slice(room);
      let at = 0;
      for (;;) {
        const end = lineEnd(this.held, at);
        if (end < 0) break;
        const piece = this.held.slice(at, end);
        if (this.isInside) this.part(piece);
        else this.line(piece);
        this.isInside = false;
        at = end;
      }
      at += this.takeBenchmarkName(at);
      if (at === 0 && this.held.length === this.size) {
        at = lastBoundary(this.held);
        this.part(this.held.slice(0, at));
        this.isInside = true;
      }
      this.held = this.held.slice(at);
    }
  }

  /** The name of a benchmark is said before it runs: it is handed on before the line is complete. */
  private takeBenchmarkName(at: number): number {
    if (this.isInside) return 0;
    const match = /^Benchmark(?!\p{Ll})[^\t]*\t/u.exec(this.held.slice(at));
    if (match === null) return 0;
    this.part(match[0]);
    this.isInside = true;
    return match[0].length;
  }

  flush(): void {
    if (this.held !== '') this.part(this.held);
    this.held = '';
  }
}

/** The offset after the line that starts at `at`, or -1. A marker that is not at the start of a line ends it, too. */
function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  const mark = text.indexOf(marker, at + 1);
  if (mark >= 0 && (newline < 0 || mark < newline)) return mark;
  return newline < 0 ? -1 : newline + 1;
}

/** The length of the text without the beginning of a UTF-8 sequence at its end. */
function lastBoundary(text: string): number {
  for (let i = 1; i < 4 && i <= text.length; i++) {
    const c = text.charCodeAt(text.length - i);
    if ((c & 0xc0) === 0x80) continue;
    const length = (c & 0xe0) === 0xc0 ? 2 : (c & 0xf0) === 0xe0 ? 3 : (c & 0xf8) === 0xf0 ? 4 : 1;
    return i < length ? text.length - i : text.length;
  }
  return text.length;
}
