// The settings of GODEBUG that kernel and host read themselves, before the program runs; all others are the overlay's and internal/godebug's.

type Environment = Readonly<Record<string, string | undefined>>;

/** The number that GODEBUG gives `name`, 0 without one. As in gc, the last one of several counts. */
export function godebugNumber(env: Environment, name: string): number {
  let value = 0;
  for (const setting of (env['GODEBUG'] ?? '').split(',')) {
    const [key, text] = setting.split('=');
    if (key === name && /^\d+$/.test(text ?? '')) value = Number(text);
  }
  return value;
}
