// Assembles an app from parts, store, middleware and transports. Imports every core module; no core module imports it.

export type {
  CommandOutcome,
  DecodedEvent,
  EventMessage,
  HistoryEntry,
  InvokeOptions,
  Part,
  ReadModelReference,
  ResumeOptions,
  SendOptions,
  WaitResult,
} from "../engines/index.js";
export type { App } from "./app.js";
export type { AppOptions } from "./app-options.js";
export { createApp } from "./create-app.js";
export { type Client, type ClientApp, type ClientMethod, createClient } from "./create-client.js";
export type { Unimplemented } from "./unhandled-methods.js";
export { createRequestCheck } from "./validation.js";
