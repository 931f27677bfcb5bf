// A server of gRPC that does exactly what a test says, also what it should not.
import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { readEnvelopes, toEnvelope } from "../envelopes/index.js";
import { type Codec, createClient } from "../index.js";
import { type GrpcTransportOptions, grpcTransport } from "./index.js";

export interface Text {
  readonly text: string;
}

/** The codec of a message with one string, written by hand. */
export const codec: Codec<Text> = {
  typeName: "test.v1.Text",
  encode: ({ text }) => field(1, text),
  decode: (bytes) => {
    if (bytes[0] !== 10) throw new RangeError("not a Text");
    return { text: new TextDecoder().decode(bytes.subarray(2)) };
  },
  toJson: (message) => message,
  fromJson: (json) => json as Text,
};

/** A field with a string, bytes or a message of at most 127 bytes. */
export function field(number: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return Uint8Array.from([number * 8 + 2, bytes.length, ...bytes]);
}

/** A call as the server sees it. */
export interface ServedCall {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  /** The requests, as they come. */
  requests(): AsyncIterable<Text>;
  /** Sends headers and responses. */
  send(texts: readonly string[], headers?: OutgoingHttpHeaders): void;
  /** Sends trailers after what was sent. */
  end(trailers: OutgoingHttpHeaders): void;
  /** Sends an error without a response. */
  fail(headers: OutgoingHttpHeaders): void;
}

/** A running server. */
export interface GrpcServer {
  readonly port: number;
  readonly sessions: readonly ServerHttp2Session[];
  close(): Promise<void>;
}

const grpcHeaders = { ":status": 200, "content-type": "application/grpc+proto" };

/** Starts a server whose calls a function answers. */
export async function startServer(
  serve: (call: ServedCall) => void | Promise<void>,
  settings: Settings = {},
): Promise<GrpcServer> {
  const server: Http2Server = createServer({ settings });
  const sessions: ServerHttp2Session[] = [];
  server.on("session", (session) => {
    sessions.push(session);
    session.on("error", () => {});
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    let trailers: OutgoingHttpHeaders | undefined;
    stream.on("wantTrailers", () => stream.sendTrailers(trailers ?? {}));
    serve({
      stream,
      headers,
      async *requests() {
        for await (const { data } of readEnvelopes(stream.iterator({ destroyOnReturn: false })))
          yield codec.decode(data);
      },
      send(texts, more = {}) {
        if (!stream.headersSent) stream.respond({ ...grpcHeaders, ...more }, { waitForTrailers: true });
        for (const text of texts) stream.write(toEnvelope(codec.encode({ text })));
      },
      end(given) {
        trailers = given;
        if (!stream.headersSent) stream.respond(grpcHeaders, { waitForTrailers: true });
        stream.end();
      },
      fail: (more) => stream.respond({ ...grpcHeaders, ...more }, { endStream: true }),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sessions,
    close: () => {
      for (const session of sessions) session.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A client of such a server. */
export function connectTo({ port }: Pick<GrpcServer, "port">, options: Partial<GrpcTransportOptions> = {}) {
  const transport = grpcTransport({ baseUrl: `http://127.0.0.1:${port}`, ...options });
  return createClient({ transport, retry: { initialDelay: 1, maxDelay: 1 }, timeout: 60_000 });
}
