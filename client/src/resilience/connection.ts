import type { Interceptor, TokenSource, Transport } from "../transport/index.js";
import type { RetryPolicy } from "./retry-policy.js";
import type { SessionPositions } from "./session.js";

/** What calls need of their client. */
export interface Connection {
  /** Carries the calls. */
  readonly transport: Transport;
  /** Surround the calls, the first one outermost. */
  readonly interceptors: readonly Interceptor[];
  /** Returns the token of the user, before each attempt. Absent: no credentials. */
  readonly token?: TokenSource | undefined;
  /** Milliseconds for a unary call whose contract has no limit; 0: none. */
  readonly timeout: number;
  /** Undefined: nothing is repeated. */
  readonly retry: RetryPolicy | undefined;
  /** Ends the calls that are running, when the client is closed, those of its sessions too. `reason`: it is closed. */
  readonly closing: Set<(reason: unknown) => void> & { reason?: string };
  /** Absent: calls need not see the changes of earlier ones. */
  readonly session?: SessionPositions | undefined;
}
