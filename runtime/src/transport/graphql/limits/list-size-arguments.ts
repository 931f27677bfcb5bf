import {
  type DocumentNode,
  type FieldNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type ValueNode,
  visit,
} from "graphql";

type Variables = Readonly<Record<string, unknown>>;

/** Names of arguments, or of fields of input objects, that set the size of a list. */
const names = new Set(["first", "last", "limit", "pageSize"]);

/** Sizes of lists according to the arguments of a field. */
export interface ListSizes {
  /** Value of an argument such as `first`; the maximum of several. */
  readonly size: number | undefined;
  /** Length of the longest list among the arguments: a lookup by keys returns as many entities. */
  readonly items: number;
}

/** Reads the sizes of lists from the arguments of an operation, given its variables. */
export class ListSizeArguments {
  private readonly defaults: ReadonlyMap<string, ValueNode>;
  private readonly assumedSize: number;
  /** Variables that may set the size of a list. */
  private readonly variables: readonly string[];

  /** `assumedSize`: the size of a list whose size argument is null, 0 or negative. */
  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    { variableDefinitions = [] }: OperationDefinitionNode,
    assumedSize: number,
  ) {
    this.assumedSize = assumedSize;
    this.defaults = new Map(
      variableDefinitions.flatMap(({ variable, defaultValue }) =>
        defaultValue === undefined ? [] : [[variable.name.value, defaultValue as ValueNode] as const],
      ),
    );
    const sizes = findSizes(document);
    this.variables = variableDefinitions.flatMap(({ variable, type: node }) => {
      const type = typeFromAST(schema, node as never);
      const isList =
        node.kind === Kind.LIST_TYPE || (node.kind === Kind.NON_NULL_TYPE && node.type.kind === Kind.LIST_TYPE);
      const name = variable.name.value;
      return isList || sizes.has(name) || (type !== undefined && hasSize(getNamedType(type))) ? [name] : [];
    });
  }

  /** A key of the sizes that variables set: equal keys mean equal sizes of all lists. */
  keyOf(variables: Variables): string {
    let key = "";
    for (const name of this.variables) {
      const value = ownOf(variables, name);
      if (typeof value === "number") key += `${value} `;
      else if (value === undefined) key += "- ";
      else if (value === null) key += "null ";
      else {
        const collector = new SizeCollector(variables, this.defaults, this.assumedSize);
        // Its name does not matter here: it may be used as a size.
        collector.visitValue("first", value, true);
        key += `${collector.size ?? ""}/${collector.items} `;
      }
    }
    return key;
  }

  of(node: FieldNode, variables: Variables): ListSizes {
    const collector = new SizeCollector(variables, this.defaults, this.assumedSize);
    for (const { name, value } of node.arguments ?? []) collector.visitNode(name.value, value, true);
    return collector;
  }
}

class SizeCollector implements ListSizes {
  size: number | undefined;
  items = 0;
  private readonly variables: Variables;
  private readonly defaults: ReadonlyMap<string, ValueNode>;
  private readonly assumedSize: number;

  constructor(variables: Variables, defaults: ReadonlyMap<string, ValueNode>, assumedSize: number) {
    this.variables = variables;
    this.defaults = defaults;
    this.assumedSize = assumedSize;
  }

  /** `isArgument`: the node is an argument, not a part of one. */
  visitNode(name: string, node: ValueNode, isArgument: boolean): void {
    switch (node.kind) {
      case Kind.INT:
      case Kind.STRING:
        this.note(name, node.value);
        break;
      case Kind.NULL:
        this.note(name, 0);
        break;
      case Kind.OBJECT:
        for (const field of node.fields) this.visitNode(field.name.value, field.value, false);
        break;
      case Kind.LIST:
        if (isArgument) this.items = Math.max(this.items, node.values.length);
        for (const one of node.values) this.visitNode("", one, false);
        break;
      case Kind.VARIABLE: {
        const given = ownOf(this.variables, node.name.value);
        const defaultValue = this.defaults.get(node.name.value);
        // A default applies to an absent variable, not to null.
        if (given !== undefined) this.visitValue(name, given, isArgument);
        else if (defaultValue !== undefined) this.visitNode(name, defaultValue, isArgument);
      }
    }
  }

  visitValue(name: string, value: unknown, isArgument: boolean): void {
    if (typeof value === "number" || typeof value === "string") this.note(name, value);
    else if (value === null) this.note(name, 0);
    else if (Array.isArray(value)) {
      if (isArgument) this.items = Math.max(this.items, value.length);
      for (const one of value) this.visitValue("", one, false);
    } else if (typeof value === "object" && value !== null) {
      for (const field in value) this.visitValue(field, (value as Variables)[field], false);
    }
  }

  /** 64-bit integers are strings. */
  private note(name: string, value: number | string): void {
    if (!names.has(name) || (typeof value === "string" && !/^[-+]?\d+$/.test(value))) return;
    const size = Number(value);
    // For 0 or less, the server chooses the size.
    this.size = Math.max(this.size ?? 0, size >= 1 ? size : this.assumedSize);
  }
}

function ownOf(variables: Variables, name: string): unknown {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** Variables that are used as a size. */
function findSizes(document: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  const note = ({ name, value }: { readonly name: { readonly value: string }; readonly value: ValueNode }): void => {
    if (names.has(name.value) && value.kind === Kind.VARIABLE) found.add(value.name.value);
  };
  visit(document, { [Kind.ARGUMENT]: note, [Kind.OBJECT_FIELD]: note });
  return found;
}

/** Whether an argument, or a field of its input type, sets the size of a list. */
export function definesListSize({ name, type }: { readonly name: string; readonly type: unknown }): boolean {
  return names.has(name) || hasSize(getNamedType(type as GraphQLInputType));
}

/** Whether an input type has a field that sets the size of a list. */
function hasSize(type: unknown, seen: Set<unknown> = new Set()): boolean {
  if (!isInputObjectType(type) || seen.has(type)) return false;
  seen.add(type);
  return Object.values(type.getFields()).some(
    (field) => names.has(field.name) || hasSize(getNamedType(field.type), seen),
  );
}
