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

/** What says how long a list is: an argument, or a field of an input object. */
const names = new Set(["first", "last", "limit", "pageSize"]);

/** How long lists may be by the arguments of a field. */
export interface Asked {
  /** What an argument such as `first` says; the most where there are several. */
  readonly size: number | undefined;
  /** Of the longest list among the arguments: whoever asks for entities by their keys gets as many. */
  readonly items: number;
}

/** What the arguments of an operation say of the lengths of lists, given its variables. */
export class AskedSizes {
  private readonly defaults: ReadonlyMap<string, ValueNode>;
  private readonly unsaid: number;
  /** The variables that may say how long a list is. */
  private readonly variables: readonly string[];

  /** `unsaid`: how long a list is whose size is null, 0 or negative. */
  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    { variableDefinitions = [] }: OperationDefinitionNode,
    unsaid: number,
  ) {
    this.unsaid = unsaid;
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

  /** The same for variables by which all lists are as long. */
  keyOf(variables: Variables): string {
    let key = "";
    for (const name of this.variables) {
      const value = ownOf(variables, name);
      if (typeof value === "number") key += `${value} `;
      else if (value === undefined) key += "- ";
      else if (value === null) key += "null ";
      else {
        const asked = new Asking(variables, this.defaults, this.unsaid);
        // Whatever it is called here, it may be a size.
        asked.seeValue("first", value, true);
        key += `${asked.size ?? ""}/${asked.items} `;
      }
    }
    return key;
  }

  of(node: FieldNode, variables: Variables): Asked {
    const asked = new Asking(variables, this.defaults, this.unsaid);
    for (const { name, value } of node.arguments ?? []) asked.see(name.value, value, true);
    return asked;
  }
}

class Asking implements Asked {
  size: number | undefined;
  items = 0;
  private readonly variables: Variables;
  private readonly defaults: ReadonlyMap<string, ValueNode>;
  private readonly unsaid: number;

  constructor(variables: Variables, defaults: ReadonlyMap<string, ValueNode>, unsaid: number) {
    this.variables = variables;
    this.defaults = defaults;
    this.unsaid = unsaid;
  }

  /** `isArgument`: itself, not something within it. */
  see(name: string, node: ValueNode, isArgument: boolean): void {
    switch (node.kind) {
      case Kind.INT:
      case Kind.STRING:
        this.note(name, node.value);
        break;
      case Kind.NULL:
        this.note(name, 0);
        break;
      case Kind.OBJECT:
        for (const field of node.fields) this.see(field.name.value, field.value, false);
        break;
      case Kind.LIST:
        if (isArgument) this.items = Math.max(this.items, node.values.length);
        for (const one of node.values) this.see("", one, false);
        break;
      case Kind.VARIABLE: {
        const given = ownOf(this.variables, node.name.value);
        const standsFor = this.defaults.get(node.name.value);
        // Null stands for itself, a default only for what is not given.
        if (given !== undefined) this.seeValue(name, given, isArgument);
        else if (standsFor !== undefined) this.see(name, standsFor, isArgument);
      }
    }
  }

  seeValue(name: string, value: unknown, isArgument: boolean): void {
    if (typeof value === "number" || typeof value === "string") this.note(name, value);
    else if (value === null) this.note(name, 0);
    else if (Array.isArray(value)) {
      if (isArgument) this.items = Math.max(this.items, value.length);
      for (const one of value) this.seeValue("", one, false);
    } else if (typeof value === "object" && value !== null) {
      for (const field in value) this.seeValue(field, (value as Variables)[field], false);
    }
  }

  /** Integers of 64 bits come as texts. */
  private note(name: string, value: number | string): void {
    if (!names.has(name) || (typeof value === "string" && !/^[-+]?\d+$/.test(value))) return;
    const size = Number(value);
    // None asked for is what the server sees fit.
    this.size = Math.max(this.size ?? 0, size >= 1 ? size : this.unsaid);
  }
}

function ownOf(variables: Variables, name: string): unknown {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** The variables that are sizes themselves. */
function findSizes(document: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  const note = ({ name, value }: { readonly name: { readonly value: string }; readonly value: ValueNode }): void => {
    if (names.has(name.value) && value.kind === Kind.VARIABLE) found.add(value.name.value);
  };
  visit(document, { [Kind.ARGUMENT]: note, [Kind.OBJECT_FIELD]: note });
  return found;
}

/** Whether an argument says how long a list is, or something within it. */
export function isSize({ name, type }: { readonly name: string; readonly type: unknown }): boolean {
  return names.has(name) || hasSize(getNamedType(type as GraphQLInputType));
}

/** Whether there is a size within values of an input type. */
function hasSize(type: unknown, seen: Set<unknown> = new Set()): boolean {
  if (!isInputObjectType(type) || seen.has(type)) return false;
  seen.add(type);
  return Object.values(type.getFields()).some(
    (field) => names.has(field.name) || hasSize(getNamedType(field.type), seen),
  );
}
