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
import { webSocketTransport } from "@potter/client/websocket";
import { type App, streamItemIdOf } from "@potter/runtime";
import { WebSocket } from "ws";
import type { Caller, Outcome, TrialCall } from "../caller.js";
import { comparableField, isEncodable } from "../caller.js";
import * as json from "../gen/json/trial/v1/trial_client.js";
import * as binary from "../gen/trial/v1/trial_client.js";
import { rest } from "./rest.js";

type Flavour = "plain JSON" | "protobuf-es";

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
  "client over Connect, binary": { flavour: "protobuf-es", transport: (baseUrl) => connectTransport({ baseUrl }) },
  "client over REST": { flavour: "plain JSON", transport: (baseUrl) => restTransport({ baseUrl }) },
  "client over WebSocket": {
    flavour: "plain JSON",
    transport: (url) => webSocketTransport({ url: `${url.replace("http", "ws")}/ws`, webSocket: WebSocket as never }),
  },
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
      if (name.includes("Connect") && stream !== "unary" && stream !== "server") {
        return "fetch cannot send a stream of requests";
      }
      return undefined;
    },
    call: (call) => callBy(client, flavour, call),
    close: () => client.close(),
  };
}

async function callBy(client: Client, flavour: Flavour, call: TrialCall): Promise<Outcome> {
  const { method, requests, commandId, expectedVersion, after, timeout, cancel, take } = call;
  const name = method.name.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  const functions = (flavour === "plain JSON" ? json : binary) as unknown as Record<string, Method>;
  const send = functions[name] as Method;
  const isBinary = flavour === "protobuf-es";
  const messages = isBinary ? requests.map((request) => method.request.fromJson(request as never)) : requests;
  const toJson = (message: unknown): unknown => (isBinary ? method.response.toJson(message as never) : message);
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
      return { code: "ok", responses: [toJson(response)], version };
    }
    for await (const item of running) {
      responses.push(toJson(item));
      if (responses.length === take) break;
    }
    return { code: "ok", responses };
  } catch (error) {
    if (!isPotterClientError(error)) throw error;
    return { ...toOutcome(error, method), responses };
  }
}

async function* toStream(items: readonly unknown[]): AsyncGenerator<unknown> {
  yield* items;
}

function toOutcome(error: PotterClientError, { errors }: TrialCall["method"]): Outcome {
  const definition = errors[error.name];
  const detail = error.detail as { readonly $typeName?: string } | undefined;
  return {
    code: error.code,
    responses: [],
    message: error.message,
    violations: error.violations.map((one) => ({ ...one, field: comparableField(one.field) })),
    declared: definition && {
      type: definition.codec.typeName,
      json: detail?.$typeName === undefined ? detail : definition.codec.toJson(detail as never),
    },
    retryAfter: error.retryAfter,
  };
}
