import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from "graphql";
import { fragmentsOf } from "./document-shape.js";

/** The introspection query of tools, with all options on. */
const fullIntrospectionQuery = getIntrospectionQuery({
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
});

/** Counts the fields of `__schema` and `__type` that operations return. Exact, since the schema is known. */
export class IntrospectionCost {
  /** Maximum number of fields: `limits.cost`, or twice the cost of the introspection query of tools if that is more. */
  readonly maximum: number;
  private readonly schema: GraphQLSchema;

  constructor(schema: GraphQLSchema, cost: number) {
    this.schema = schema;
    const document = parse(fullIntrospectionQuery);
    const [tools] = document.definitions as readonly OperationDefinitionNode[];
    this.maximum = Math.max(
      cost,
      tools === undefined ? 0 : 2 * new IntrospectionCounter(schema, document, Infinity).of(tools),
    );
  }

  /** The number of introspection fields that an operation of a valid document returns; above `maximum`, some number above it. */
  of(document: DocumentNode, operation: OperationDefinitionNode): number {
    return new IntrospectionCounter(this.schema, document, this.maximum).of(operation);
  }
}

/** Counts the selection of each schema element once, however it is reached. */
class IntrospectionCounter {
  private readonly schema: GraphQLSchema;
  private readonly fragments: ReturnType<typeof fragmentsOf>;
  private readonly maximum: number;
  private readonly known: Map<SelectionSetNode, Map<unknown, number>> = new Map();
  /** Number of counted selections, each of which returns at least one field. */
  private counted = 0;

  constructor(schema: GraphQLSchema, document: DocumentNode, maximum: number) {
    this.schema = schema;
    this.fragments = fragmentsOf(document);
    this.maximum = maximum;
  }

  of({ selectionSet }: OperationDefinitionNode): number {
    return this.root(selectionSet);
  }

  private root(set: SelectionSetNode | undefined): number {
    let cost = 0;
    for (const node of set?.selections ?? []) {
      if (node.kind !== Kind.FIELD) cost += this.root(this.setOf(node));
      else if (node.selectionSet !== undefined && node.name.value === SchemaMetaFieldDef.name) {
        cost +=
          1 + this.count(node.selectionSet, getNamedType(SchemaMetaFieldDef.type) as GraphQLObjectType, this.schema);
      } else if (node.selectionSet !== undefined && node.name.value === TypeMetaFieldDef.name) {
        const type = getNamedType(TypeMetaFieldDef.type) as GraphQLObjectType;
        const name = node.arguments?.[0]?.value;
        // A variable may be the name of any type.
        const types =
          name?.kind === Kind.STRING ? [this.schema.getType(name.value)] : Object.values(this.schema.getTypeMap());
        let largest = 0;
        for (const one of types) {
          if (one !== undefined) largest = Math.max(largest, this.count(node.selectionSet, type, one));
        }
        cost += 1 + largest;
      }
    }
    return cost;
  }

  private count(set: SelectionSetNode, type: GraphQLObjectType, source: unknown): number {
    const bySource = this.known.get(set) ?? new Map<unknown, number>();
    this.known.set(set, bySource);
    const before = bySource.get(source);
    if (before !== undefined) return before;
    if (this.counted++ > this.maximum) return this.maximum + 1;
    let cost = 0;
    for (const node of set.selections) {
      if (node.kind !== Kind.FIELD) {
        const inner = this.setOf(node);
        if (inner !== undefined) cost += this.count(inner, type, source);
        continue;
      }
      cost += 1;
      const field = type.getFields()[node.name.value];
      if (field === undefined || node.selectionSet === undefined) continue;
      const target = getNamedType(field.type);
      if (!isObjectType(target)) continue;
      for (const item of this.read(field, source)) cost += this.count(node.selectionSet, target, item);
    }
    bySource.set(source, cost);
    return cost;
  }

  private read(field: GraphQLField<unknown, unknown>, source: unknown): Iterable<unknown> {
    const found: unknown = field.resolve?.(source, { includeDeprecated: true }, undefined, {
      schema: this.schema,
    } as never);
    if (found === undefined || found === null) return [];
    return Array.isArray(found) ? found : [found];
  }

  private setOf(
    node: Exclude<SelectionSetNode["selections"][number], { kind: Kind.FIELD }>,
  ): SelectionSetNode | undefined {
    return node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : this.fragments.get(node.name.value)?.selectionSet;
  }
}
