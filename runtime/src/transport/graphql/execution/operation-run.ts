import type { FieldNode, FragmentDefinitionNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from "graphql";
import { locatedError } from "graphql";

/** Path of a value in the result, as graphql-js passes it to resolvers, and whether the value may be null. */
export interface ResultPath {
  readonly prev: ResultPath | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
  readonly nullable: boolean;
}

/** The failure of one value. */
export interface Failure {
  readonly path: ResultPath;
  readonly error: GraphQLError;
}

/** What an execution shares between all fields. */
export interface OperationRunOptions {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly rootValue: unknown;
  readonly context: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** One execution: its failures, and the number of pending values. */
export class OperationRun implements OperationRunOptions {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly rootValue: unknown;
  readonly context: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly failures: Failure[] = [];
  /** Whether the result depends only on the root value and the variables, so that it can be shared. */
  isPure = true;
  private pending = 0;
  private settle: (() => void) | undefined;

  constructor({ schema, operation, fragments, rootValue, context, variables }: OperationRunOptions) {
    this.schema = schema;
    this.operation = operation;
    this.fragments = fragments;
    this.rootValue = rootValue;
    this.context = context;
    this.variables = variables;
  }

  /** Records a failure. Returns null as a placeholder, which `finish` propagates to the nearest nullable value. */
  fail(error: unknown, nodes: readonly FieldNode[], path: ResultPath): null {
    this.failures.push({ path, error: locatedError(error, nodes, toKeys(path)) });
    return null;
  }

  /** Counts a pending value. */
  addPending(): void {
    this.pending++;
  }

  /** Counts down when a pending value is set. */
  removePending(): void {
    if (--this.pending === 0) this.settle?.();
  }

  /** Resolves when no value is pending. undefined: none is pending now. */
  allSettled(): Promise<void> | undefined {
    if (this.pending === 0) return undefined;
    return new Promise((resolve) => {
      this.settle = resolve;
    });
  }
}

/** A value whose completion is pending. */
export class PendingValue {
  readonly promise: PromiseLike<unknown>;

  constructor(promise: PromiseLike<unknown>) {
    this.promise = promise;
  }
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

function toKeys(path: ResultPath | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at = path; at !== undefined; at = at.prev) keys.push(at.key);
  return keys.reverse();
}
