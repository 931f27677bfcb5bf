import type { App } from "@potter/runtime";
import { rpc } from "@potter/runtime/rpc";
import type { Transport } from "@potter/runtime/transport";
import { webSocket } from "@potter/runtime/websocket";
import type { Caller } from "./caller.js";
import { clients } from "./callers/clients.js";
import { connectProtocols } from "./callers/connect.js";
import { graphql } from "./callers/graphql.js";
import { rest } from "./callers/rest.js";
import { webSocket as overWebSocket } from "./callers/web-socket.js";

/** The transports of the app, in addition to REST and GraphQL. */
export function transportsOf(): readonly Transport[] {
  return [rpc(), webSocket()];
}

/** Creates a caller of a running app. */
export type CreateCaller = (url: string, app: App) => Caller | Promise<Caller>;

/** Every surface, by its name. */
export function callersOf(): readonly (readonly [name: string, CreateCaller])[] {
  return [["REST", rest], ["GraphQL", graphql], ["WebSocket", overWebSocket], ...connectProtocols, ...clients];
}
