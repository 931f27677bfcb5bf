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
import { definesListSize, ListSizeArguments } from "./list-size-arguments.js";

/** Maximum number of costs that are cached for an operation, one for each combination of list sizes. */
const maxCachedCosts = 16;

/** Estimates the maximum number of fields that an operation of a valid document returns for given variables. */
export class OperationCost {
  private readonly schema: GraphQLSchema;
  private readonly operation: OperationDefinitionNode;
  private readonly fragments: ReturnType<typeof fragmentsOf>;
  private readonly listSize: number;
  private readonly pageSize: number;
  private readonly sizes: ListSizeArguments;
  /** Costs by the list sizes that the variables set. */
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
    this.sizes = new ListSizeArguments(schema, document, operation, pageSize);
  }

  of(variables: Readonly<Record<string, unknown>>): number {
    const key = this.sizes.keyOf(variables);
    let cost = this.counted.get(key);
    if (cost === undefined) {
      cost = this.count(variables);
      if (this.counted.size < maxCachedCosts) this.counted.set(key, cost);
    }
    return cost;
  }

  /** The assumed size of a list whose size argument is not given; undefined if the field has no size argument. */
  private assumedSize({ args }: GraphQLField<unknown, unknown>, items: number): number | undefined {
    const sizes = args.filter(definesListSize);
    if (sizes.length === 0) return undefined;
    const given = sizes.map(({ defaultValue }) => (typeof defaultValue === "number" ? defaultValue : 0));
    return Math.max(this.pageSize, items, ...given);
  }

  private count(variables: Readonly<Record<string, unknown>>): number {
    const root = this.schema.getRootType(this.operation.operation);
    const known = new Map<string, number>();

    /** `inheritedSize`: the size argument of the parent field, which applies to its lists. */
    const sum = (
      set: SelectionSetNode,
      type: GraphQLNamedType | undefined,
      inheritedSize: number | undefined,
    ): number => {
      let cost = 0;
      for (const node of set.selections) {
        if (node.kind === Kind.FIELD) cost += field(node, type, inheritedSize);
        else if (node.kind === Kind.INLINE_FRAGMENT) {
          const on = node.typeCondition === undefined ? type : this.schema.getType(node.typeCondition.name.value);
          cost += sum(node.selectionSet, on, inheritedSize);
        } else cost += spread(node.name.value, inheritedSize);
      }
      return cost;
    };

    const field = (node: FieldNode, type: GraphQLNamedType | undefined, inheritedSize: number | undefined): number => {
      if (node.name.value.startsWith("__")) return 1;
      const found = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
      if (found === undefined) return 1;
      const { size, items } = this.sizes.of(node, variables);
      const own = size ?? this.assumedSize(found, items);
      let list = getNullableType(found.type);
      let length = 1;
      for (let size = own ?? inheritedSize ?? Math.max(this.listSize, items); isListType(list); size = this.listSize) {
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

    const spread = (name: string, inheritedSize: number | undefined): number => {
      const key = `${name} ${inheritedSize ?? ""}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const fragment = this.fragments.get(name);
      const cost =
        fragment === undefined
          ? 0
          : sum(fragment.selectionSet, this.schema.getType(fragment.typeCondition.name.value), inheritedSize);
      known.set(key, cost);
      return cost;
    };

    return sum(this.operation.selectionSet, root ?? undefined, undefined);
  }
}
