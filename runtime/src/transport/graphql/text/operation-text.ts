import type { FieldNode, GraphQLField } from "graphql";
import type { SelectionOptions } from "../selection/index.js";
import { Unsupported } from "./failures.js";
import { planFieldValue } from "./selection-text.js";
import type { ValuePlan } from "./text-run.js";

/** A root field, as it is selected. */
export interface RootField {
  /** Key in the result. */
  readonly key: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
}

/** How a root field is written. */
export interface RootFieldText {
  /** The text before its value. */
  readonly before: string;
  readonly value: ValuePlan;
}

/** Plans the text of an operation. undefined: it cannot be written as text. */
export function planOperationText(
  options: SelectionOptions,
  fields: readonly RootField[],
): readonly RootFieldText[] | undefined {
  try {
    return fields.map(({ key, field, nodes }, at) => ({
      before: `${at === 0 ? "{" : ","}${JSON.stringify(key)}:`,
      value: planFieldValue(options, field, nodes),
    }));
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}
