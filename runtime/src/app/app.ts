import type { AnyMethod, CallOptions, CallResult, Method } from "../cqrs/index.js";
import type {
  CommandOutcome,
  DecodedEvent,
  EventMessage,
  HistoryEntry,
  InvokeOptions,
  ReadModelReference,
  ResumeOptions,
  SendOptions,
  WaitResult,
} from "../engines/index.js";
import type { BoundMethod, HttpHandler } from "../http/index.js";
import type { EventDefinition, MessageTypes } from "../message/index.js";
import type { OutboxStatus } from "../outbox/index.js";
import type { PageTokens } from "../paging/index.js";
import type { ProjectionControl, ProjectionStatus } from "../projection/index.js";
import type { Saga, SagaTypes } from "../saga/declaration/index.js";
import type { SagaControl, SagaCounters } from "../saga/index.js";
import type { Schedules } from "../schedule/index.js";
import type { RecordedEvent, Store } from "../store/ports/index.js";

/** A service that can be started, called and stopped. */
export interface App {
  /**
   * Migrates the store, brings inline projections up to date and starts the others. Idempotent. If it rejects, the next call
   * retries after a short pause. Optional: the first call starts the app too.
   */
  start(): Promise<void>;
  /**
   * Opens the store without starting the app, for tools: projections, sagas and scheduled commands can be read and controlled, data
   * subjects erased. Other processes carry out what follows. Whatever else is called starts the app. Each call reads the status of the
   * projections again. `work`: names of projections on which this process works, such as one that it rebuilds. Default: none.
   */
  open(options?: { readonly work?: readonly string[] }): Promise<void>;
  /**
   * Refuses new calls, waits for running calls and for the calls, streams and background work that they started, then stops the
   * projections and closes the store. Aborts what runs longer than `stopTimeout`, so that every call settles. Idempotent.
   * A stopped app cannot be started again.
   */
  stop(): Promise<void>;
  /** Sends a command and resolves with its response. Rejects with a PotterError. Starts the app if needed. */
  send<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "command">,
    request: Req["init"] | Req["message"],
    options?: SendOptions,
  ): Promise<Res["message"]>;
  /** Runs a query and resolves with its response. Rejects with a PotterError. Starts the app if needed. */
  query<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "query">,
    request: Req["init"] | Req["message"],
    options?: SendOptions,
  ): Promise<Res["message"]>;
  /**
   * Sends a command, and waits until read models include it or an event has come. What is not there in time is `pending`: the command
   * has taken effect. Rejects with a PotterError only if the command fails. The app needs the option `waits`. Starts the app if needed.
   */
  invoke<Req extends MessageTypes, Res extends MessageTypes, Event extends EventDefinition = never>(
    method: Method<Req, Res, "unary", "command">,
    request: Req["init"] | Req["message"],
    options: InvokeOptions<Event>,
  ): Promise<CommandOutcome<Res["message"], EventMessage<Event>>>;
  /**
   * Resumes the wait of an earlier `invoke`, also one of another process or over a transport. Rejects with `out_of_range` if the token is
   * not one of this store and of the same user and tenant.
   */
  resumeWait(token: string, options?: ResumeOptions): Promise<WaitResult>;
  /**
   * Calls any method, including streams, as transports do. The request is a message of the method's codec, or an async iterable
   * of them. A streamed response is an async iterable. Rejects with a PotterError. Starts the app if needed.
   */
  dispatch(method: AnyMethod, request: unknown, options?: CallOptions): Promise<CallResult>;
  /** The methods that the app serves, each with what calls it: for clients in the same process. */
  readonly methods: readonly BoundMethod[];
  /** Resolves when all read models include every event that was recorded before the call. */
  waitForProjections(): Promise<void>;
  /**
   * Sends commands later, lists and cancels them. Throws `failed_precondition` if no part of the app schedules commands. Its
   * methods start the app if needed, except those that only read.
   */
  readonly schedules: Schedules;
  /** The status of each projection as this process knows it, without reading the store. */
  readonly projections: readonly ProjectionStatus[];
  /** Full names of what reads the log in this app: projections, reactions and sagas. */
  readonly projectionNames: readonly string[];
  /**
   * Controls one projection: pauses, resumes, rebuilds, waits for it, and handles its dead letters. Throws `not_found` if the
   * app has no such projection. The app must be started or open.
   */
  projection(readModel: ReadModelReference): ProjectionControl;
  /**
   * Starts, shows and controls the sagas of a definition, which may be given by the full name of its data. Throws `not_found` if
   * the app has no such saga. What only reads opens the store; the rest starts the app if needed.
   */
  saga<S extends SagaTypes>(saga: Saga<S>): SagaControl<S["data"]["message"], S["data"]["init"]>;
  /** The control of a saga given by the full name of its data. */
  saga(name: string): SagaControl;
  /** Full names of the data of the sagas of this app. */
  readonly sagaTypes: readonly string[];
  /** What this process has done for sagas since its start. */
  readonly sagas: SagaCounters;
  /** The status of the outbox. Rejects with `failed_precondition` if the app has none. Starts the app if needed. */
  outbox(): Promise<OutboxStatus>;
  /** A server calls it when it starts to stop: health checks report it, and WebSockets close. The app continues to answer. */
  announceStop(): void;
  /** Handles an HTTP request in the server-neutral form; used by `serve` of `@potter/runtime/node`. */
  readonly handle: HttpHandler;
  /** Handles a web-standard `Request`: for Bun, Deno, Cloudflare Workers, Hono and similar servers. */
  fetch(request: Request): Promise<Response>;
  /**
   * The events of one aggregate as ProtoJSON, oldest first, for people and tools. `tenant` is required where the contract has
   * tenants.
   */
  history(
    aggregate: { readonly definition: { readonly type: string } },
    id: string,
    tenant?: string,
  ): Promise<HistoryEntry[]>;
  /**
   * Erases a data subject: deletes its key, so that its personal fields can no longer be decrypted. Other processes
   * notice within `personalData.keyTtl`. Resolves with whether the subject had a key. `tenant` is required where the contract
   * has tenants.
   */
  eraseSubject(subject: string, tenant?: string): Promise<boolean>;
  /**
   * Allows new personal data of an erased subject to be recorded. Erased data stays erased. Resolves with whether the subject
   * was erased. `tenant` is required where the contract has tenants.
   */
  readmitSubject(subject: string, tenant?: string): Promise<boolean>;
  /**
   * Wraps all keys of personal data with the current key of `personalData.wrap`. Resolves with how many keys it
   * rewrapped.
   */
  rewrapKeys(): Promise<number>;
  /** Decodes a stored event, upcast to its current version; undefined if no part knows its type and version. For tools. */
  decodeEvent(event: RecordedEvent): DecodedEvent | undefined;
  /** Creates and reads the page tokens and cursors of this app. For transports. */
  readonly pageTokens: PageTokens;
  /** The store, for tools and tests. It decrypts personal fields on reading and encrypts them on writing. */
  readonly store: Store;
  /** The store without decryption, for tools that copy data: personal fields stay encrypted. */
  readonly rawStore: Store;
}
