import { type GraphQLFieldConfig, GraphQLObjectType, GraphQLSchema, validateSchema } from "graphql";
import type { Diagnostics } from "../../../diagnostics/index.js";
import { type Model, messagesOf } from "../../../model/index.js";
import { type Bindings, Entities, type Scope } from "../contract/index.js";
import { type Lock, type Named, RootNames } from "../names/index.js";
import { placeholderField, SchemaTypes } from "../types/index.js";
import { buildEvents, checkEvents, hasEvents } from "./events.js";
import { type Applied, applyDirectives } from "./federation.js";
import { reachTypes } from "./reachable-types.js";
import { buildRootField, nameOfMethod, rootOf } from "./root-fields.js";

/** A schema and the bindings to its contract. */
export interface BuiltSchema {
  readonly schema: GraphQLSchema;
  readonly bindings: Bindings;
  /** The types derived from parts of messages, by name. */
  readonly derived: ReadonlyMap<string, Named>;
  /** The federation directives; undefined if the schema is not a subgraph. */
  readonly federation: Applied | undefined;
}

/** Options for building a schema. */
export interface SchemaChoice {
  readonly federation: "auto" | "on" | "off";
  /** Names that clients use. Their elements keep them. */
  readonly lock: Lock;
}

type Fields = Record<string, GraphQLFieldConfig<unknown, unknown>>;

/** Builds the schema of a scope; undefined if the scope has no root field. */
export function buildSchema(
  model: Model,
  scope: Scope,
  { federation, lock: known }: SchemaChoice,
  diagnostics: Diagnostics,
): BuiltSchema | undefined {
  const services = scope.services.filter(({ desc }) => !model.graphql.service(desc).ignore);
  const entities = new Entities(model, services);
  const lock = ofModel(known, model);
  const types = new SchemaTypes(model, { ...scope, services }, entities, lock, diagnostics);
  const roots = buildRoots(types, scope, services, entities);
  if (Object.values(roots).every((fields) => Object.keys(fields).length === 0)) return undefined;
  const federated = new Map(
    scope.files
      .flatMap(({ desc }) => messagesOf(desc))
      .flatMap((desc) => {
        const entity = entities.find(desc);
        // Types with a key are in the schema even if no query returns them.
        return entity?.federated === true ? [[types.object(desc), entity] as const] : [];
      }),
  );
  for (const [type, entity] of federated) {
    types.bindings.entities.set(type.name, { lookups: entities.lookups(entity), federated: true });
  }
  const query = objectOf("Query", Object.keys(roots.query).length === 0 ? placeholderField : roots.query);
  const [mutation, subscription] = [objectOf("Mutation", roots.mutation), objectOf("Subscription", roots.subscription)];
  const all = reachTypes([...federated.keys(), query, mutation, subscription]);
  const schema = new GraphQLSchema({ query, mutation, subscription, types: all });
  checkValid(schema);
  const applied = applyDirectives(types, types.outputMessages, (desc) => {
    const entity = entities.find(desc);
    return entity === undefined ? [] : entities.lookups(entity);
  });
  const wanted = federation === "on" || (federation === "auto" && applied.size > 0);
  const { bindings, names } = types;
  return { schema, bindings, derived: names.derived, federation: wanted ? applied : undefined };
}

/** The part of a lock whose elements exist. Names of removed elements are free again. */
function ofModel(lock: Lock, { all }: Model): Lock {
  const elements = new Set<string>();
  for (const { desc, services } of all) {
    for (const { typeName } of desc.enums) elements.add(typeName);
    for (const { desc: service, methods } of services) {
      for (const method of methods) elements.add(`${service.typeName}.${method.desc.name}`);
    }
    for (const message of messagesOf(desc)) {
      elements.add(message.typeName);
      for (const { typeName } of message.nestedEnums) elements.add(typeName);
      for (const { name } of [...message.fields, ...message.oneofs]) elements.add(`${message.typeName}.${name}`);
    }
  }
  // Placeholder fields are kept by the type they belong to.
  return new Map(
    [...lock].filter(([name, element]) => elements.has(element.replace(/ \(.*\)$/, "")) || name.endsWith("._")),
  );
}

function objectOf(name: string, fields: Fields): GraphQLObjectType | null {
  return Object.keys(fields).length === 0 ? null : new GraphQLObjectType({ name, fields });
}

function buildRoots(types: SchemaTypes, scope: Scope, services: Scope["services"], entities: Entities) {
  const roots: Record<"query" | "mutation" | "subscription", Fields> = { query: {}, mutation: {}, subscription: {} };
  const names = new RootNames(types.diagnostics, types.isAnnotated, types.lock);
  // Names set by options are taken first, so that no derived name occupies them.
  const methods = services.flatMap((service) => service.methods).filter(({ desc }) => !types.facts.method(desc).ignore);
  const chosen = (name: string) => (name === "" ? 1 : 0);
  const ordered = methods.toSorted(
    (a, b) => chosen(types.facts.method(a.desc).name) - chosen(types.facts.method(b.desc).name),
  );
  const named = new Map<(typeof methods)[number], readonly [keyof typeof roots, string]>();
  for (const method of ordered) {
    const root = rootOf(types, method);
    if (root !== undefined) named.set(method, [root, nameOfMethod(types, method, root, names)]);
  }
  for (const method of methods) {
    const [root, name] = named.get(method) ?? [];
    if (root === undefined || name === undefined) continue;
    const { field, binding } = buildRootField(types, method, root, entities);
    roots[root][name] = field;
    types.bindings[root].set(name, binding);
  }
  const aggregates = scope.files.flatMap((file) => file.aggregates);
  const known = new Set(aggregates.map(({ desc }) => desc));
  for (const desc of scope.files.flatMap((file) => messagesOf(file.desc))) checkEvents(types, desc, known);
  for (const aggregate of aggregates) {
    if (!hasEvents(types, aggregate)) continue;
    const { name, field, binding } = buildEvents(types, aggregate);
    const taken = names.derive("subscription", name);
    roots.subscription[taken] = field;
    types.bindings.subscription.set(taken, binding);
  }
  return roots;
}

/** Throws if graphql-js rejects the schema, which is a bug in Potter. */
function checkValid(schema: GraphQLSchema): void {
  const errors = validateSchema(schema);
  if (errors.length > 0) throw new Error(`the schema is not valid: ${errors.map(({ message }) => message).join("; ")}`);
}
