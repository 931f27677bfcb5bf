import { GraphQLError, Kind, parse, print } from "graphql";
import type { GraphQLContract } from "../../../graphql-bindings/index.js";
import type { EntityFinder } from "./entities.js";
import type { ObjectReaders } from "./object-resolvers.js";

/** What makes a schema a subgraph of Apollo Federation. */
export interface Federated {
  /** The schema with the fields that gateways query; undefined if the schema is no subgraph. */
  readonly typeDefs: string | undefined;
  /** Reference resolvers of entities, as `buildSubgraphSchema` of Apollo accepts them. */
  readonly resolvers: Readonly<Record<string, Record<string, unknown>>>;
  /** Resolvers of the fields that gateways query. */
  readonly root: Readonly<Record<string, Record<string, unknown>>>;
}

type Representation = Readonly<Record<string, unknown>>;

/** Creates the resolvers of the entities of a contract for gateways. */
export function federate(contract: GraphQLContract, entities: EntityFinder, readers: ObjectReaders): Federated {
  if (!/^extend schema @link\(/m.test(contract.typeDefs)) return { typeDefs: undefined, resolvers: {}, root: {} };
  const types = Object.entries(contract.entities ?? {}).flatMap(([type, { federated, lookups }]) =>
    federated === true && lookups.length > 0 ? [type] : [],
  );
  const { fieldOf } = readers.mask();
  const nameOf = (type: string, name: string) => {
    const bound = fieldOf(type, name);
    return typeof bound === "string" ? bound : name;
  };
  const toProto = (type: string, given: Representation) =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [nameOf(type, name), value]));
  // Async, so that it never throws synchronously: rejections of earlier items in the list would be unhandled.
  const resolve = async (type: string, given: Representation, context: unknown) => {
    if (!types.includes(type)) {
      throw new GraphQLError(`there is no entity ${type}`, { extensions: { code: "INVALID_ARGUMENT" } });
    }
    const found = entities.byRepresentation(type, toProto(type, given), context);
    if (found === undefined) {
      const message = `${type} cannot be found by ${Object.keys(given)
        .filter((name) => name !== "__typename")
        .join(", ")}`;
      throw new GraphQLError(message, { extensions: { code: "INVALID_ARGUMENT" } });
    }
    const entity = await found;
    return entity === null || typeof entity !== "object" ? null : withType(entity, type, readers.library);
  };
  const resolvers = Object.fromEntries(
    types.map((type) => [
      type,
      { __resolveReference: (given: Representation, context: unknown) => resolve(type, given, context) },
    ]),
  );
  const _entities = (_source: unknown, args: { representations: readonly Representation[] }, context: unknown) =>
    args.representations.map((given) => resolve(String(given["__typename"]), given, context));
  const root = {
    Query: { ...(types.length > 0 && { _entities }), _service: () => ({ sdl: contract.typeDefs }) },
    ...(types.length > 0 && { _Entity: { __resolveType: readers.resolveType() } }),
  };
  return { typeDefs: extend(contract.typeDefs, types), resolvers, root };
}

/** Adds the type name, by which a union distinguishes its members. */
function withType(entity: object, type: string, library: ObjectReaders["library"]): object {
  return library === "es" ? entity : { ...entity, __typename: type };
}

function extend(typeDefs: string, types: readonly string[]): string {
  const entitiesField = types.length > 0 ? "_entities(representations: [_Any!]!): [_Entity]! " : "";
  const added = parse(`type Query { ${entitiesField}_service: _Service! }`).definitions[0];
  const document = parse(typeDefs);
  const definitions = document.definitions.flatMap((definition) => {
    if (definition.kind === Kind.SCHEMA_EXTENSION) return [];
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION || definition.name.value !== "Query") return [definition];
    const more = added?.kind === Kind.OBJECT_TYPE_DEFINITION ? (added.fields ?? []) : [];
    return [{ ...definition, fields: [...(definition.fields ?? []), ...more] }];
  });
  const entity = types.length > 0 ? `scalar _Any\nunion _Entity = ${types.join(" | ")}\n` : "";
  return `${print({ ...document, definitions })}\n${entity}type _Service { sdl: String }\n`;
}
