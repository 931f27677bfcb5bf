import {
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  visit,
} from "graphql";
import { PotterError } from "../../../errors/index.js";
import type { GraphQLContract } from "../../../graphql-bindings/index.js";

const roots = ["Query", "Mutation", "Subscription"];

/** Merges modules: joins the fields of root types. Other types that several modules define must be equal. */
export function mergeContracts(modules: readonly GraphQLContract[]): GraphQLContract {
  const [first, ...more] = modules;
  if (first === undefined) throw invalid("modules is empty: a GraphQL schema needs at least one generated module");
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
    else if (definition.kind === Kind.SCHEMA_EXTENSION) definitions.set(key, mergeLinks(known, definition));
    else if (print(known) !== print(definition)) {
      throw invalid(`the modules define type ${name} differently: rename one of them with its GraphQL option`);
    }
  }
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [...definitions.values()] };
  return `${print(document)}\n`;
}

/** Merges the imports of two `@link` directives. */
function mergeLinks(known: DefinitionNode, added: DefinitionNode): DefinitionNode {
  const imports = (node: DefinitionNode) => {
    const [link] = node.kind === Kind.SCHEMA_EXTENSION ? (node.directives ?? []) : [];
    const value = link?.arguments?.find(({ name }) => name.value === "import")?.value;
    return value?.kind === Kind.LIST ? value.values : [];
  };
  const names = new Map([...imports(known), ...imports(added)].map((value) => [print(value), value]));
  const values = [...names.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  return visit(known, {
    Argument: (argument) =>
      argument.name.value === "import" ? { ...argument, value: { kind: Kind.LIST, values } } : undefined,
  });
}

function mergeFields(known: DefinitionNode, added: DefinitionNode): ObjectTypeDefinitionNode {
  const [one, other] = [known, added] as [ObjectTypeDefinitionNode, ObjectTypeDefinitionNode];
  const names = new Set(one.fields?.map(({ name }) => name.value));
  const clash = other.fields?.find(({ name }) => names.has(name.value) && name.value !== placeholder);
  if (clash !== undefined) {
    throw invalid(
      `two modules have the field ${one.name.value}.${clash.name.value}: rename one with its GraphQL option`,
    );
  }
  const fields = [...(one.fields ?? []), ...(other.fields ?? [])].filter(({ name }) => name.value !== placeholder);
  return fields.length === 0 ? one : { ...one, fields };
}

/** The field of an otherwise empty type. */
const placeholder = "_";

function invalid(message: string): PotterError {
  return new PotterError("invalid_argument", message);
}
