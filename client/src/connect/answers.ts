import { readEnvelopes } from "../envelopes/index.js";
import { PotterClientError } from "../errors/index.js";
import {
  type Answer,
  createFailure,
  type OutgoingCall,
  type ResponseHeaders,
  readBody,
  type StreamItem,
  toNetworkError,
} from "../transport/index.js";
import { toError } from "./connect-error.js";

/** A body, or a message of one: bytes in the binary format, and text otherwise. */
type Body = Uint8Array | string;

/** What the last envelope of a stream says. */
interface StreamEnd {
  readonly error?: unknown;
  readonly metadata?: Readonly<Record<string, string | readonly string[]>>;
}

/** The format of messages. */
export type MessageFormat = "json" | "proto";

/** Reads the answer to a call with one response. */
export async function readUnary(call: OutgoingCall, format: MessageFormat, response: Response): Promise<Answer> {
  const { headers, status } = response;
  const data = await readAll(call, response, format === "proto" && status === 200);
  const answer = { headers, trailers: toTrailers(headers) };
  if (status !== 200) throw toError(call, parse(data), answer, status);
  checkType(call, headers, `application/${format}`);
  return { response: decode(call, format, data), ...answer };
}

/** Reads the answer to a call whose response is a stream, or whose request is. */
export async function readStream(call: OutgoingCall, format: MessageFormat, response: Response): Promise<Answer> {
  const { headers, status } = response;
  if (status !== 200) throw toError(call, parse(await readAll(call, response)), { headers }, status);
  checkType(call, headers, `application/connect+${format}`);
  const trailers = new Map<string, string>();
  const items = readItems(call, format, response, trailers);
  if (call.method.stream !== "client") return { response: items, headers, trailers };
  const found: unknown[] = [];
  for await (const { message } of items) found.push(message);
  if (found.length !== 1) throw new PotterClientError("unimplemented", `found ${found.length} responses, expected 1`);
  return { response: found[0], headers, trailers };
}

async function* readItems(
  call: OutgoingCall,
  format: MessageFormat,
  response: Response,
  trailers: Map<string, string>,
): AsyncGenerator<StreamItem, void, undefined> {
  for await (const { flags, data } of readEnvelopes(readBody(call, response))) {
    if (flags & 1) throw new PotterClientError("internal", "a message is compressed");
    const body = flags || format === "json" ? new TextDecoder().decode(data) : data;
    if (flags === 0) {
      yield { message: decode(call, format, body) };
      continue;
    }
    const end = parse(body) as StreamEnd | null | undefined;
    // A stream whose outcome is not known has not succeeded.
    if (typeof end !== "object" || end === null)
      throw new PotterClientError("internal", `${call.method.name}: the last envelope has no object`);
    for (const [name, values] of Object.entries(end.metadata ?? {}))
      trailers.set(name.toLowerCase(), [values].flat().join(", "));
    const { error } = end;
    if (error !== undefined && error !== null) throw toError(call, error, { headers: response.headers, trailers });
    return;
  }
  throw new PotterClientError("internal", `${call.method.name}: the stream ended without its last envelope`, {
    interrupted: true,
  });
}

/** Throws unless the answer has the content type that was asked for. */
function checkType(call: OutgoingCall, headers: Headers, expected: string): void {
  const found = headers.get("content-type") ?? "";
  const type = found.toLowerCase().replace(/\s*;.*/, "");
  if (type === expected) return;
  const code = /^application\/(connect\+)?(json|proto)$/.test(type) ? "internal" : "unknown";
  const message = `${call.method.name}: expected an answer of the type ${expected}, found "${found}"`;
  throw createFailure(call.method, code, message, { headers });
}

/** Text is cheaper for the platform than bytes that are decoded here. */
async function readAll({ method, signal }: OutgoingCall, response: Response, isBinary = false): Promise<Body> {
  try {
    return isBinary ? new Uint8Array(await response.arrayBuffer()) : await response.text();
  } catch (error) {
    throw toNetworkError(method, signal, error);
  }
}

function decode({ method }: OutgoingCall, format: MessageFormat, data: Body): unknown {
  try {
    const codec = method.response;
    if (format === "proto") return codec?.decode(data as Uint8Array);
    const json: unknown = JSON.parse(data as string);
    return codec ? codec.fromJson(json) : json;
  } catch (cause) {
    throw new PotterClientError("internal", `${method.name}: the response cannot be decoded`, { cause });
  }
}

/** Parses JSON that may be anything else, such as the page of a proxy. */
function parse(text: Body): unknown {
  try {
    return JSON.parse(text as string);
  } catch {
    return undefined;
  }
}

/** Connect sends the trailers of unary calls as headers. */
function toTrailers(headers: Headers): ResponseHeaders {
  const trailers = new Map<string, string>();
  headers.forEach((value, name) => {
    if (name.startsWith("trailer-")) trailers.set(name.slice(8), value);
  });
  return trailers;
}
