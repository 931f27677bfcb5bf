// Traits of generated resolvers, which the executor uses to skip work: arguments, `info`, or the execution itself.

const sourceResolvers = new WeakSet<object>();
const pure = new WeakSet<object>();

/** Resolves a field from its source and the context only. */
export type SourceResolver = (source: unknown, args: Readonly<Record<string, unknown>>, context: unknown) => unknown;

/** Marks a resolver that reads only its source and the context: the executor prepares no arguments and no `info` for it. */
export function asSourceResolver<T extends SourceResolver>(read: T): T {
  sourceResolvers.add(read);
  return read;
}

export function isSourceResolver(resolve: object): resolve is SourceResolver {
  return sourceResolvers.has(resolve);
}

/**
 * Marks a resolver, or a type resolver, whose result depends only on its value, and whose value does not change. The executor
 * may share its results between clients.
 */
// biome-ignore lint/suspicious/noExplicitAny: of any function whose first parameter is the value
export function asPure<T extends (value: any) => unknown>(read: T): T {
  pure.add(read);
  return read;
}

export function isPure(read: object): boolean {
  return pure.has(read);
}
