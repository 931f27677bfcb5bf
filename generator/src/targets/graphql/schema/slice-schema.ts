import { type GraphQLFieldConfig, GraphQLObjectType, GraphQLSchema, isObjectType } from "graphql";
import { messagesOf } from "../../../model/index.js";
import { Bindings, type EventsBinding, type MethodBinding, type Scope } from "../contract/index.js";
import { placeholderField } from "../types/index.js";
import type { BuiltSchema } from "./build-schema.js";
import { reachTypes } from "./reachable-types.js";

type Fields = Record<string, GraphQLFieldConfig<unknown, unknown>>;

/**
 * Returns the part of a schema that belongs to some files and services, with all types reachable from it; undefined
 * if it has no root field. Shared types are identical in all parts, so that the parts merge into the whole schema.
 */
export function sliceSchema(
  { schema, bindings, derived, federation }: BuiltSchema,
  scope: Scope,
): BuiltSchema | undefined {
  const files = new Set(scope.files.map(({ desc }) => desc));
  const services = new Set(scope.services.map(({ desc }) => desc));
  const belongs = (binding: MethodBinding | EventsBinding) =>
    "aggregate" in binding ? files.has(binding.aggregate.desc.file) : services.has(binding.method.desc.parent);
  const part = new Bindings();
  copy(bindings.query, part.query, (_, binding) => belongs(binding));
  copy(bindings.mutation, part.mutation, (_, binding) => belongs(binding));
  copy(bindings.subscription, part.subscription, (_, binding) => belongs(binding));
  if (part.query.size + part.mutation.size + part.subscription.size === 0) return undefined;

  const query =
    pick(schema.getQueryType(), part.query) ?? new GraphQLObjectType({ name: "Query", fields: placeholderField });
  const mutation = pick(schema.getMutationType(), part.mutation);
  const subscription = pick(schema.getSubscriptionType(), part.subscription);
  const messages = new Set([...files].flatMap((file) => messagesOf(file).map(({ typeName }) => typeName)));
  const entities = [...bindings.entities].flatMap(([name, { federated }]) => {
    const type = schema.getType(name);
    const isHere = messages.has(bindings.objects.get(name)?.message ?? "");
    return federated && isHere && isObjectType(type) ? [type] : [];
  });
  const types = reachTypes([...entities, query, mutation, subscription]);
  const sliced = new GraphQLSchema({ query, mutation, subscription, types });
  const isThere = (name: string) => sliced.getType(name) !== undefined;
  copy(bindings.objects, part.objects, isThere);
  copy(bindings.inputs, part.inputs, isThere);
  copy(bindings.enums, part.enums, isThere);
  copy(bindings.entities, part.entities, isThere);
  return { schema: sliced, bindings: part, derived, federation };
}

function copy<T>(from: ReadonlyMap<string, T>, to: Map<string, T>, fits: (name: string, value: T) => boolean): void {
  for (const [name, value] of from) if (fits(name, value)) to.set(name, value);
}

function pick(
  type: GraphQLObjectType | null | undefined,
  bindings: ReadonlyMap<string, unknown>,
): GraphQLObjectType | null {
  const config = type?.toConfig();
  if (config === undefined || bindings.size === 0) return null;
  const fields: Fields = Object.fromEntries(Object.entries(config.fields).filter(([name]) => bindings.has(name)));
  return new GraphQLObjectType({ ...config, fields });
}
