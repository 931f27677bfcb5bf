// The frames of potter.v1.json, each a message of JSON-RPC 2.0.

/** The subprotocol of the handshake. */
export const subprotocol = "potter.v1.json";

/** A frame. */
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

/** What a server accepts, under the names of its options: the answer to `$/open`. */
export interface Limits {
  /** Calls that may run at once. */
  readonly calls: number;
  /** Bytes of a frame. */
  readonly maxMessageSize: number;
  /** Items of a stream of requests that may be sent before it grants more. */
  readonly credit: number;
}

/** What a server says about credentials that it has accepted: the answer to `$/open` and `$/auth`. */
export interface Accepted {
  /** When they expire. Absent: they do not, or the server does not know. */
  readonly expires?: string;
}

/** Whether a server has sent a request, a notification or an answer. */
export function isFrame(json: unknown): json is Frame {
  const { method, params = [], result, error } = isObject(json) ? json : {};
  return method === undefined ? isObject(result ?? error) : typeof method === "string" && Array.isArray(params);
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** Writes a frame of the client. */
export function writeFrame(frame: Frame): string {
  return JSON.stringify({ jsonrpc: "2.0", ...frame });
}

/** Headers of frames as those of a response. */
export function toHeaders(fields: Fields = {}): Map<string, string> {
  return new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), [value].flat().join(", ")]));
}
