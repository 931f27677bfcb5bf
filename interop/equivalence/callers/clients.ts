import {
  type Client,
  connectTransport,
  createClient,
  isPotterClientError,
  type PotterClientError,
  type Transport,
} from "@potter/client";
import { grpcTransport } from "@potter/client/grpc";
import { localTransport } from "@potter/client/local";
import { restTransport } from "@potter/client/rest";
import type { TsProtoMessage } from "@potter/client/ts-proto";
import { webSocketTransport } from "@potter/client/websocket";
import { type App, streamItemIdOf } from "@potter/runtime";
import { WebSocket } from "ws";
import type { Caller, Outcome, TrialCall } from "../caller.js";
import { comparableField, isEncodable } from "../caller.js";
import * as json from "../gen/json/trial/v1/trial_client.js";
import * as binary from "../gen/trial/v1/trial_client.js";
import * as tsProtoMessages from "../gen/ts-proto/trial/v1/trial.js";
import * as tsProto from "../gen/ts-proto/trial/v1/trial_client.js";
import { rest } from "./rest.js";

type Flavour = "plain JSON" | "protobuf-es" | "ts-proto";
type AnyCodec = TrialCall["method"]["request"];

/** The functions of the generated client, and how its messages are made from ProtoJSON and shown as such. */
const flavours: Readonly<Record<Flavour, FlavourOf>> = {
  "plain JSON": { functions: json, fromJson: (_, value) => value, toJson: (_, message) => message },
  "protobuf-es": {
    functions: binary,
    fromJson: (codec, value) => codec.fromJson(value as never),
    toJson: (codec, message) => codec.toJson(message as never),
  },
  "ts-proto": {
    functions: tsProto,
    // By way of the binary form: the JSON of ts-proto accepts invalid input.
    fromJson: (codec, value) => tsProtoType(codec).decode(codec.encode(codec.fromJson(value as never))),
    toJson: (codec, message) => codec.toJson(codec.decode(tsProtoType(codec).encode(message).finish())),
  },
};

interface FlavourOf {
  readonly functions: object;
  readonly fromJson: (codec: AnyCodec, value: unknown) => unknown;
  readonly toJson: (codec: AnyCodec, message: unknown) => unknown;
}

function tsProtoType({ typeName }: AnyCodec): TsProtoMessage<unknown> {
  const types = tsProtoMessages as unknown as Readonly<Record<string, TsProtoMessage<unknown>>>;
  return types[typeName.replace("trial.v1.", "")] as TsProtoMessage<unknown>;
}

/** A function of a generated client, whatever its types. */
type Method = (
  client: Client,
  request: unknown,
  options: object,
) => PromiseLike<unknown> &
  AsyncIterable<unknown> & {
    result(): Promise<{ readonly response: unknown; readonly version?: number }>;
  };

interface Surface {
  readonly flavour: Flavour;
  readonly transport: (url: string, app: App) => Transport;
}

const surfaces: Readonly<Record<string, Surface>> = {
  "client over Connect": { flavour: "plain JSON", transport: (baseUrl) => connectTransport({ baseUrl }) },
  "client over Connect, binary": {
    flavour: "protobuf-es",
    transport: (baseUrl) => connectTransport({ baseUrl, format: "proto" }),
  },
  "client over Connect, ts-proto": {
    flavour: "ts-proto",
    transport: (baseUrl) => connectTransport({ baseUrl, format: "proto" }),
  },
  "client over REST": { flavour: "plain JSON", transport: (baseUrl) => restTransport({ baseUrl }) },
  "client over WebSocket": {
    flavour: "plain JSON",
    transport: (url) => webSocketTransport({ url: `${url.replace("http", "ws")}/ws`, webSocket: WebSocket as never }),
  },
  "client over gRPC, JSON": { flavour: "plain JSON", transport: (baseUrl) => grpcTransport({ baseUrl }) },
  "client over gRPC": { flavour: "protobuf-es", transport: (baseUrl) => grpcTransport({ baseUrl }) },
  "client in process": {
    flavour: "plain JSON",
    transport: (_, app) => localTransport(app, { itemId: streamItemIdOf }),
  },
};

/** The generated clients, over each transport. */
export const clients: readonly (readonly [name: string, create: (url: string, app: App) => Caller])[] = Object.entries(
  surfaces,
).map(([name, surface]) => [name, (url, app) => toCaller(name, surface, url, app)]);

function toCaller(name: string, { flavour, transport }: Surface, url: string, app: App): Caller {
  // Each call is made once: a second attempt would hide what the first one got.
  const client = createClient({ transport: transport(url, app), retry: false });
  return {
    name,
    excludes(call) {
      if (!isEncodable(call)) return "the types of a client exclude what is no ProtoJSON of its messages";
      if (name.endsWith("REST")) return rest(url).excludes?.(call);
      const { stream } = call.method;
      if (name.includes("Connect") && stream === "bidi") return "fetch reads no answer before it has sent all requests";
      return undefined;
    },
    call: (call) => callBy(client, flavour, call),
    close: () => client.close(),
  };
}

async function callBy(client: Client, flavour: Flavour, call: TrialCall): Promise<Outcome> {
  const { method, requests, commandId, expectedVersion, after, timeout, cancel, take } = call;
  const name = method.name.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  const { functions, fromJson, toJson } = flavours[flavour];
  const send = (functions as Record<string, Method>)[name] as Method;
  const messages = requests.map((request) => fromJson(method.request, request));
  const options = {
    ...(commandId !== undefined && { commandId }),
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(after !== undefined && { lastEventId: after }),
    ...(timeout !== undefined && { timeout }),
    ...(cancel !== undefined && { signal: cancel }),
  };
  const responses: unknown[] = [];
  try {
    const isSent = method.stream === "client" || method.stream === "bidi";
    const running = send(client, isSent ? toStream(messages) : messages[0], options);
    if (method.stream === "unary" || method.stream === "client") {
      const { response, version } = await running.result();
      return { code: "ok", responses: [toJson(method.response, response)], version };
    }
    for await (const item of running) {
      responses.push(toJson(method.response, item));
      if (responses.length === take) break;
    }
    return { code: "ok", responses };
  } catch (error) {
    if (!isPotterClientError(error)) throw error;
    return { ...toOutcome(error, method, toJson), responses };
  }
}

async function* toStream(items: readonly unknown[]): AsyncGenerator<unknown> {
  yield* items;
}

function toOutcome(error: PotterClientError, { errors }: TrialCall["method"], toJson: FlavourOf["toJson"]): Outcome {
  const definition = errors[error.name];
  return {
    code: error.code,
    responses: [],
    message: error.message,
    violations: error.violations.map((one) => ({ ...one, field: comparableField(one.field) })),
    declared: definition && {
      type: definition.codec.typeName,
      json: error.detail && toJson(definition.codec as AnyCodec, error.detail),
    },
    retryAfter: error.retryAfter,
  };
}
