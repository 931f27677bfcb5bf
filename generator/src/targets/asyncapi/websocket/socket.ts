import { readComment } from "../../../descriptors/index.js";
import type { Schema, Schemas } from "../../../json-schema/index.js";
import type { FileModel, MethodModel } from "../../../model/index.js";
import { messageReference, type Reference, toFragment } from "../reference.js";
import {
  answerSchema,
  bareRequestSchema,
  callNotificationSchema,
  credentialsSchema,
  creditSchema,
  errorSchema,
  goAwaySchema,
  itemSchema,
  metadataSchema,
  notificationSchema,
  openedSchema,
  positionSchema,
  renewedSchema,
  requestSchema,
  resultSchema,
} from "./frame-schemas.js";

/** A message of the channel. */
export interface SocketMessage {
  readonly name: string;
  readonly title: string;
  readonly contentType: "application/json";
  readonly payload: Schema;
  readonly correlationId?: { readonly location: string };
}

/** What a document has about WebSockets. */
export interface SocketParts {
  readonly channels: Readonly<Record<string, object>>;
  readonly operations: Readonly<Record<string, object>>;
  readonly messages: Readonly<Record<string, SocketMessage>>;
}

/** The subprotocol, and the name of the channel. */
const protocol = "potter.v1.json";

/** Where `webSocket` serves if it has no option `path`. A base document can replace it. */
const defaultPath = "/ws";

const byId = { location: "$message.payload#/id" };
/** The id of the call that a notification concerns. */
const byParams = { location: "$message.payload#/params/0" };

/** Describes all methods of some files, as `webSocket` serves them. */
export function buildSocket(files: readonly FileModel[], schemas: Schemas): SocketParts {
  const methods = files.flatMap(({ services }) => services.flatMap((service) => service.methods));
  const messages = new Map<string, SocketMessage>();
  const operations: Record<string, object> = {};
  const add = (
    name: string,
    title: string,
    payload: Schema,
    correlationId?: SocketMessage["correlationId"],
  ): string => {
    messages.set(name, {
      name,
      title,
      contentType: "application/json",
      payload,
      ...(correlationId && { correlationId }),
    });
    return name;
  };
  const error = add("potter.v1.error", "An error", errorSchema(schemas), byId);
  for (const method of methods) {
    const { desc } = method;
    const name = `${desc.parent.typeName}.${desc.name}`;
    const sends = addRequests(name, method, schemas, add);
    const answers = addResponses(name, method, schemas, add);
    operations[`call ${name}`] = {
      ...describe(method),
      ...operation("receive", sends),
      tags: [{ name: desc.parent.typeName }],
      reply: { channel: channelReference(), messages: [...answers, error].map(inChannel) },
    };
  }
  Object.assign(operations, buildControls(add, error));
  return {
    channels: { [protocol]: buildChannel([...messages.keys()]) },
    operations,
    messages: Object.fromEntries(messages),
  };
}

type Add = (name: string, title: string, payload: Schema, correlationId?: SocketMessage["correlationId"]) => string;

function addRequests(name: string, { desc, stream }: MethodModel, schemas: Schemas, add: Add): readonly string[] {
  const message = schemas.message(desc.input, "input");
  const isStream = stream === "client" || stream === "bidi";
  const first: Schema = isStream ? { type: "null" } : message;
  const request = requestSchema(`${desc.parent.typeName}/${desc.name}`, [first, metadataSchema(schemas)], 0);
  const sent = add(name, `A call of ${desc.name}`, request, byId);
  if (!isStream) return [sent];
  return [sent, add(`${name}.sent`, `An item that ${desc.name} receives`, itemSchema(message, false), byParams)];
}

function addResponses(name: string, { desc, stream }: MethodModel, schemas: Schemas, add: Add): readonly string[] {
  const message = schemas.message(desc.output, "output");
  if (stream !== "server" && stream !== "bidi") {
    return [add(`${name}.result`, `The response of ${desc.name}`, resultSchema(message, schemas), byId)];
  }
  return [
    add(`${name}.item`, `An item of ${desc.name}`, itemSchema(message, true), byParams),
    add(`${name}.result`, `The end of ${desc.name}`, resultSchema(undefined, schemas), byId),
  ];
}

function describe({ desc }: MethodModel): { readonly title: string; readonly description?: string } {
  const description = readComment(desc);
  return { title: desc.name, ...(description !== "" && { description }) };
}

/** The frames that belong to no method. */
function buildControls(add: Add, error: string): Readonly<Record<string, object>> {
  const credentials = [credentialsSchema];
  const open = add("potter.v1.open", "Opens the connection", requestSchema("$/open", credentials, 0), byId);
  const opened = add("potter.v1.open.result", "The connection is open", answerSchema(openedSchema), byId);
  const auth = add("potter.v1.auth", "New credentials", requestSchema("$/auth", credentials, 1), byId);
  const renewed = add("potter.v1.auth.result", "The credentials are accepted", answerSchema(renewedSchema), byId);
  const credit = add(
    "potter.v1.credit",
    "More items are accepted",
    callNotificationSchema("$/credit", creditSchema),
    byParams,
  );
  const end = add("potter.v1.end", "A stream of requests ends", callNotificationSchema("$/end"), byParams);
  const cancel = add("potter.v1.cancel", "A call is cancelled", callNotificationSchema("$/cancel"), byParams);
  const position = add(
    "potter.v1.position",
    "A stream has reached a position",
    callNotificationSchema("$/position", positionSchema),
    byParams,
  );
  const ping = add("potter.v1.ping", "Asks whether the other side is there", bareRequestSchema("$/ping"), byId);
  const pong = add("potter.v1.ping.result", "The other side is there", answerSchema({}), byId);
  const goAway = add("potter.v1.goaway", "The server stops", notificationSchema("$/goaway", [goAwaySchema]));
  const reply = (...names: readonly string[]) => ({
    reply: { channel: channelReference(), messages: names.map(inChannel) },
  });
  return {
    "open the connection": { title: "Open", ...operation("receive", [open]), ...reply(opened) },
    "renew credentials": { title: "Auth", ...operation("receive", [auth]), ...reply(renewed, error) },
    "control streams": { title: "Control", ...operation("receive", [credit, end, cancel]) },
    "report on streams": { title: "Report", ...operation("send", [credit, position]) },
    "answer pings": { title: "Ping", ...operation("receive", [ping]), ...reply(pong) },
    ping: { title: "Ping of the server", ...operation("send", [ping]), ...reply(pong) },
    "go away": { title: "Go away", ...operation("send", [goAway]) },
  };
}

function buildChannel(messages: readonly string[]): object {
  return {
    address: defaultPath,
    title: "WebSocket",
    description: `All methods as JSON-RPC 2.0 over a WebSocket with the subprotocol \`${protocol}\`.`,
    messages: Object.fromEntries(messages.map((name) => [name, messageReference(name)])),
    bindings: {
      ws: {
        method: "GET",
        headers: {
          type: "object",
          properties: { "Sec-WebSocket-Protocol": { type: "string", const: protocol } },
          required: ["Sec-WebSocket-Protocol"],
        },
        bindingVersion: "0.1.0",
      },
    },
  };
}

function operation(action: "send" | "receive", messages: readonly string[]): object {
  return { action, channel: channelReference(), messages: messages.map(inChannel) };
}

function channelReference(): Reference {
  return { $ref: `#/channels/${protocol}` };
}

function inChannel(message: string): Reference {
  return { $ref: `#/channels/${protocol}/messages/${toFragment(message)}` };
}
