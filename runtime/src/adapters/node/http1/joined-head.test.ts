import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, it, vi } from "vitest";
import { silentLogger } from "../../../cqrs/index.js";
import { Http1Request } from "./http1-request.js";
import { Http1Writer } from "./http1-writer.js";
import { sendsJoinedHead } from "./joined-head.js";

const settings = { writeTimeout: 1_000, bufferSize: 1_000, maxUnsentSize: 10_000, logger: silentLogger };

/** Serves two pipelined requests. Returns what arrived, and the chunks that the first response passed to the socket. */
async function exchange(
  body: string,
  onAnswer: (outgoing: ServerResponse) => void = () => {},
  toBody: (text: string) => string | Uint8Array = String,
) {
  const chunks: string[] = [];
  const writer = new Http1Writer(settings);
  const server = createServer((incoming, outgoing) => {
    const write = vi.spyOn(incoming.socket, "write");
    onAnswer(outgoing);
    const headers = { "content-type": "text/plain" };
    writer.write(outgoing, { status: 200, headers, body: toBody(body + incoming.url) }, new Http1Request(incoming));
    chunks.push(...write.mock.calls.map(([chunk]) => String(chunk)).filter((chunk) => chunk !== ""));
    write.mockRestore();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.end("GET /1 HTTP/1.1\r\nhost: a\r\n\r\nGET /2 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
  let received = "";
  for await (const chunk of socket.setEncoding("utf8")) received += String(chunk);
  await new Promise((resolve) => server.close(resolve));
  return { received, chunks };
}

it("is what node:http supports", () => {
  expect(sendsJoinedHead()).toBe(true);
});

it.each(["path", "pâth", "😀"])("writes %s after the head of its response", async (body) => {
  const { received } = await exchange(body);
  const responses = received.split(/(?=HTTP\/1\.1 200 OK\r\n)/);
  expect(responses.map((response) => response.split("\r\n\r\n")[1])).toEqual([`${body}/1`, `${body}/2`]);
  for (const response of responses) expect(response).toContain(`content-length: ${Buffer.byteLength(body) + 2}\r\n`);
});

it.each([
  ["few bytes", 1],
  ["many bytes", 2_000],
])("writes %s after the head of its response as they are", async (_name, times) => {
  const text = "é\0ÿ😀".repeat(times);
  const { received } = await exchange(text, undefined, (whole) => new TextEncoder().encode(`-${whole}`).subarray(1));
  expect(received.split("\r\n\r\n").slice(1)).toEqual([expect.stringMatching(/^.*\/1HTTP\/1\.1 200 OK/s), `${text}/2`]);
  expect(received).toContain(`\r\n\r\n${text}/1HTTP/1.1 200 OK\r\n`);
});

it("passes head and body to the socket at once", async () => {
  const { chunks } = await exchange("path");
  expect(chunks).toEqual([expect.stringMatching(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\npath\/1$/s)]);
});

it("finishes the response", async () => {
  const events: string[] = [];
  await exchange("path", (outgoing) => {
    for (const event of ["finish", "close"]) outgoing.on(event, () => events.push(`${event} ${outgoing.req.url}`));
  });
  expect(events).toEqual(["finish /1", "close /1", "finish /2", "close /2"]);
});
