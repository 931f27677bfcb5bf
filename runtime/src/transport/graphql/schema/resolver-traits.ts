// Traits of generated resolvers, which the executor uses to skip work: arguments, `info`, or the execution itself.

import type { BatchLoader } from "./batch-loader.js";

const sourceResolvers = new WeakSet<object>();
const pure = new WeakSet<object>();

/** Resolves a field from its source and the context only. */
export type SourceResolver = (source: unknown, args: Readonly<Record<string, unknown>>, context: unknown) => unknown;

/**
 * Marks a resolver, or a method of a source, that reads only its source and the context: the executor prepares no arguments and no
 * `info` for it.
 */
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

/** How a resolver finds what a field refers to by key. */
export interface ReferenceTrait {
  /** The loader of an operation; undefined if nothing finds such values. */
  loader(context: unknown): BatchLoader<unknown> | undefined;
  /** The key in a source; undefined if it has none. */
  key(source: unknown): string | undefined;
}

const references = new WeakMap<object, ReferenceTrait>();

/** Marks a resolver that loads a value by key: the executor requests keys without a promise for each. */
export function asReference<T extends SourceResolver>(read: T, reference: ReferenceTrait): T {
  references.set(read, reference);
  return read;
}

export function referenceOf(resolve: object): ReferenceTrait | undefined {
  return references.get(resolve);
}
