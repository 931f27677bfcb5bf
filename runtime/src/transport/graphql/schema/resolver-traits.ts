const readers = new WeakSet<object>();
const pure = new WeakSet<object>();

/** Resolves a field from what it stands in and the context of the operation. */
export type Reader = (source: unknown, args: Readonly<Record<string, unknown>>, context: unknown) => unknown;

/** Says of a resolver that it looks at its source and at the context alone, so that whoever executes it need make nothing else. */
export function asReader<T extends Reader>(read: T): T {
  readers.add(read);
  return read;
}

export function isReader(resolve: object): resolve is Reader {
  return readers.has(resolve);
}

/**
 * Says of a resolver, or of what finds the type of a value, that it looks at the value alone, and that the value does not change: whoever asks the same
 * of the same value gets the same.
 */
// biome-ignore lint/suspicious/noExplicitAny: of any function whose first parameter is the value
export function asPure<T extends (value: any) => unknown>(read: T): T {
  pure.add(read);
  return read;
}

export function isPure(read: object): boolean {
  return pure.has(read);
}
