import type { DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { GraphQLResolveInfo } from "graphql";
import type { GraphQLMethod } from "../../../graphql-bindings/index.js";
import type { PageTokens } from "../../../paging/index.js";
import { toClientError } from "../context/index.js";
import type { InputReaders, MaskTypes, ReadField } from "../values/index.js";
import { compileImpliedMask } from "../values/index.js";
import { type PageReader, readSize, toConnection } from "./connection.js";
import { Cursors } from "./cursors.js";
import type { GraphQLDispatcher } from "./dispatcher.js";
import { FieldCall } from "./field-call.js";
import { SubscriptionStream } from "./subscription-stream.js";

type Args = Readonly<Record<string, unknown>>;

/** Resolver of a field of Query or Mutation. */
export type ResolveRootField = (
  source: unknown,
  args: Args,
  context: unknown,
  info: GraphQLResolveInfo,
) => Promise<unknown>;

/** What the resolver of a root field needs. */
export interface RootFieldDependencies {
  readonly dispatcher: GraphQLDispatcher;
  readonly inputs: InputReaders;
  readonly mask: MaskTypes;
  /** Reads the result from the response; undefined: the response is the result. */
  readonly answer: ReadField | undefined;
  readonly page: PageReader | undefined;
  /** Seals cursors. */
  readonly pageTokens: PageTokens;
}

/** Compiles the conversion of arguments to a request. */
function compileRequest({ method, input, args }: GraphQLMethod, inputs: InputReaders): (given: Args) => unknown {
  const { request } = method;
  const desc: DescMessage = request.schema;
  if (input !== undefined) {
    const read = inputs.whole(desc);
    const addMask = compileImpliedMask(method);
    return (given) => {
      const value = given[input];
      const json = value === undefined || value === null ? emptyOf(desc) : read(value);
      addMask?.(json as JsonObject);
      return request.fromJson(json);
    };
  }
  const read = inputs.reader(desc, args ?? {});
  return (given) => request.fromJson(read(given));
}

/** The ProtoJSON of an empty message. */
function emptyOf({ typeName }: DescMessage): JsonValue {
  switch (typeName) {
    case "google.protobuf.Timestamp":
      return "1970-01-01T00:00:00Z";
    case "google.protobuf.Duration":
      return "0s";
    case "google.protobuf.FieldMask":
    case "google.protobuf.StringValue":
    case "google.protobuf.BytesValue":
      return "";
    case "google.protobuf.Value":
      return null;
    case "google.protobuf.ListValue":
      return [];
    case "google.protobuf.BoolValue":
      return false;
  }
  return /^google\.protobuf\.\w+Value$/.test(typeName) ? 0 : {};
}

/** Creates the resolver of a field of Query or Mutation. */
export function createResolve(binding: GraphQLMethod, dependencies: RootFieldDependencies): ResolveRootField {
  const { method } = binding;
  const { dispatcher, answer, page } = dependencies;
  if (page !== undefined) return createPagedResolve(binding, dependencies, page);
  const toRequest = compileRequest(binding, dependencies.inputs);
  return async (_source, args, context, info) => {
    try {
      const call = new FieldCall(context, method, info, dependencies.mask);
      const { response } = await dispatcher.dispatch(method, toRequest(args), call);
      return answer === undefined ? response : answer(response);
    } catch (error) {
      throw toClientError(error, context);
    }
  };
}

/** Creates the resolver of a connection. */
function createPagedResolve(
  binding: GraphQLMethod,
  dependencies: RootFieldDependencies,
  page: PageReader,
): ResolveRootField {
  const { method, args: fields = {}, connection } = binding;
  const { dispatcher, pageTokens, mask } = dependencies;
  const { request } = method;
  const read = dependencies.inputs.reader(request.schema, fields);
  const { pageSize, pageToken } = connection as NonNullable<typeof connection>;
  return async (_source, args, context, info) => {
    try {
      const { first, after, ...rest } = args as Args & { first?: number | null; after?: string | null };
      const call = new FieldCall(context, method, info, mask);
      const codec = pageTokens.codec();
      const json = read(rest) as Record<string, JsonValue>;
      let message: unknown;
      const list = () => ({ method, request: message ?? request.fromJson(json), tenant: call.tenant ?? "" });
      const cursors = new Cursors(codec instanceof Promise ? await codec : codec, list);
      const position = cursors.read(after);
      const size = readSize(first, position);
      if (size !== undefined) json[pageSize] = size;
      if (position.token !== "") json[pageToken] = position.token;
      message = request.fromJson(json);
      const { response } = await dispatcher.dispatch(method, message, call);
      return toConnection(response, position, first, page, cursors);
    } catch (error) {
      throw toClientError(error, context);
    }
  };
}

/** Creates the `subscribe` function of a field that follows a server stream. */
export function createSubscribe(
  binding: GraphQLMethod,
  dependencies: RootFieldDependencies,
): (source: unknown, args: Args, context: unknown, info: GraphQLResolveInfo) => Promise<AsyncIterable<unknown>> {
  const { method } = binding;
  const toRequest = compileRequest(binding, dependencies.inputs);
  return (_source, args, context, info) =>
    SubscriptionStream.open(context, async (signal) => {
      const call = new FieldCall(context, method, info, dependencies.mask, signal);
      const { response } = await dependencies.dispatcher.dispatch(method, toRequest(args), call);
      return response as AsyncIterable<unknown>;
    });
}
