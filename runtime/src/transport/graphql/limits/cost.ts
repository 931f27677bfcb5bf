import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { fragmentsOf } from "./document-shape.js";
import type { GraphQLLimits } from "./limits.js";
import { AskedSizes, isSize } from "./list-size-arguments.js";

/** Most sizes for which the cost of an operation is kept. */
const mostCounted = 16;

/** The fields that an operation of a valid document may be answered with, at most, given its variables. */
export class Cost {
  private readonly schema: GraphQLSchema;
  private readonly operation: OperationDefinitionNode;
  private readonly fragments: ReturnType<typeof fragmentsOf>;
  private readonly listSize: number;
  private readonly pageSize: number;
  private readonly sizes: AskedSizes;
  /** What was counted, by what the variables say of sizes. */
  private readonly counted = new Map<string, number>();

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    { listSize, pageSize }: Pick<Required<GraphQLLimits>, "listSize" | "pageSize">,
  ) {
    this.schema = schema;
    this.operation = operation;
    this.fragments = fragmentsOf(document);
    this.listSize = listSize;
    this.pageSize = pageSize;
    this.sizes = new AskedSizes(schema, document, operation, pageSize);
  }

  of(variables: Readonly<Record<string, unknown>>): number {
    const key = this.sizes.keyOf(variables);
    let cost = this.counted.get(key);
    if (cost === undefined) {
      cost = this.count(variables);
      if (this.counted.size < mostCounted) this.counted.set(key, cost);
    }
    return cost;
  }

  /** How long the list of a field is that could be told and was not; undefined: it could not. */
  private unsaid({ args }: GraphQLField<unknown, unknown>, items: number): number | undefined {
    const sizes = args.filter(isSize);
    if (sizes.length === 0) return undefined;
    const given = sizes.map(({ defaultValue }) => (typeof defaultValue === "number" ? defaultValue : 0));
    return Math.max(this.pageSize, items, ...given);
  }

  private count(variables: Readonly<Record<string, unknown>>): number {
    const root = this.schema.getRootType(this.operation.operation);
    const known = new Map<string, number>();

    /** `around`: the size that the field around it was given, and that is for the lists in it. */
    const sum = (set: SelectionSetNode, type: GraphQLNamedType | undefined, around: number | undefined): number => {
      let cost = 0;
      for (const node of set.selections) {
        if (node.kind === Kind.FIELD) cost += field(node, type, around);
        else if (node.kind === Kind.INLINE_FRAGMENT) {
          const on = node.typeCondition === undefined ? type : this.schema.getType(node.typeCondition.name.value);
          cost += sum(node.selectionSet, on, around);
        } else cost += spread(node.name.value, around);
      }
      return cost;
    };

    const field = (node: FieldNode, type: GraphQLNamedType | undefined, around: number | undefined): number => {
      if (node.name.value.startsWith("__")) return 1;
      const found = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
      if (found === undefined) return 1;
      const { size: asked, items } = this.sizes.of(node, variables);
      const own = asked ?? this.unsaid(found, items);
      let list = getNullableType(found.type);
      let length = 1;
      for (let size = own ?? around ?? Math.max(this.listSize, items); isListType(list); size = this.listSize) {
        length *= size;
        list = getNullableType(list.ofType);
      }
      if (node.selectionSet === undefined) return 1;
      const inner = sum(
        node.selectionSet,
        getNamedType(found.type),
        isListType(getNullableType(found.type)) ? undefined : own,
      );
      return 1 + length * inner;
    };

    const spread = (name: string, around: number | undefined): number => {
      const key = `${name} ${around ?? ""}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const fragment = this.fragments.get(name);
      const cost =
        fragment === undefined
          ? 0
          : sum(fragment.selectionSet, this.schema.getType(fragment.typeCondition.name.value), around);
      known.set(key, cost);
      return cost;
    };

    return sum(this.operation.selectionSet, root ?? undefined, undefined);
  }
}
