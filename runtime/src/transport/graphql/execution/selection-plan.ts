import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  isNonNullType,
  type SelectionSetNode,
} from "graphql";
import { collectFields, findField, type SelectionOptions } from "../selection/index.js";
import { isLeaf, planComplete } from "./complete.js";
import { executeField } from "./execute-field.js";
import type { FieldPlan, Selection } from "./field-plan.js";
import type { OperationRun, ResultPath } from "./operation-run.js";
import { planRead } from "./read-source.js";
import { ResultObject } from "./result.js";

/** The planned selection of one object type. */
export class SelectionPlan implements Selection {
  readonly fields: readonly FieldPlan[];

  constructor(options: SelectionOptions, type: GraphQLObjectType, selections: readonly SelectionSetNode[]) {
    const fields: FieldPlan[] = [];
    for (const [key, nodes] of collectFields(options, type, selections)) {
      const field = findField(options.schema, type, nodes[0] as FieldNode);
      if (field !== undefined) fields.push(planField(options, key, type, field, nodes));
    }
    this.fields = fields;
  }

  execute(run: OperationRun, source: unknown, path: ResultPath | undefined): ResultObject {
    const out = new ResultObject();
    for (const field of this.fields) executeField(run, field, source, path, out);
    return out;
  }
}

function planField(
  options: SelectionOptions,
  key: string,
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
): FieldPlan {
  const facts = { key, field, parent, nodes, nullable: !isNonNullType(field.type), leaf: isLeaf(field.type) };
  const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const complete = planComplete(field.type, (type) => new SelectionPlan(options, type, inner));
  return { ...facts, read: planRead(facts), complete };
}
