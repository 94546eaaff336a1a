// Reads the event stream of `test -json` into outcomes of top-level tests.

/** What became of a test; `lost`: it was started and nothing was heard of it again. */
export type Verdict = 'pass' | 'fail' | 'skip' | 'lost';

/** What a package's tests came to. */
export interface PackageOutcome {
  readonly path: string;
  /** Tests, fuzz targets and examples by name. */
  readonly tests: Map<string, Verdict>;
  /** The output of those that did not pass. */
  readonly output: Map<string, string>;
  /** Why nothing was run; empty where something was. */
  buildFailure: string;
  /** The package's own last word. */
  passed: boolean;
  seconds: number;
}

interface Event {
  readonly Action: string;
  readonly Package?: string;
  readonly ImportPath?: string;
  readonly Test?: string;
  readonly Output?: string;
  readonly Elapsed?: number;
  readonly FailedBuild?: string;
}

/** Collects events; each line of the stream goes to `add`. */
export class EventReader {
  readonly packages = new Map<string, PackageOutcome>();
  private readonly buildOutput = new Map<string, string>();

  /** Takes one line; gives the package that it ends, if it does. */
  add(line: string): PackageOutcome | undefined {
    if (!line.startsWith('{')) return undefined;
    const event = JSON.parse(line) as Event;
    if (event.ImportPath !== undefined) {
      this.buildOutput.set(event.ImportPath, (this.buildOutput.get(event.ImportPath) ?? '') + (event.Output ?? ''));
      return undefined;
    }
    const outcome = this.outcome(event.Package ?? '');
    const { Action, Test } = event;
    if (Test === undefined) return this.addToPackage(outcome, event) ? outcome : undefined;
    const name = Test.split('/')[0]!;
    if (Action === 'output') outcome.output.set(name, ((outcome.output.get(name) ?? '') + event.Output!).slice(0, 20_000));
    if (Test !== name) return undefined;
    if (Action === 'run') outcome.tests.set(name, 'lost');
    if (Action === 'pass' || Action === 'fail' || Action === 'skip') {
      outcome.tests.set(name, Action);
      if (Action !== 'fail') outcome.output.delete(name);
    }
    return undefined;
  }

  private addToPackage(outcome: PackageOutcome, event: Event): boolean {
    const { Action } = event;
    if (Action === 'output') outcome.output.set('', ((outcome.output.get('') ?? '') + event.Output!).slice(-20_000));
    if (Action !== 'pass' && Action !== 'fail' && Action !== 'skip') return false;
    outcome.passed = Action !== 'fail';
    outcome.seconds += event.Elapsed ?? 0;
    if (event.FailedBuild !== undefined) outcome.buildFailure = this.buildOutput.get(event.FailedBuild) ?? outcome.output.get('') ?? 'build failed';
    return true;
  }

  private outcome(path: string): PackageOutcome {
    let found = this.packages.get(path);
    if (found === undefined) {
      found = { path, tests: new Map(), output: new Map(), buildFailure: '', passed: false, seconds: 0 };
      this.packages.set(path, found);
    }
    return found;
  }
}
