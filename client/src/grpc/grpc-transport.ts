import type { ClientHttp2Session, SecureClientSessionOptions } from "node:http2";
import { PotterClientError } from "../errors/index.js";
import { type OutgoingCall, type Transport, toAbortError } from "../transport/index.js";
import { GrpcCall } from "./grpc-call.js";
import { Sessions } from "./sessions.js";

/** The options of the gRPC transport. Durations are milliseconds. */
export interface GrpcTransportOptions {
  /** Where the service is: `https://shop.example.com`, or `http://localhost:8080` for HTTP/2 without TLS. */
  readonly baseUrl: string;
  /** Options of the connections, such as certificates. Default: those of Node. */
  readonly connection?: SecureClientSessionOptions;
  /** Largest message that is accepted, compressed or not, in bytes. Default: 4 MiB. */
  readonly maxMessageSize?: number;
  /** How long a connection may take to open. Default: 10 s. */
  readonly connectTimeout?: number;
  /** How often a server is asked whether it is there, while calls are running; 0: never. Default: 5 min, as servers tolerate. */
  readonly pingInterval?: number;
  /** How long it may take to answer that. Default: 20 s. */
  readonly pingTimeout?: number;
}

/**
 * Calls services by gRPC over HTTP/2, in Node. Clients generated for protobuf-es or ts-proto send the binary format; those of plain
 * JSON send JSON, which Potter accepts and most other servers do not. Opens a connection with the first call, and another one when
 * the server has ended it, or has as many calls on it as it accepts.
 */
export function grpcTransport(options: GrpcTransportOptions): Transport {
  const { connection = {}, connectTimeout = 10_000, pingInterval = 300_000, pingTimeout = 20_000 } = options;
  const { maxMessageSize = 4 * 1024 * 1024 } = options;
  const sessions = new Sessions({
    authority: options.baseUrl,
    options: connection,
    connectTimeout,
    pingInterval,
    pingTimeout,
  });
  return {
    async send(call) {
      const session = await sessions.begin();
      let running: GrpcCall;
      try {
        running = begin(session, call, maxMessageSize);
      } catch (error) {
        sessions.end(session);
        throw error;
      }
      running.closed.then(() => sessions.end(session));
      return running.start();
    },
    close: () => sessions.close(),
  };
}

/** A connection may have ended since it was chosen. */
function begin(session: ClientHttp2Session, call: OutgoingCall, maxMessageSize: number): GrpcCall {
  // The call may have ended while it was waiting for a connection.
  if (call.signal?.aborted) throw toAbortError(call.signal);
  try {
    return new GrpcCall(session, call, maxMessageSize);
  } catch (cause) {
    if (!session.closed && !session.destroyed) throw cause;
    throw new PotterClientError("unavailable", "the connection has just ended", { cause, unprocessed: true });
  }
}
