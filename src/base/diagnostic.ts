// Diagnostics: what the toolchain tells the user. Every stage reports into a sink and goes on; none throws for a user's
// mistake. A code names the kind of mistake (stable, for tests and tools); the message is worded as gc words it.

import type { Pos } from './pos.ts';

export const Severity = { error: 0, warning: 1, note: 2 } as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

/** A second line below a diagnostic, such as "other declaration of x". */
export interface RelatedInfo {
  readonly pos: Pos;
  readonly message: string;
}

/** One message to the user. `end` is 0 where only a point is known. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly pos: Pos;
  readonly end: Pos;
  readonly message: string;
  readonly related: readonly RelatedInfo[];
}

/** Where diagnostics go. A sink never throws. */
export interface DiagnosticSink {
  report(d: Diagnostic): void;
}

const none: readonly RelatedInfo[] = [];

/** Makes an error diagnostic. */
export function errorAt(code: string, pos: Pos, message: string, end: Pos = 0, related: readonly RelatedInfo[] = none): Diagnostic {
  return { code, severity: Severity.error, pos, end, message, related };
}

/** A sink that keeps what it is told, in order of arrival. */
export class DiagnosticList implements DiagnosticSink {
  readonly items: Diagnostic[] = [];

  report(d: Diagnostic): void {
    this.items.push(d);
  }

  /** Tells whether an error (not merely a warning) has been reported. */
  hasErrors(): boolean {
    return this.items.some((d) => d.severity === Severity.error);
  }
}
