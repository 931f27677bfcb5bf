import {
  buildASTSchema,
  type GraphQLScalarType,
  type GraphQLSchema,
  isObjectType,
  isScalarType,
  isUnionType,
  parse,
} from "graphql";
import { eventsMethod, type FollowedEvent } from "../../../aggregate/index.js";
import type { CallOptions } from "../../../cqrs/index.js";
import type { GraphQLContract, GraphQLEvents, GraphQLMethod } from "../../../graphql/index.js";
import type { AnyCodec } from "../../../message/index.js";
import { type PageTokens, pageTokensFrom, randomSecret } from "../../../paging/index.js";
import { type GraphQLContext, type RequestLike, toClient, toContext } from "../context/index.js";
import { convertMessage, Inputs, Messages, scalars } from "../values/index.js";
import type { GraphQLHost } from "./dispatcher.js";
import { Entities } from "./entities.js";
import { federate } from "./federation.js";
import { CallOfField } from "./field-call.js";
import { mergeContracts } from "./merge-contracts.js";
import { ObjectReaders } from "./object-resolvers.js";
import { asPure, asReader } from "./resolver-traits.js";
import { createResolve, createSubscribe, type RootFieldParts } from "./root-field.js";
import { Stream } from "./subscription-stream.js";

export interface GraphQLSchemaOptions {
  /** The generated modules: `graphqlContract` of one or several. */
  readonly modules: readonly GraphQLContract[];
}

/** Functions by type and field, scalars by name: what servers and tools take as resolvers. */
export interface GraphQLResolvers {
  // biome-ignore lint/suspicious/noExplicitAny: servers have types of their own for resolvers, which only this fits
  readonly [type: string]: any;
}

/** An app as GraphQL: executable by itself, or in parts for other servers. */
export interface ExecutableGraphQL {
  readonly schema: GraphQLSchema;
  /** The schema in the schema definition language, with the directives of Apollo Federation where the contract has keys. */
  readonly typeDefs: string;
  readonly resolvers: GraphQLResolvers;
  /** What resolvers want of the context of an operation; add yours beside it. `call`: who calls, as you have found out. */
  context(request: RequestLike, call?: CallOptions): GraphQLContext;
}

/**
 * Binds the GraphQL schema of a contract to an app. What the modules say is compiled once, here. Throws if they do not fit
 * one another.
 */
export function createGraphQLSchema(host: GraphQLHost, { modules }: GraphQLSchemaOptions): ExecutableGraphQL {
  const contract = mergeContracts(modules);
  const messages = new Messages(codecsOf(contract));
  // Directives of the federation are defined by whoever composes it.
  const plain = buildASTSchema(parse(contract.typeDefs), { assumeValidSDL: true });
  const readers = new ObjectReaders(contract, messages, plain);
  const entities = new Entities(host, messages, contract.entities ?? {});
  const inputs = new Inputs(messages, contract.inputs, contract.enums);
  const { pageTokens = pageTokensFrom(async () => randomSecret()) } = host;
  const resolvers: Record<string, Record<string, unknown> | GraphQLScalarType> = {};
  const add = (type: string, fields: Readonly<Record<string, unknown>>) => {
    if (Object.keys(fields).length > 0) resolvers[type] = { ...resolvers[type], ...fields };
  };

  const partsOf = (type: string, name: string, binding: GraphQLMethod): RootFieldParts =>
    buildParts({ host, inputs, readers, schema: plain, pageTokens }, binding, type, name);
  for (const [type, fields] of [["Query", contract.query] as const, ["Mutation", contract.mutation] as const]) {
    for (const [name, binding] of Object.entries(fields)) {
      add(type, { [name]: createResolve(binding, partsOf(type, name, binding)) });
    }
  }
  for (const [name, binding] of Object.entries(contract.subscription)) {
    add("Subscription", {
      [name]:
        "aggregate" in binding
          ? followEvents(host, binding, messages)
          : subscribeTo(binding, partsOf("Subscription", name, binding)),
    });
  }
  for (const type of Object.keys(contract.objects)) add(type, readers.resolvers(type, entities));
  for (const type of readers.unions) add(type, { __resolveType: readers.resolveType() });
  for (const type of Object.values(plain.getTypeMap())) {
    const scalar = isScalarType(type) && Object.hasOwn(scalars, type.name) ? scalars[type.name] : undefined;
    if (scalar !== undefined) resolvers[type.name] = scalar;
  }
  const federated = federate(contract, entities, readers);
  for (const [type, fields] of Object.entries(federated.resolvers)) add(type, fields);
  const schema =
    federated.typeDefs === undefined ? plain : buildASTSchema(parse(federated.typeDefs), { assumeValidSDL: true });
  apply(schema, { ...resolvers, ...mergeRoot(resolvers, federated.root) });
  return { schema, typeDefs: contract.typeDefs, resolvers, context: toContext };
}

function mergeRoot(
  resolvers: Readonly<Record<string, unknown>>,
  root: Readonly<Record<string, Record<string, unknown>>>,
) {
  return Object.fromEntries(
    Object.entries(root).map(([type, fields]) => [type, { ...(resolvers[type] as object | undefined), ...fields }]),
  );
}

function codecsOf({ query, mutation, subscription, entities = {} }: GraphQLContract): readonly AnyCodec[] {
  const bound = [...Object.values(query), ...Object.values(mutation), ...Object.values(subscription)];
  const methods = [
    ...bound.flatMap((binding) => ("method" in binding ? [binding.method] : [])),
    ...Object.values(entities).flatMap(({ lookups }) => lookups.map(({ method }) => method)),
  ];
  const events = bound.flatMap((binding) =>
    "aggregate" in binding ? Object.values(binding.aggregate.definition.events) : [],
  );
  return [...methods.flatMap(({ request, response }) => [request, response]), ...events.map(({ codec }) => codec)];
}

interface Around {
  readonly host: GraphQLHost;
  readonly inputs: Inputs;
  readonly readers: ObjectReaders;
  readonly schema: GraphQLSchema;
  readonly pageTokens: PageTokens;
}

function buildParts(around: Around, binding: GraphQLMethod, type: string, name: string): RootFieldParts {
  const { host, inputs, readers, schema, pageTokens } = around;
  const { method, unwrap, connection } = binding;
  const root = schema.getType(type);
  const field = isObjectType(root) ? root.getFields()[name] : undefined;
  if (field === undefined) throw new Error(`the schema has no field ${type}.${name}: generate again`);
  const desc = method.response.schema;
  const itself = (property: string) => (message: unknown) => (message as Record<string, unknown>)[property];
  const read = (one: string) => readers.read(desc, one, "", field.type) ?? itself(one);
  return {
    host,
    inputs,
    pageTokens,
    mask: { ...readers.mask(), unwrap, connection },
    answer: unwrap === undefined ? convertMessage(desc, readers) : read(unwrap),
    page: connection && {
      items: read(connection.items),
      nextPageToken: read(connection.nextPageToken),
      others: Object.entries(connection.others ?? {}).map(([shown, one]) => [shown, read(one)] as const),
    },
  };
}

function subscribeTo(binding: GraphQLMethod, parts: RootFieldParts): object {
  const { answer } = parts;
  return {
    subscribe: createSubscribe(binding, parts),
    resolve: (item: unknown, _args: unknown, context: unknown) => {
      try {
        return answer === undefined ? item : answer(item);
      } catch (error) {
        throw toClient(error, context);
      }
    },
  };
}

/** The events of an aggregate: those that are there beyond a position, or only what comes from now on. */
function followEvents(host: GraphQLHost, binding: GraphQLEvents, { library }: Messages): object {
  const method = eventsMethod(binding.aggregate.definition);
  const subscribe = (_source: unknown, args: Readonly<Record<string, unknown>>, context: unknown) =>
    Stream.open(context, async (signal) => {
      const id = args[binding.id];
      const { after } = args;
      const request = method.request.fromJson({
        ...(typeof id === "string" && { id }),
        ...(typeof after === "string" && { after }),
      });
      const call = new CallOfField(context, method, undefined, undefined, signal);
      const { response } = await host.dispatch(method, request, call);
      return response as AsyncIterable<unknown>;
    });
  // The same event is the same object for all who follow it.
  const read = (event: unknown) => {
    const { position, id, version, at, name, message } = event as FollowedEvent;
    const told = library === "es" ? message : { ...(message as object), __typename: binding.events[name] };
    return { position, [binding.id]: id, version, at, event: told };
  };
  return { subscribe, resolve: asPure(asReader(read)) };
}

/** Sets the functions of resolvers where a schema wants them. */
function apply(schema: GraphQLSchema, resolvers: Readonly<Record<string, unknown>>): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const given = Object.hasOwn(resolvers, type.name) ? (resolvers[type.name] as Record<string, unknown>) : undefined;
    if (given === undefined) continue;
    if (isScalarType(type)) {
      // All that versions of graphql-js call them.
      for (const [name, value] of Object.entries(given))
        if (typeof value === "function") Object.assign(type, { [name]: value });
    } else if (isUnionType(type)) type.resolveType = given["__resolveType"] as never;
    else if (isObjectType(type)) {
      for (const [name, field] of Object.entries(type.getFields())) {
        const resolver = Object.hasOwn(given, name) ? given[name] : undefined;
        if (typeof resolver === "function") field.resolve = resolver as never;
        else if (resolver !== undefined) Object.assign(field, resolver);
      }
    }
  }
}
