import type { FieldNode, FragmentDefinitionNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from "graphql";
import { locatedError } from "graphql";

/** Where a value stands in the result; what graphql-js hands to resolvers, and whether null may stand there. */
export interface Place {
  readonly prev: Place | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
  readonly nullable: boolean;
}

/** A value that could not be had. */
export interface Failure {
  readonly place: Place;
  readonly error: GraphQLError;
}

/** What all of an execution shares. */
export interface RunFacts {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly rootValue: unknown;
  readonly context: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** One execution: its failures, and how many values it waits for. */
export class Run implements RunFacts {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly rootValue: unknown;
  readonly context: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly failures: Failure[] = [];
  /** Whether nothing was asked that might answer somebody else otherwise. */
  isPure = true;
  private waiting = 0;
  private settle: (() => void) | undefined;

  constructor({ schema, operation, fragments, rootValue, context, variables }: RunFacts) {
    this.schema = schema;
    this.operation = operation;
    this.fragments = fragments;
    this.rootValue = rootValue;
    this.context = context;
    this.variables = variables;
  }

  /** Notes a failure. Gives the null that stands for the value until the end, when it is carried to where null may stand. */
  fail(error: unknown, nodes: readonly FieldNode[], place: Place): null {
    this.failures.push({ place, error: locatedError(error, nodes, toPath(place)) });
    return null;
  }

  /** Counts a value that is waited for. */
  await(): void {
    this.waiting++;
  }

  /** A value that was waited for is where it belongs. */
  arrive(): void {
    if (--this.waiting === 0) this.settle?.();
  }

  /** undefined: there is nothing to wait for. */
  settled(): Promise<void> | undefined {
    if (this.waiting === 0) return undefined;
    return new Promise((resolve) => {
      this.settle = resolve;
    });
  }
}

/** A value of a result that is yet to come. */
export class Later {
  readonly promise: PromiseLike<unknown>;

  constructor(promise: PromiseLike<unknown>) {
    this.promise = promise;
  }
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

function toPath(place: Place | undefined): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at = place; at !== undefined; at = at.prev) path.push(at.key);
  return path.reverse();
}
