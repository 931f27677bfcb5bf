import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocketAcceptance } from "../../../http/index.js";

/** Upgrades a connection whose request was accepted to a WebSocket: see `ws()` of `@potter/runtime/ws`. */
export type WebSocketUpgrade = (
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  acceptance: WebSocketAcceptance,
) => void;
