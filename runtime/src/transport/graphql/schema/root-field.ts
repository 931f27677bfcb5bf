import type { DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { GraphQLResolveInfo } from "graphql";
import type { GraphQLMethod } from "../../../graphql/index.js";
import type { PageTokens } from "../../../paging/index.js";
import { toClient } from "../context/index.js";
import type { Inputs, MaskTypes, Read } from "../values/index.js";
import { compileImpliedMask } from "../values/index.js";
import { type PageReader, readSize, toConnection } from "./connection.js";
import { Cursors } from "./cursors.js";
import type { GraphQLHost } from "./dispatcher.js";
import { CallOfField } from "./field-call.js";
import { Stream } from "./subscription-stream.js";

type Args = Readonly<Record<string, unknown>>;

/** What a field of Query or Mutation does. */
export type Resolve = (source: unknown, args: Args, context: unknown, info: GraphQLResolveInfo) => Promise<unknown>;

/** What a field of a root type is made from. */
export interface RootFieldParts {
  readonly host: GraphQLHost;
  readonly inputs: Inputs;
  readonly mask: MaskTypes;
  /** What of a response is answered; undefined: it as a whole. */
  readonly answer: Read | undefined;
  readonly page: PageReader | undefined;
  /** What cursors are made by. */
  readonly pageTokens: PageTokens;
}

/** Makes a request of arguments. */
function compileRequest({ method, input, args }: GraphQLMethod, inputs: Inputs): (given: Args) => unknown {
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

/** The ProtoJSON of a message without anything in it. */
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

/** A field of Query or Mutation. */
export function createResolve(binding: GraphQLMethod, parts: RootFieldParts): Resolve {
  const { method } = binding;
  const { host, answer, page } = parts;
  if (page !== undefined) return createPagedResolve(binding, parts, page);
  const toRequest = compileRequest(binding, parts.inputs);
  return async (_source, args, context, info) => {
    try {
      const call = new CallOfField(context, method, info, parts.mask);
      const { response } = await host.dispatch(method, toRequest(args), call);
      return answer === undefined ? response : answer(response);
    } catch (error) {
      throw toClient(error, context);
    }
  };
}

/** A field of Query that is a connection. */
function createPagedResolve(binding: GraphQLMethod, parts: RootFieldParts, page: PageReader): Resolve {
  const { method, args: fields = {}, connection } = binding;
  const { host, pageTokens, mask } = parts;
  const { request } = method;
  const read = parts.inputs.reader(request.schema, fields);
  const { pageSize, pageToken } = connection as NonNullable<typeof connection>;
  return async (_source, args, context, info) => {
    try {
      const { first, after, ...rest } = args as Args & { first?: number | null; after?: string | null };
      const call = new CallOfField(context, method, info, mask);
      const codec = pageTokens.codec();
      const json = read(rest) as Record<string, JsonValue>;
      let message: unknown;
      const list = () => ({ method, request: message ?? request.fromJson(json), tenant: call.tenant ?? "" });
      const cursors = new Cursors(codec instanceof Promise ? await codec : codec, list);
      const place = cursors.read(after);
      const size = readSize(first, place);
      if (size !== undefined) json[pageSize] = size;
      if (place.token !== "") json[pageToken] = place.token;
      message = request.fromJson(json);
      const { response } = await host.dispatch(method, message, call);
      return toConnection(response, place, first, page, cursors);
    } catch (error) {
      throw toClient(error, context);
    }
  };
}

/** A field of Subscription that a server stream answers: its items, each as it comes. */
export function createSubscribe(
  binding: GraphQLMethod,
  parts: RootFieldParts,
): (source: unknown, args: Args, context: unknown, info: GraphQLResolveInfo) => Promise<AsyncIterable<unknown>> {
  const { method } = binding;
  const toRequest = compileRequest(binding, parts.inputs);
  return (_source, args, context, info) =>
    Stream.open(context, async (signal) => {
      const call = new CallOfField(context, method, info, parts.mask, signal);
      const { response } = await parts.host.dispatch(method, toRequest(args), call);
      return response as AsyncIterable<unknown>;
    });
}
