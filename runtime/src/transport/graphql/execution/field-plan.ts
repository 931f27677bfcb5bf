import type { FieldNode, GraphQLField, GraphQLObjectType } from "graphql";
import type { OperationRun, PendingValue, ResultPath } from "./operation-run.js";

/** The plan of a selected field of one object type. */
export interface FieldPlan extends FieldFacts {
  readonly read: ReadSource;
  readonly complete: CompleteValue;
}

export interface FieldFacts {
  /** Key in the result. */
  readonly key: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly parent: GraphQLObjectType;
  readonly nodes: readonly FieldNode[];
  readonly nullable: boolean;
  /** Whether the value is a scalar or an enum. */
  readonly leaf: boolean;
}

/** Reads the value of a field from its source; the value may be a promise. */
export type ReadSource = (run: OperationRun, source: unknown, parentPath: ResultPath | undefined) => unknown;

/** Converts a value to its form in the result. `path`: that of the value, undefined for leaves. Throws if it cannot. */
export type CompleteValue = (
  run: OperationRun,
  value: unknown,
  facts: FieldFacts,
  path: ResultPath | undefined,
) => unknown | PendingValue;

/** A planned selection of one object type. */
export interface Selection {
  execute(run: OperationRun, source: unknown, path: ResultPath | undefined): object;
}

/** Creates the path of a field in the result. */
export function toFieldPath({ key, parent, nullable }: FieldFacts, parentPath: ResultPath | undefined): ResultPath {
  return { prev: parentPath, key, typename: parent.name, nullable };
}

/** Returns null for a missing value, or throws if the type is non-null. */
export function completeNull(required: boolean, { parent, field }: FieldFacts): null {
  if (!required) return null;
  throw new Error(`Cannot return null for non-nullable field ${parent.name}.${field.name}.`);
}
