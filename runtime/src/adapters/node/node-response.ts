import type { ServerResponse } from "node:http";
import type { HttpResponse } from "../../http/index.js";

/** Writes an answer. Resolves when the last of it is handed over; a client that has gone is no error. */
export function writeResponse(outgoing: ServerResponse, response: HttpResponse): Promise<void> | undefined {
  if (outgoing.destroyed) return discard(response);
  const { status, headers, body, readTimeout } = response;
  if (body === undefined || typeof body === "string") {
    const known = status === 204 || status === 304 || "content-length" in headers;
    outgoing.writeHead(status, known ? headers : withLength(headers, body === undefined ? 0 : Buffer.byteLength(body)));
    outgoing.end(body);
  } else if (body instanceof Uint8Array) {
    outgoing.writeHead(status, { ...headers, "content-length": body.length });
    outgoing.end(body);
  } else {
    outgoing.writeHead(status, headers);
    outgoing.flushHeaders();
    return writeStream(outgoing, body, readTimeout);
  }
  return undefined;
}

/** As a list of names and values, which node:http writes as it stands: a copy of the object costs more. */
function withLength(headers: HttpResponse["headers"], length: number): string[] {
  const list: string[] = [];
  for (const name in headers) list.push(name, headers[name] as string);
  list.push("content-length", String(length));
  return list;
}

async function writeStream(
  outgoing: ServerResponse,
  body: AsyncIterable<string | Uint8Array>,
  readTimeout: number | undefined,
): Promise<void> {
  for await (const chunk of body) {
    if (outgoing.destroyed) return;
    // No faster than the client takes it.
    if (!outgoing.write(chunk)) await writable(outgoing, readTimeout);
  }
  outgoing.end();
}

/** Resolves when the client has taken what was written, has gone, or was cut off since it takes too long. */
function writable(outgoing: ServerResponse, readTimeout: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = readTimeout === undefined ? undefined : setTimeout(() => outgoing.destroy(), readTimeout);
    const done = () => {
      clearTimeout(timer);
      outgoing.off("drain", done).off("close", done);
      resolve();
    };
    outgoing.on("drain", done).on("close", done);
  });
}

/** Lets go of a stream that nobody will read. */
async function discard({ body }: HttpResponse): Promise<void> {
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) return;
  await body[Symbol.asyncIterator]().return?.();
}
