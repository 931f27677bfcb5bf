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
import type { GraphQLContract, GraphQLEvents, GraphQLMethod } from "../../../graphql-bindings/index.js";
import type { AnyCodec } from "../../../message/index.js";
import { type PageTokens, pageTokensFrom, randomSecret } from "../../../paging/index.js";
import { type GraphQLContext, type RequestLike, toClientError, toContext } from "../context/index.js";
import { convertMessage, InputReaders, MessageTypes, scalars, staleModule } from "../values/index.js";
import type { GraphQLDispatcher } from "./dispatcher.js";
import { EntityFinder } from "./entities.js";
import { federate } from "./federation.js";
import { FieldCall } from "./field-call.js";
import { mergeContracts } from "./merge-contracts.js";
import { ObjectReaders } from "./object-resolvers.js";
import { asPure, asSourceResolver } from "./resolver-traits.js";
import { createResolve, createSubscribe, type RootFieldDependencies } from "./root-field.js";
import { SubscriptionStream } from "./subscription-stream.js";

/** Options of `createGraphQLSchema`. */
export interface GraphQLSchemaOptions {
  /** The generated modules, one or several `graphqlContract`. */
  readonly modules: readonly GraphQLContract[];
}

/** A resolver map: functions by type and field, scalars by name. */
export interface GraphQLResolvers {
  /** The resolvers of an object type by field, or a scalar. */
  // biome-ignore lint/suspicious/noExplicitAny: servers have types of their own for resolvers, which only this fits
  readonly [type: string]: any;
}

/** The GraphQL schema of an app, for graphql-js and for other servers. */
export interface ExecutableGraphQL {
  /** The executable schema, with resolvers that call the app. */
  readonly schema: GraphQLSchema;
  /** The schema as SDL, with the directives of Apollo Federation if the contract has keys. */
  readonly typeDefs: string;
  /** The resolvers, for servers that combine them with `typeDefs`. */
  readonly resolvers: GraphQLResolvers;
  /** Creates the context of an operation, to which you may add properties. `call`: the caller, as you identified it. */
  context(request: RequestLike, call?: CallOptions): GraphQLContext;
}

/**
 * Creates the executable GraphQL schema of an app from generated modules, for servers other than the `graphql` transport.
 * Throws `invalid_argument` if the modules contradict each other.
 */
export function createGraphQLSchema(
  dispatcher: GraphQLDispatcher,
  { modules }: GraphQLSchemaOptions,
): ExecutableGraphQL {
  const contract = mergeContracts(modules);
  const messages = new MessageTypes(codecsOf(contract));
  // Not validated: the directives of Apollo Federation are defined by the composer.
  const plain = buildASTSchema(parse(contract.typeDefs), { assumeValidSDL: true });
  const readers = new ObjectReaders(contract, messages, plain);
  const entities = new EntityFinder(dispatcher, messages, contract.entities ?? {});
  const inputs = new InputReaders(messages, contract.inputs, contract.enums);
  const { pageTokens = pageTokensFrom(async () => randomSecret()) } = dispatcher;
  const resolvers: Record<string, Record<string, unknown> | GraphQLScalarType> = {};
  const add = (type: string, fields: Readonly<Record<string, unknown>>) => {
    if (Object.keys(fields).length > 0) resolvers[type] = { ...resolvers[type], ...fields };
  };

  const partsOf = (type: string, name: string, binding: GraphQLMethod): RootFieldDependencies =>
    buildParts({ dispatcher, inputs, readers, schema: plain, pageTokens }, binding, type, name);
  for (const [type, fields] of [["Query", contract.query] as const, ["Mutation", contract.mutation] as const]) {
    for (const [name, binding] of Object.entries(fields)) {
      add(type, { [name]: createResolve(binding, partsOf(type, name, binding)) });
    }
  }
  for (const [name, binding] of Object.entries(contract.subscription)) {
    add("Subscription", {
      [name]:
        "aggregate" in binding
          ? followEvents(dispatcher, binding, messages)
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

interface SchemaParts {
  readonly dispatcher: GraphQLDispatcher;
  readonly inputs: InputReaders;
  readonly readers: ObjectReaders;
  readonly schema: GraphQLSchema;
  readonly pageTokens: PageTokens;
}

function buildParts(around: SchemaParts, binding: GraphQLMethod, type: string, name: string): RootFieldDependencies {
  const { dispatcher, inputs, readers, schema, pageTokens } = around;
  const { method, unwrap, connection } = binding;
  const root = schema.getType(type);
  const field = isObjectType(root) ? root.getFields()[name] : undefined;
  if (field === undefined) throw staleModule(`the schema has no field ${type}.${name}`);
  const desc = method.response.schema;
  const itself = (property: string) => (message: unknown) => (message as Record<string, unknown>)[property];
  const read = (one: string) => readers.read(desc, one, "", field.type) ?? itself(one);
  return {
    dispatcher,
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

function subscribeTo(binding: GraphQLMethod, parts: RootFieldDependencies): object {
  const { answer } = parts;
  return {
    subscribe: createSubscribe(binding, parts),
    resolve: (item: unknown, _args: unknown, context: unknown) => {
      try {
        return answer === undefined ? item : answer(item);
      } catch (error) {
        throw toClientError(error, context);
      }
    },
  };
}

/** Creates the resolvers of a field that follows the events of an aggregate: all after a position, or only new ones. */
function followEvents(dispatcher: GraphQLDispatcher, binding: GraphQLEvents, { library }: MessageTypes): object {
  const method = eventsMethod(binding.aggregate.definition);
  const subscribe = (_source: unknown, args: Readonly<Record<string, unknown>>, context: unknown) =>
    SubscriptionStream.open(context, async (signal) => {
      const id = args[binding.id];
      const { after } = args;
      const request = method.request.fromJson({
        ...(typeof id === "string" && { id }),
        ...(typeof after === "string" && { after }),
      });
      const call = new FieldCall(context, method, undefined, undefined, signal);
      const { response } = await dispatcher.dispatch(method, request, call);
      return response as AsyncIterable<unknown>;
    });
  // Pure: all subscribers of an event receive the same object.
  const read = (event: unknown) => {
    const { position, id, version, at, name, message } = event as FollowedEvent;
    const typed = library === "es" ? message : { ...(message as object), __typename: binding.events[name] };
    return { position, [binding.id]: id, version, at, event: typed };
  };
  return { subscribe, resolve: asPure(asSourceResolver(read)) };
}

/** Sets the resolvers in an executable schema. */
function apply(schema: GraphQLSchema, resolvers: Readonly<Record<string, unknown>>): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const given = Object.hasOwn(resolvers, type.name) ? (resolvers[type.name] as Record<string, unknown>) : undefined;
    if (given === undefined) continue;
    if (isScalarType(type)) {
      // All functions, since versions of graphql-js name them differently.
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
