// The parts of a browser's globals that the page's host uses: this project's TypeScript libraries have no DOM, and Node's types leave
// them out.

declare class Worker {
  constructor(url: string | URL, options?: { type?: 'module' | 'classic'; name?: string });
  postMessage(message: unknown, transfer?: readonly unknown[]): void;
  terminate(): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message?: string; preventDefault(): void }) => void) | null;
  onmessageerror: ((event: unknown) => void) | null;
}

/** Web Locks: a lock is given back when the thread that holds it is gone. Only secure contexts have them. */
interface LockManager {
  request<T>(name: string, use: () => Promise<T> | T): Promise<T>;
  request<T>(name: string, options: { readonly signal?: AbortSignal }, use: () => Promise<T> | T): Promise<T>;
}

declare const crossOriginIsolated: boolean | undefined;
