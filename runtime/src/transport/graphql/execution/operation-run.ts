import type { FieldNode, FragmentDefinitionNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from "graphql";
import { locatedError } from "graphql";
import type { KeyRequest, ReferenceTrait } from "../schema/index.js";

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

/** What all executions of an operation share. */
export interface OperationFacts {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/** Values that were requested by key before. */
export interface RequestedKeys {
  requestOf(trait: ReferenceTrait, key: string): KeyRequest<unknown> | undefined;
}

/** One execution: its failures, and the number of pending values. */
export class OperationRun {
  readonly facts: OperationFacts;
  readonly rootValue: unknown;
  readonly context: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether the result depends only on the root value and the variables, so that it can be shared. */
  isPure = true;
  /** What an attempt to write the result as text has requested. */
  requested: RequestedKeys | undefined = undefined;
  private known: Failure[] | undefined = undefined;
  private pending = 0;
  private settle: (() => void) | undefined;

  constructor(facts: OperationFacts, rootValue: unknown, context: unknown, variables: OperationRun["variables"]) {
    this.facts = facts;
    this.rootValue = rootValue;
    this.context = context;
    this.variables = variables;
  }

  /** Records a failure. Returns null as a placeholder, which `finish` propagates to the nearest nullable value. */
  fail(error: unknown, nodes: readonly FieldNode[], path: ResultPath): null {
    this.known ??= [];
    this.known.push({ path, error: locatedError(error, nodes, toKeys(path)) });
    return null;
  }

  get failures(): readonly Failure[] {
    return this.known ?? none;
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

const none: readonly Failure[] = [];

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
