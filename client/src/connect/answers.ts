import type { Framing } from "../envelopes/index.js";
import { PotterClientError } from "../errors/index.js";
import {
  type Answer,
  type Body,
  createFailure,
  type OutgoingCall,
  parseAny,
  type ResponseHeaders,
  readAll,
  readBody,
  type StreamItem,
} from "../transport/index.js";
import { toError } from "./connect-error.js";

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
  if (status !== 200) throw toError(call, parseError(headers, data), answer, status);
  checkType(call, headers, `application/${format}`);
  return { response: decode(call, format, data), ...answer };
}

/** Reads the answer to a call whose response is a stream, or whose request is. */
export async function readStream(
  call: OutgoingCall,
  framing: Framing,
  format: MessageFormat,
  response: Response,
): Promise<Answer> {
  const { headers, status } = response;
  if (status !== 200) throw toError(call, parseError(headers, await readAll(call, response)), { headers }, status);
  checkType(call, headers, `application/connect+${format}`);
  const trailers = new Map<string, string>();
  const items = readItems(call, framing, format, response, trailers);
  const isSingle = call.method.stream === "client";
  return { response: isSingle ? await framing.single?.(items) : items, headers, trailers };
}

async function* readItems(
  call: OutgoingCall,
  framing: Framing,
  format: MessageFormat,
  response: Response,
  trailers: Map<string, string>,
): AsyncGenerator<StreamItem, void, undefined> {
  let interrupted = true;
  for await (const { flags, data } of framing.read(readBody(call, response))) {
    if (flags & 1) throw new PotterClientError("internal", "compressed message");
    const body = flags || format === "json" ? new TextDecoder().decode(data) : data;
    if (flags === 0) {
      yield { message: decode(call, format, body) };
      continue;
    }
    const end = parseAny(body) as StreamEnd | null | undefined;
    if (typeof end !== "object" || end === null) {
      interrupted = false;
      break;
    }
    for (const [name, values] of Object.entries(end.metadata ?? {}))
      trailers.set(name.toLowerCase(), [values].flat().join(", "));
    const { error } = end;
    if (error !== undefined && error !== null) throw toError(call, error, { headers: response.headers, trailers });
    return;
  }
  // A stream whose outcome is not known has not succeeded.
  throw new PotterClientError("internal", `${call.method.name}: the stream ended too early`, { interrupted });
}

/** Throws unless the answer has the content type that was asked for. */
function checkType(call: OutgoingCall, headers: Headers, expected: string): void {
  const type = typeOf(headers);
  if (type === expected) return;
  const code = /^application\/(connect\+)?(json|proto)$/.test(type) ? "internal" : "unknown";
  const message = `${call.method.name}: expected an answer of the type ${expected}, found "${type}"`;
  throw createFailure(call.method, code, message, { headers });
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

/** An error of Connect has this type; another one is of what stands before the service, or of a server that does not know the method. */
function parseError(headers: Headers, data: Body): unknown {
  return typeOf(headers) === "application/json" ? parseAny(data) : undefined;
}

function typeOf(headers: Headers): string {
  return (headers.get("content-type") ?? "").toLowerCase().replace(/\s*;.*/, "");
}

/** Connect sends the trailers of unary calls as headers. */
function toTrailers(headers: Headers): ResponseHeaders {
  const trailers = new Map<string, string>();
  headers.forEach((value, name) => {
    if (name.startsWith("trailer-")) trailers.set(name.slice(8), value);
  });
  return trailers;
}
