import type { GraphQLError } from "graphql";
import { isPotterError } from "../../../errors/index.js";
import { readJsonText } from "../../../http/index.js";
import { type OperationParams, readOperationParams } from "../engine/index.js";

/** A message of a client (graphql-transport-ws). */
export type ClientMessage =
  | { readonly type: "connection_init"; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly type: "ping" | "pong" }
  | { readonly type: "subscribe"; readonly id: string; readonly params: OperationParams }
  | { readonly type: "complete"; readonly id: string };

/** Maximum depth of JSON. `limits.inputDepth` limits variables further. */
const maxDepth = 200;

/** Maximum length of an id, which stays in memory while its operation runs. */
const maxIdLength = 256;

/** Parses a message. Returns the error as a string, which contains nothing that the client sent. */
export function readMessage(text: string): ClientMessage | string {
  let given: unknown;
  try {
    given = readJsonText(text, maxDepth, "a message", JSON.parse);
  } catch (error) {
    return isPotterError(error) ? error.message : "a message must be JSON";
  }
  if (!isObject(given)) return "a message must be a JSON object";
  const { type, id, payload } = given;
  switch (type) {
    case "connection_init":
      return isAbsent(payload) || isObject(payload)
        ? { type, payload: isObject(payload) ? payload : {} }
        : "the payload of connection_init must be an object";
    case "ping":
    case "pong":
      return isAbsent(payload) || isObject(payload) ? { type } : `the payload of ${type} must be an object`;
    case "complete":
      return isId(id) ? { type, id } : invalidId;
    case "subscribe": {
      if (!isId(id)) return invalidId;
      if (!isObject(payload)) return "the payload of subscribe must be an object";
      const params = readOperationParams(payload);
      return typeof params === "string" ? params : { type, id, params };
    }
    default:
      return "type must be a message type of graphql-transport-ws";
  }
}

const invalidId = `id must be a string of 1 to ${maxIdLength} characters`;

function isId(id: unknown): id is string {
  return typeof id === "string" && id !== "" && id.length <= maxIdLength;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const ackMessage = '{"type":"connection_ack"}';
export const pingMessage = '{"type":"ping"}';
export const pongMessage = '{"type":"pong"}';

/** `id` and `result` are JSON. */
export function nextMessage(id: string, result: string): string {
  return `{"id":${id},"type":"next","payload":${result}}`;
}

/** `id` is JSON. */
export function errorMessage(id: string, errors: readonly GraphQLError[]): string {
  return `{"id":${id},"type":"error","payload":${JSON.stringify(errors)}}`;
}

/** `id` is JSON. */
export function completeMessage(id: string): string {
  return `{"id":${id},"type":"complete"}`;
}
