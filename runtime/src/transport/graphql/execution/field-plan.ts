import type { FieldNode, GraphQLField, GraphQLObjectType } from "graphql";
import type { Later, Place, Run } from "./operation-run.js";

/** A field of a selection, as it is executed on one object type. */
export interface FieldPlan extends FieldFacts {
  readonly read: ReadSource;
  readonly complete: Complete;
}

export interface FieldFacts {
  /** Its name in the result. */
  readonly key: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly parent: GraphQLObjectType;
  readonly nodes: readonly FieldNode[];
  readonly nullable: boolean;
  /** Whether its value is a scalar or an enum, within which nothing stands. */
  readonly leaf: boolean;
}

/** Gets the value of a field from what it stands in, at once or by a promise. */
export type ReadSource = (run: Run, source: unknown, around: Place | undefined) => unknown;

/**
 * Makes of a value what stands in the result. `place` is that of the value; for a leaf none is made. Throws if it cannot.
 */
export type Complete = (run: Run, value: unknown, facts: FieldFacts, place: Place | undefined) => unknown | Later;

/** What is asked of one object type. */
export interface Selection {
  execute(run: Run, source: unknown, place: Place | undefined): object;
}

/** Where the value of a field stands. */
export function placeOfField({ key, parent, nullable }: FieldFacts, around: Place | undefined): Place {
  return { prev: around, key, typename: parent.name, nullable };
}

/** The null that stands for a value that there is none of, where null may stand. */
export function completeNull(required: boolean, { parent, field }: FieldFacts): null {
  if (!required) return null;
  throw new Error(`Cannot return null for non-nullable field ${parent.name}.${field.name}.`);
}
