import { toBase64 } from "../base64/index.js";
import type { HttpRule } from "../contract/index.js";
import { PotterClientError } from "../errors/index.js";
import { toError } from "../problem/index.js";
import {
  type Answer,
  type Body,
  createFailure,
  type OutgoingCall,
  parseAny,
  readAll,
  readBody,
  type StreamItem,
} from "../transport/index.js";
import { readEvents } from "./events.js";
import { toStatusError } from "./status-error.js";

/** Reads the answer to a call with one response. */
export async function readUnary(call: OutgoingCall, rule: HttpRule, response: Response): Promise<Answer> {
  const { headers, ok } = response;
  const type = headers.get("content-type");
  const isJson = type === null || /^application\/(?:[\w.-]+\+)?json\b/.test(type);
  const body = await readAll(call, response, ok && !isJson);
  if (!ok) throw toStatusError(call, parseAny(body), response);
  // A method may return bytes of any type: google.api.HttpBody.
  const isBinary = typeof body !== "string" && body.length > 0;
  const json = isBinary ? { contentType: type, data: toBase64(body) } : parse(call, body);
  return { response: toMessage(call, rule, json), headers };
}

/** Reads the answer to a call whose response is a stream. */
export async function readStream(
  call: OutgoingCall,
  rule: HttpRule,
  response: Response,
  idleTimeout: number,
): Promise<Answer> {
  const { headers, ok } = response;
  if (!ok) throw toStatusError(call, parseAny(await readAll(call, response)), response);
  const type = headers.get("content-type") ?? "";
  if (!/^text\/event-stream\s*(?:;|$)/i.test(type)) {
    // The page of a proxy, for example. Asked again, it would answer the same.
    response.body?.cancel().catch(() => {});
    const message = `${call.method.name}: expected an answer with the content type text/event-stream, found "${type}"`;
    throw createFailure(call.method, "unknown", message, { headers });
  }
  return { response: readItems(call, rule, response, idleTimeout), headers };
}

async function* readItems(
  call: OutgoingCall,
  rule: HttpRule,
  response: Response,
  idleTimeout: number,
): AsyncGenerator<StreamItem, void, undefined> {
  let retryAfter: number | undefined;
  let last: string | undefined;
  for await (const { event, data, id, retry } of readEvents(readBody(call, response, idleTimeout))) {
    retryAfter = retry ?? retryAfter;
    if (event === "end") return;
    if (data === undefined) {
      yield { id };
      last = id;
      continue;
    }
    const json = parse(call, data);
    if (event === "error") throw toError(call, json, response.headers);
    // An event without an id keeps that of the last one, which says nothing about where it is itself.
    if (event === "message") yield { message: toMessage(call, rule, json), ...(id !== last && { id }) };
    last = id;
  }
  throw new PotterClientError("unavailable", `${call.method.name}: the stream broke off`, {
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

function toMessage({ method }: OutgoingCall, { responseBody }: HttpRule, json: unknown): unknown {
  const message = responseBody === undefined ? json : { [responseBody]: json };
  return method.response === undefined ? message : method.response.fromJson(message);
}

function parse({ method }: OutgoingCall, body: Body): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body as string);
  } catch (cause) {
    throw new PotterClientError("internal", `${method.name}: the response is not JSON`, { cause });
  }
}
