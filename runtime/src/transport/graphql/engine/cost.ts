import {
  type DocumentNode,
  type FieldNode,
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
  visit,
} from "graphql";
import { fragmentsOf } from "./shape.js";

/** The arguments that say how long a list is. */
const sizes = new Set(["first", "last", "limit", "pageSize"]);

/** Most sizes for which the cost of an operation is kept. */
const mostCounted = 16;

/** The fields that an operation of a valid document may be answered with, at most, given its variables. */
export class Cost {
  private readonly schema: GraphQLSchema;
  private readonly operation: OperationDefinitionNode;
  private readonly fragments: ReturnType<typeof fragmentsOf>;
  private readonly listSize: number;
  /** The variables that say how long a list is. */
  private readonly sizeVariables: readonly string[];
  /** What was counted, by the values of those. */
  private readonly counted = new Map<string, number>();

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, listSize: number) {
    this.schema = schema;
    this.operation = operation;
    this.fragments = fragmentsOf(document);
    this.listSize = listSize;
    this.sizeVariables = findSizeVariables(document);
  }

  of(variables: Readonly<Record<string, unknown>>): number {
    let key = "";
    for (const name of this.sizeVariables) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      key += typeof value === "number" ? `${value} ` : value === undefined || value === null ? "- " : "? ";
    }
    let cost = this.counted.get(key);
    if (cost === undefined) {
      cost = this.count(variables);
      if (this.counted.size < mostCounted) this.counted.set(key, cost);
    }
    return cost;
  }

  private count(variables: Readonly<Record<string, unknown>>): number {
    const root = this.schema.getRootType(this.operation.operation);
    const known = new Map<string, number>();
    const defaults = new Map<string, unknown>();
    for (const { variable, defaultValue } of this.operation.variableDefinitions ?? []) {
      if (defaultValue?.kind === Kind.INT) defaults.set(variable.name.value, Number(defaultValue.value));
    }

    const given = (name: string): unknown =>
      (Object.hasOwn(variables, name) ? variables[name] : undefined) ?? defaults.get(name);

    const sizeOf = (node: FieldNode): number | undefined => {
      let size: number | undefined;
      for (const { name, value } of node.arguments ?? []) {
        if (!sizes.has(name.value)) continue;
        const wanted =
          value.kind === Kind.INT
            ? Number(value.value)
            : value.kind === Kind.VARIABLE
              ? given(value.name.value)
              : undefined;
        if (typeof wanted === "number" && wanted >= 0) size = Math.max(size ?? 0, wanted);
      }
      return size;
    };

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
      const own = sizeOf(node);
      let list = getNullableType(found.type);
      let length = 1;
      for (let size = own ?? around ?? this.listSize; isListType(list); size = this.listSize) {
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

function findSizeVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    [Kind.ARGUMENT]: ({ name, value }) => {
      if (sizes.has(name.value) && value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
