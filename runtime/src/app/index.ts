// Assembles an app from parts, store, middleware and transports. Imports every core module; no core module imports it.

export type { App } from "./app.js";
export type { AppOptions } from "./app-options.js";
export type { Part } from "./collect-handlers.js";
export { createApp } from "./create-app.js";
export { type Client, type ClientApp, type ClientMethod, createClient } from "./create-client.js";
export type { DecodedEvent } from "./event-content.js";
export type { HistoryEntry } from "./history.js";
export type { ReadModelReference } from "./read-side.js";
export type { SendOptions } from "./send-and-wait.js";
export type { Unimplemented } from "./unhandled-methods.js";
export { createRequestCheck } from "./validation.js";
