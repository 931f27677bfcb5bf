import { runWithin } from "../cqrs/index.js";
import type { CallerOptions } from "./caller.js";
import type { HttpRequest } from "./http.js";
import { SocketRequest } from "./sockets/index.js";
import type { TransportHost } from "./transport.js";

/** Whose caller is identified, and how long it may take. */
export interface SocketIdentification {
  readonly handshake: HttpRequest;
  /** What the client has sent when it connected. */
  readonly params: Readonly<Record<string, unknown>>;
  /** In milliseconds. */
  readonly limit: number;
  /** Aborts when the connection closes. */
  readonly signal: AbortSignal;
}

/**
 * Identifies the caller of a connection: nothing else ends the wait for a `caller` that never answers. Rejects with
 * `deadline_exceeded` when the time has passed, with the reason of the signal when the connection closes, and as `identify` does.
 */
export function identifySocket(
  identify: NonNullable<TransportHost["identify"]>,
  { handshake, params, limit, signal }: SocketIdentification,
): Promise<CallerOptions> {
  const run = (within: AbortSignal): Promise<CallerOptions> =>
    new Promise((resolve, reject) => {
      within.addEventListener("abort", () => reject(within.reason));
      identify(new SocketRequest(handshake, params, within)).then(resolve, reject);
    });
  return runWithin(limit, { name: "identifying the caller", stream: "unary" }, signal, run, (found) => found);
}
