const readers = new WeakSet<object>();

/** Says of a resolver that it looks at its source alone, so that whoever executes it need hand it nothing else. */
export function asReader<T extends (source: unknown) => unknown>(read: T): T {
  readers.add(read);
  return read;
}

export function isReader(resolve: object): resolve is (source: unknown) => unknown {
  return readers.has(resolve);
}
