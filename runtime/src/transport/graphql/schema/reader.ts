const readers = new WeakSet<object>();

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
