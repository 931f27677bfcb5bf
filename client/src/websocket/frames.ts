// The frames of potter.v1.json, each a message of JSON-RPC 2.0.

/** The subprotocol of the handshake. */
export const subprotocol = "potter.v1.json";

/** A frame of the server. */
export interface Frame {
  /** Of a request, or of the call that is answered. */
  readonly id?: number | string | null;
  /** Of a request or a notification. */
  readonly method?: string;
  /** Of a request or a notification. */
  readonly params?: readonly unknown[];
  /** The answer. */
  readonly result?: CallResult;
  /** The answer if the call has failed. */
  readonly error?: FrameError;
}

/** The answer to a call. */
export interface CallResult {
  /** The response. Absent: the end of a stream. */
  readonly response?: unknown;
  /** The version of the aggregate after a command. */
  readonly version?: number;
  /** Headers that the handler has added. */
  readonly headers?: Fields;
  /** Trailers that the handler has added. */
  readonly trailers?: Fields;
}

/** Headers as frames have them. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** Why a call has failed. */
export interface FrameError {
  /** −32000 minus the number of the code of gRPC, or a code of JSON-RPC. */
  readonly code?: number;
  /** What went wrong. */
  readonly message?: string;
  /** The problem, as REST has it. */
  readonly data?: {
    readonly code?: string;
    /** In milliseconds. */
    readonly retryAfter?: number;
    readonly headers?: Fields;
    readonly trailers?: Fields;
    /** Whether the server has certainly not begun the call. */
    readonly unprocessed?: boolean;
  };
}

/** Checks what a server has sent. Throws a TypeError for what is no request, no notification and no answer. */
export function toFrame(json: unknown): Frame {
  const { method, params = [], result, error } = isObject(json) ? json : {};
  const isRight =
    method === undefined ? isObject(result ?? error) : typeof method === "string" && Array.isArray(params);
  if (!isRight) throw new TypeError("expected a message of JSON-RPC 2.0");
  return json as Frame;
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** Writes a request, which is answered under its id. */
export function requestFrame(id: number, method: string, ...params: readonly unknown[]): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/** Writes a notification. */
export function notificationFrame(method: string, ...params: readonly unknown[]): string {
  return JSON.stringify({ jsonrpc: "2.0", method, params });
}

/** Writes the answer to a ping. */
export function pongFrame(id: number | string | null): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result: {} });
}

/** Headers of frames as those of a response. */
export function toHeaders(fields: Fields = {}): Map<string, string> {
  return new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), [value].flat().join(", ")]));
}
