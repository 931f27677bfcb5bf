import { type DefinitionNode, type DocumentNode, Kind, type ObjectTypeDefinitionNode, parse, print } from "graphql";
import type { GraphQLContract } from "../../../graphql/index.js";

const roots = ["Query", "Mutation", "Subscription"];

/** Several modules as one: fields of the root types come together, types that several have must be the same. */
export function mergeContracts(modules: readonly GraphQLContract[]): GraphQLContract {
  const [first, ...more] = modules;
  if (first === undefined) throw new Error("a GraphQL schema needs at least one generated module");
  return more.reduce(merge, first);
}

function merge(one: GraphQLContract, other: GraphQLContract): GraphQLContract {
  const entities = { ...one.entities, ...other.entities };
  return {
    typeDefs: mergeTypeDefs(one.typeDefs, other.typeDefs),
    query: { ...one.query, ...other.query },
    mutation: { ...one.mutation, ...other.mutation },
    subscription: { ...one.subscription, ...other.subscription },
    objects: { ...one.objects, ...other.objects },
    inputs: { ...one.inputs, ...other.inputs },
    enums: { ...one.enums, ...other.enums },
    ...(Object.keys(entities).length > 0 && { entities }),
  };
}

function mergeTypeDefs(one: string, other: string): string {
  const definitions = new Map<string, DefinitionNode>();
  for (const definition of [...parse(one).definitions, ...parse(other).definitions]) {
    const name = "name" in definition ? (definition.name?.value ?? "") : "";
    const key = `${definition.kind} ${name}`;
    const known = definitions.get(key);
    if (known === undefined) definitions.set(key, definition);
    else if (roots.includes(name)) definitions.set(key, mergeFields(known, definition));
    else if (definition.kind !== Kind.SCHEMA_EXTENSION && print(known) !== print(definition)) {
      throw new Error(
        `the modules have two types ${name} that differ: give one of them another name in its GraphQL option`,
      );
    }
  }
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [...definitions.values()] };
  return `${print(document)}\n`;
}

function mergeFields(known: DefinitionNode, added: DefinitionNode): ObjectTypeDefinitionNode {
  const [one, other] = [known, added] as [ObjectTypeDefinitionNode, ObjectTypeDefinitionNode];
  const names = new Set(one.fields?.map(({ name }) => name.value));
  const clash = other.fields?.find(({ name }) => names.has(name.value) && name.value !== "_");
  if (clash !== undefined) {
    throw new Error(`two modules have the field ${one.name.value}.${clash.name.value}: name one in its GraphQL option`);
  }
  const fresh = other.fields?.filter(({ name }) => name.value !== "_") ?? [];
  return { ...one, fields: [...(one.fields ?? []), ...fresh] };
}
