import type { Clock, Logger, Middleware } from "../cqrs/index.js";
import type { FindCaller, HttpOptions, Transport } from "../http/index.js";
import type { OutboxOptions } from "../outbox/index.js";
import type { PageTokenOptions } from "../paging/index.js";
import type { PersonalDataOptions } from "../personal/index.js";
import type { ProjectionWorkerOptions } from "../projection/index.js";
import type { Store } from "../store/ports/index.js";
import type { Unimplemented } from "./gaps.js";
import type { Part } from "./parts.js";

/** What an app is made of, and how it behaves. */
export interface AppOptions {
  /** What the service does: deciders, projections, handlers. */
  readonly parts: readonly Part[];
  /**
   * What this app leaves out on purpose of the services that it serves: methods, which are answered with `unimplemented`,
   * read models, or a service, for all of its methods that no part handles. Anything else that is missing in the parts is
   * an error.
   */
  readonly unimplemented?: readonly Unimplemented[];
  /** Where events and rows are kept. Default: in memory, gone with the process. */
  readonly store?: Store;
  /** How the service is reached. Default: REST. */
  readonly transports?: readonly Transport[];
  /**
   * Who calls, for all transports: found out from a request before its body is read. Its user and tenant are those of the calls, and a request
   * that names another tenant is refused. Throw a PotterError to refuse a request: `unauthenticated` or `permission_denied`.
   * Over a WebSocket it is asked when a client connects, and again for each operation. Default: nobody is asked, and requests name
   * their tenants themselves. Calls from inside, by `send` and `query`, say who calls in their options.
   */
  readonly caller?: FindCaller;
  /** What holds for all transports over HTTP: other origins that may call, and hosts that are answered for. */
  readonly http?: HttpOptions;
  /**
   * Whether answers are checked by the rules of the contract too; one that breaks them is an internal error, and the log
   * names its fields. For development: it costs time. Default: `false`.
   */
  readonly validateResponses?: boolean;
  /**
   * Around every call, the first outermost: after tenancy, and before validation, so that whom they refuse learns nothing of the rules that
   * requests must keep. What they see of a request is of the right types, and may break those rules.
   */
  readonly middleware?: readonly Middleware[];
  /** How this process takes part in the work on async projections. */
  readonly projections?: ProjectionWorkerOptions;
  /**
   * Sends the events of aggregates that store their state to others: each is left in the transaction that stores the state, and
   * sent at least once. Default: they are not sent.
   */
  readonly outbox?: OutboxOptions;
  /**
   * How long `stop()` waits for the calls that are under way, in milliseconds; then their signals abort, and they are rejected with
   * `unavailable`. Default: 10 s.
   */
  readonly stopTimeout?: number;
  /** Default: says nothing. */
  readonly logger?: Logger;
  /** Time and ids. Default: the machine's. */
  readonly clock?: Clock;
  /** How the personal fields of events, snapshots, answers and rows are encrypted. They are in any case. */
  readonly personalData?: PersonalDataOptions;
  /** By which secret page tokens and cursors are made. Default: one that the store keeps, the same for all processes on it. */
  readonly pageTokens?: PageTokenOptions;
}
