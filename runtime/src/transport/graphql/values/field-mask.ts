import {
  type GraphQLResolveInfo,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from "graphql";
import type { GraphQLConnection } from "../../../graphql-bindings/index.js";

/** Maps the selection of a root field to fields of the response. */
export interface MaskTypes {
  /** The proto field of a field of an object type. undefined: the type has no message. */
  fieldOf(type: string, field: string): string | MaskUnion | MaskReference | undefined;
  readonly unwrap: string | undefined;
  readonly connection: GraphQLConnection | undefined;
}

/** Members of a oneof by the names of their types. */
export type MaskUnion = ReadonlyMap<string, string>;

/** A reference to an entity, of which the response contains only the key. */
export interface MaskReference {
  readonly key: string;
}

/** The selected fields of the response, as paths in proto names down to scalars. undefined: all fields may be needed. */
export function compileMask(info: GraphQLResolveInfo, types: MaskTypes): readonly string[] | undefined {
  const paths = new Set<string>();
  const type = getNamedType(info.returnType).name;
  for (const { selectionSet } of info.fieldNodes) {
    if (selectionSet === undefined) return types.unwrap === undefined ? undefined : [types.unwrap];
    const walk = new MaskBuilder(info, types, paths);
    if (types.connection !== undefined) walk.connection(selectionSet, types.connection);
    else if (types.unwrap === undefined) walk.fields(selectionSet, type, "");
    else walk.inside(selectionSet, type, types.unwrap);
  }
  return [...paths];
}

class MaskBuilder {
  private readonly info: GraphQLResolveInfo;
  private readonly types: MaskTypes;
  private readonly paths: Set<string>;

  constructor(info: GraphQLResolveInfo, types: MaskTypes, paths: Set<string>) {
    this.info = info;
    this.types = types;
    this.paths = paths;
  }

  connection(selection: SelectionSetNode, { items, nextPageToken, others = {} }: GraphQLConnection): void {
    this.paths.add(nextPageToken);
    for (const [name, inner] of this.each(selection)) {
      if (name === "nodes" && inner !== undefined) this.items(inner, items);
      else if (name === "edges" && inner !== undefined) {
        for (const [edge, node] of this.each(inner)) if (edge === "node" && node !== undefined) this.items(node, items);
        this.paths.add(items);
      } else if (name === "pageInfo") this.paths.add(items);
      else if (Object.hasOwn(others, name)) this.paths.add(others[name] as string);
    }
    // With paths inside the items, the items as a whole are not needed.
    if (this.hasPathsWithin(items)) this.paths.delete(items);
  }

  private items(selection: SelectionSetNode, items: string): void {
    const { schema, returnType } = this.info;
    const connection = schema.getType(getNamedType(returnType).name);
    const nodes = isObjectType(connection) ? connection.getFields()["nodes"] : undefined;
    if (nodes !== undefined) this.inside(selection, getNamedType(nodes.type).name, items);
  }

  fields(selection: SelectionSetNode, type: string, prefix: string): void {
    for (const [name, inner] of this.each(selection, type)) {
      const bound = this.types.fieldOf(type, name);
      if (bound === undefined) continue;
      if (typeof bound === "object" && "key" in bound) {
        this.paths.add(prefix + bound.key);
        continue;
      }
      if (typeof bound !== "string") {
        if (inner !== undefined) this.union(inner, bound, prefix);
        continue;
      }
      const target = inner === undefined ? undefined : this.typeOf(type, name);
      if (target === undefined || inner === undefined || this.types.fieldOf(target, "") === undefined) {
        this.paths.add(prefix + bound);
      } else this.inside(inner, target, prefix + bound);
    }
  }

  /** Adds the fields of a message. Without any, adds the message itself, since its presence must be known. */
  inside(selection: SelectionSetNode, type: string, path: string): void {
    this.fields(selection, type, `${path}.`);
    if (!this.hasPathsWithin(path)) this.paths.add(path);
  }

  private hasPathsWithin(path: string): boolean {
    return [...this.paths].some((one) => one.startsWith(`${path}.`));
  }

  private union(selection: SelectionSetNode, members: MaskUnion, prefix: string): void {
    for (const [type, member] of members) {
      // Needed to know which member is set.
      if (this.types.fieldOf(type, "") === undefined) this.paths.add(prefix + member);
      else this.inside(selection, type, prefix + member);
    }
  }

  private typeOf(type: string, field: string): string | undefined {
    const parent = this.info.schema.getType(type);
    const found = isObjectType(parent) ? parent.getFields()[field] : undefined;
    return found && getNamedType(found.type).name;
  }

  /** The fields of a selection, including those of fragments that apply to the type. */
  private *each(
    selection: SelectionSetNode,
    type?: string,
  ): Generator<readonly [string, SelectionSetNode | undefined]> {
    for (const node of selection.selections) {
      if (this.isSkipped(node)) continue;
      if (node.kind === Kind.FIELD) {
        if (node.name.value !== "__typename") yield [node.name.value, node.selectionSet];
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.info.fragments[node.name.value];
      if (fragment === undefined) continue;
      const on = fragment.typeCondition?.name.value;
      if (on === undefined || type === undefined || on === type || isAbstractType(this.info.schema.getType(on))) {
        yield* this.each(fragment.selectionSet, type);
      }
    }
  }

  private isSkipped(node: SelectionSetNode["selections"][number]): boolean {
    return (node.directives ?? []).some(({ name, arguments: given = [] }) => {
      const value = given.find((one) => one.name.value === "if")?.value;
      const set =
        value?.kind === Kind.VARIABLE
          ? variablesOf(this.info)[value.name.value]
          : value?.kind === Kind.BOOLEAN && value.value;
      return (name.value === "skip" && set === true) || (name.value === "include" && set === false);
    });
  }
}

/** graphql-js 17 keeps the raw variables next to the coerced ones. */
function variablesOf({ variableValues }: GraphQLResolveInfo): Readonly<Record<string, unknown>> {
  const values = variableValues as Readonly<Record<string, unknown>>;
  return "sources" in values && "coerced" in values ? (values["coerced"] as Readonly<Record<string, unknown>>) : values;
}
