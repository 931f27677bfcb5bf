import type { Clock, Logger, Middleware } from "../cqrs/index.js";
import type { Part } from "../engines/index.js";
import type { FindCaller, HttpOptions, Transport } from "../http/index.js";
import type { Engine } from "../message/index.js";
import type { PageTokenOptions } from "../paging/index.js";
import type { PersonalDataOptions } from "../personal/index.js";
import type { ProjectionWorkerOptions } from "../projection/index.js";
import type { SagaOptions } from "../saga/index.js";
import type { Store } from "../store/ports/index.js";
import type { Unimplemented } from "./unhandled-methods.js";

/** The parts of an app and its settings. Durations are in milliseconds. */
export interface AppOptions {
  /**
   * The deciders, projections and handlers of the app. Together they must implement every method of
   * their services.
   */
  readonly parts: readonly Part[];
  /**
   * What the parts leave out on purpose: methods, read models, or a service for all of its methods without a handler.
   * Calls of these methods fail with `unimplemented`. `createApp` throws for anything else that is missing, and for an
   * entry that is not missing. Default: none.
   */
  readonly unimplemented?: readonly Unimplemented[];
  /** The store of events, states and rows. Default: in memory; its data is lost when the process ends. */
  readonly store?: Store;
  /** The protocols over which the app serves its methods. Default: REST. */
  readonly transports?: readonly Transport[];
  /**
   * Authenticates the caller of a request, for all transports, before its body is read. The calls of the request get the
   * caller's user and tenant; a request that names another tenant is refused. To refuse a request, throw a PotterError with
   * `unauthenticated` or `permission_denied`. Over a WebSocket it runs when a client connects and again for each operation.
   * `send` and `query` do not use it: they take user and tenant from their options. Default: no authentication; requests
   * name their own tenants.
   */
  readonly caller?: FindCaller;
  /** CORS and the accepted hosts, for all transports over HTTP. Default: no other origins, any host. */
  readonly http?: HttpOptions;
  /**
   * Whether to validate responses against the rules of the contract too. An invalid response fails the call with `internal`,
   * and the log names its fields. Meant for development, since it slows calls down. Default: `false`.
   */
  readonly validateResponses?: boolean;
  /**
   * Runs around every call, the first one outermost: after tenancy and before validation, so that a refused caller learns
   * nothing about the validation rules. Requests have the right types at this point, but may violate those rules.
   * Default: none.
   */
  readonly middleware?: readonly Middleware[];
  /** How this process shares the work on async projections with other processes: leases and retention of old builds. */
  readonly projections?: ProjectionWorkerOptions;
  /** How this process shares the work on sagas with other processes, and how it calls services that are not its own. */
  readonly sagas?: SagaOptions;
  /**
   * Publishes the events of aggregates that store their state. Each event is written in the transaction that stores the
   * state, and is published at least once: `outbox({ publish })`. The store must support it. Default: these events are not
   * published.
   */
  readonly outbox?: Engine<"outbox">;
  /**
   * How long `stop()` waits for running calls, in milliseconds. After that their signals abort and they fail with
   * `unavailable`. Default: 10 s.
   */
  readonly stopTimeout?: number;
  /** Receives the log of the runtime. Requests, responses and personal fields are never logged. Default: no log. */
  readonly logger?: Logger;
  /** The source of the current time and of new ids. Default: the system time and UUIDs of version 7. */
  readonly clock?: Clock;
  /**
   * How the personal fields of events, snapshots, recorded responses and rows are encrypted. Default: AES-256-GCM with one key
   * for each subject, which the store keeps unwrapped.
   */
  readonly personalData?: PersonalDataOptions;
  /** The secret that protects page tokens and cursors. Default: one that the store keeps, shared by all of its processes. */
  readonly pageTokens?: PageTokenOptions;
  /**
   * Lets clients wait for what their commands lead to, and read their own writes: pass `waits()`. Default: calls that ask for it are
   * refused with `unimplemented`.
   */
  readonly waits?: Engine<"waits">;
}
