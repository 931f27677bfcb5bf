import type { JsonValue } from "@bufbuild/protobuf";
import { isPotterError } from "../../errors/index.js";
import { readJsonText } from "../../http/index.js";

/** The subprotocol of the handshake. */
export const protocol = "potter.v1.json";

/** The id of a request. `1` and `"1"` are two ids. */
export type FrameId = string | number;

/** A frame of a client. */
export type Frame =
  | { readonly kind: "request"; readonly id: FrameId; readonly method: string; readonly params: readonly JsonValue[] }
  | { readonly kind: "notification"; readonly method: string; readonly params: readonly JsonValue[] }
  | { readonly kind: "response" }
  /** A request whose params are no list. */
  | { readonly kind: "refused"; readonly id: FrameId }
  | { readonly kind: "broken"; readonly code: -32700 | -32600; readonly message: string };

/** A frame that must be answered. */
export type Request = Frame & { readonly kind: "request" };

/** A frame that has no answer. */
export type Notification = Frame & { readonly kind: "notification" };

/** Maximum length of an id, which stays in memory while its call runs. */
const maxIdLength = 128;

/** Parses a frame. The message of a broken one contains nothing that the client sent. */
export function readFrame(text: string, maxDepth: number): Frame {
  let json: JsonValue | undefined;
  try {
    json = readJsonText(text, maxDepth, "a frame");
  } catch (error) {
    return broken(-32700, isPotterError(error) ? error.message : "a frame must be JSON");
  }
  if (Array.isArray(json)) return broken(-32600, "batches are not supported: send each request in a frame of its own");
  if (!isObject(json)) return broken(-32600, "a frame must be a JSON object");
  const { id, method, params } = json;
  if (json["jsonrpc"] !== "2.0") return broken(-32600, 'a frame must have "jsonrpc": "2.0"');
  if (method === undefined) {
    if ("result" in json !== "error" in json) return { kind: "response" };
    return broken(-32600, "a frame must have a method, a result or an error");
  }
  if (typeof method !== "string") return broken(-32600, "method must be a string");
  if (!("id" in json)) {
    if (params === undefined || Array.isArray(params)) return { kind: "notification", method, params: params ?? [] };
    return broken(-32600, "params must be a list");
  }
  if (!isFrameId(id)) return broken(-32600, `id must be an integer, or a string of 1 to ${maxIdLength} characters`);
  if (params !== undefined && !Array.isArray(params)) return { kind: "refused", id };
  return { kind: "request", id, method, params: params ?? [] };
}

function broken(code: -32700 | -32600, message: string): Frame {
  return { kind: "broken", code, message };
}

/** Whether a value can be the id of a request. */
export function isFrameId(id: unknown): id is FrameId {
  return typeof id === "string" ? id !== "" && id.length <= maxIdLength : Number.isSafeInteger(id);
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is { readonly [name: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// What the server sends. `id`, `result` and `message` are JSON.

export function resultFrame(id: string, result: string): string {
  return `{"jsonrpc":"2.0","id":${id},"result":${result}}`;
}

export function errorFrame(id: string, error: { code: number; message: string; data?: object }): string {
  return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`;
}

export function itemFrame(id: string, message: string, position: string | undefined): string {
  const tail = position === undefined ? "" : `,${JSON.stringify(position)}`;
  return `{"jsonrpc":"2.0","method":"$/item","params":[${id},${message}${tail}]}`;
}

export function positionFrame(id: string, position: string): string {
  return `{"jsonrpc":"2.0","method":"$/position","params":[${id},${JSON.stringify(position)}]}`;
}

export function creditFrame(id: string, items: number): string {
  return `{"jsonrpc":"2.0","method":"$/credit","params":[${id},${items}]}`;
}

export function goAwayFrame(reason: string, retryAfter: number): string {
  return `{"jsonrpc":"2.0","method":"$/goaway","params":[${JSON.stringify({ reason, retryAfter })}]}`;
}

/** Asks a client for an answer where the platform has no pings. */
export const pingFrame = '{"jsonrpc":"2.0","id":"ping","method":"$/ping"}';
