import { EventCatalog } from "../aggregate/index.js";
import {
  type AnyMethod,
  type CallOptions,
  type CallResult,
  type Clock,
  createBus,
  type Logger,
  logging,
  type Method,
  type Middleware,
  silentLogger,
  systemClock,
  tenancy,
  timeouts,
} from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { EventTail, memory, type RecordedEvent, type Store } from "../event-store/index.js";
import {
  createIdentify,
  type FindCaller,
  fetchHandler,
  firstOf,
  type HttpHandler,
  type Transport,
} from "../http/index.js";
import type { MessageTypes } from "../message/index.js";
import { type OutboxOptions, type OutboxStatus, Relay } from "../outbox/index.js";
import { PersonalContents, PersonalData, type PersonalDataOptions } from "../personal/index.js";
import type { HostOptions, ProjectionControl, ProjectionStatus } from "../projection/index.js";
import { registerEvents } from "../schemas/index.js";
import { rest } from "../transport/rest/index.js";
import { loadValidation } from "../validation/index.js";
import { Background } from "./background.js";
import { bindMethods } from "./bind-methods.js";
import { toContractMessages } from "./contract-messages.js";
import { type EventContent, readContent } from "./event-content.js";
import { createEventFeeds } from "./event-feeds.js";
import type { Unimplemented } from "./gaps.js";
import { type HistoryEntry, readHistory } from "./history.js";
import { knownEvents } from "./known-events.js";
import { Lifecycle } from "./lifecycle.js";
import { createTenantReader } from "./named-tenant.js";
import { createHandlers, type Part } from "./parts.js";
import { type ReadModelReference, ReadSide } from "./read-side.js";
import { responseValidation } from "./response-validation.js";
import { type SendOptions, sendAndWait } from "./send-and-wait.js";
import { validation } from "./validation.js";

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
  readonly projections?: HostOptions;
  /**
   * Sends the events of aggregates that store their state to others: each is left in the transaction that stores the state, and
   * sent at least once. Default: nobody is told of them.
   */
  readonly outbox?: OutboxOptions;
  /** Default: says nothing. */
  readonly logger?: Logger;
  /** Time and ids. Default: the machine's. */
  readonly clock?: Clock;
  /** How the personal fields of events, snapshots, answers and rows are encrypted. They are in any case. */
  readonly personalData?: PersonalDataOptions;
}

/** A service that can be started, called and stopped. */
export interface App {
  /** Migrates the store, brings inline projections up to date and starts the others. Idempotent. */
  start(): Promise<void>;
  /** Lets running calls end, stops the projections and closes the store. Idempotent. */
  stop(): Promise<void>;
  /** Sends a command. Starts the app if need be. */
  send<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary">,
    request: Req["init"] | Req["message"],
    options?: SendOptions,
  ): Promise<Res["message"]>;
  /** Asks a query; the same as `send`, by the name of what it is. */
  query: App["send"];
  /**
   * Calls any method, streams too, with a request that is a message of its codec, or a stream of them: what transports do.
   * The response is an async iterable where the answer is a stream. Starts the app if need be.
   */
  dispatch(method: AnyMethod, request: unknown, options?: CallOptions): Promise<CallResult>;
  /** Resolves when the read models know everything that was recorded before. */
  caughtUp(): Promise<void>;
  /** How each projection stands, without asking the store. */
  readonly projections: readonly ProjectionStatus[];
  /** Pauses, rebuilds, waits for one projection, and deals with what it could not apply. The app must be started. */
  projection(readModel: ReadModelReference): ProjectionControl;
  /** How the outbox stands. Rejects if the app was given none. Starts the app if need be. */
  outbox(): Promise<OutboxStatus>;
  /** Takes a request of the neutral kind; see `serve` of `@potter/runtime/node`. */
  readonly handle: HttpHandler;
  /** The whole HTTP surface, for every engine with web standards. */
  fetch(request: Request): Promise<Response>;
  /** The events of one aggregate, oldest first, as ProtoJSON: for people and tools. `tenant` is required where the contract has tenants. */
  history(
    aggregate: { readonly definition: { readonly type: string } },
    id: string,
    tenant?: string,
  ): Promise<HistoryEntry[]>;
  /**
   * Forgets a subject of personal data: deletes its key, so that its personal fields can be read nowhere any more. Other
   * processes learn of it within `personalData.keyTtl`. Whether there was a key. `tenant` is required where the contract has tenants.
   */
  forget(subject: string, tenant?: string): Promise<boolean>;
  /** Lets new personal data of a forgotten subject be recorded. What was forgotten stays so. Whether it was forgotten. `tenant` as for `forget`. */
  remember(subject: string, tenant?: string): Promise<boolean>;
  /** Wraps all keys of personal data by the present key of `personalData.wrap`. Gives how many were wrapped by another. */
  rewrapKeys(): Promise<number>;
  /** What an event of the store says to the code of today; undefined: no part knows it. For tools. */
  read(event: RecordedEvent): EventContent | undefined;
  /** The store, for tools and tests. Where the contract has personal fields, they are decrypted on the way. */
  readonly store: Store;
  /** The store as it is underneath, for tools that copy: there, what is personal is encrypted. */
  readonly stored: Store;
}

/** Puts a service together. Throws, with all faults at once, if the parts do not fit. */
export function createApp(options: AppOptions): App {
  const { parts, transports = [rest()], logger = silentLogger, clock = systemClock } = options;
  const contents = new PersonalContents(toContractMessages(parts));
  const stored = options.store ?? memory();
  const personal = new PersonalData(stored, contents, options.personalData);
  const { store } = personal;
  const catalog = new EventCatalog();
  for (const part of parts) if (part.kind === "decider") catalog.addDecider(part);
  const projections = parts.filter((part) => part.kind === "projection");
  const readSide = new ReadSide(projections, catalog, store, logger, options.projections);
  const relay = options.outbox && createRelay(store, options.outbox, logger);
  const background = new Background(logger);
  const engine = {
    events: store.events,
    ...(store.states && { states: store.states }),
    outbox: relay !== undefined,
    clock,
    logger,
    background: (work: Promise<void>) => background.add(work),
    ...(readSide.inline && { inline: readSide.inline }),
  };
  const functions = { events: store.events, views: readSide.views.bind(readSide) };
  const handlers = createHandlers(parts, catalog, engine, functions, options.unimplemented);
  const tenantOf = createTenantReader(handlers.keys());
  const tail = new EventTail(store.events);
  const feeds = createEventFeeds(parts, catalog, store.events, tail);

  const lifecycle = new Lifecycle(
    async () => {
      const { validateResponses = false } = options;
      const codecs = Array.from(handlers.keys(), ({ request, response }) =>
        validateResponses ? [request, response] : [request],
      ).flat();
      const [validators] = await Promise.all([loadValidation(codecs), store.start()]);
      await registerEvents(store, knownEvents(parts));
      await readSide.start();
      relay?.start();
      const middleware = [
        ...(logger === silentLogger ? [] : [logging(logger)]),
        timeouts,
        tenancy,
        ...(validateResponses ? [forRpcs(handlers, responseValidation(validators))] : []),
        ...(options.middleware ?? []),
        validation(validators),
      ];
      const bus = createBus({ handlers: new Map([...handlers, ...feeds]), middleware, clock, logger });
      const identify = options.caller && createIdentify(options.caller);
      const host = { methods: bindMethods(handlers.keys(), bus), logger, dispatch: bus.dispatch, identify };
      return { bus, handle: firstOf(transports.map((transport) => transport.mount(host))) };
    },
    async () => {
      await Promise.all([background.settled(), relay?.stop()]);
      await readSide.stop();
      await store.stop();
    },
  );

  const send: App["send"] = (method, request, sendOptions) => {
    const { running } = lifecycle;
    if (sendOptions?.waitFor !== undefined) {
      return lifecycle
        .start()
        .then(({ bus }) => sendAndWait(bus, store.events, readSide, method, request, sendOptions) as never);
    }
    return (
      running?.bus.send(method, request, sendOptions) ??
      lifecycle.start().then(({ bus }) => bus.send(method, request, sendOptions))
    );
  };
  const handle: HttpHandler = (request) =>
    lifecycle.running?.handle(request) ?? lifecycle.start().then((running) => running.handle(request));

  return {
    async start() {
      await lifecycle.start();
    },
    stop: () => lifecycle.stop(),
    send,
    query: send,
    dispatch: (method, request, options) =>
      lifecycle.running?.bus.dispatch(method, request, options) ??
      lifecycle.start().then(({ bus }) => bus.dispatch(method, request, options)),
    async caughtUp() {
      await lifecycle.start();
      await readSide.caughtUp();
    },
    get projections() {
      return readSide.status;
    },
    projection: (readModel) => readSide.control(readModel),
    async outbox() {
      if (relay === undefined)
        throw new PotterError("failed_precondition", 'the app has no outbox: give createApp "outbox"');
      await lifecycle.start();
      return relay.status();
    },
    handle,
    fetch: fetchHandler(handle),
    async history(aggregate, id, given) {
      const tenant = tenantOf("history", given);
      await lifecycle.start();
      return readHistory(store.events, catalog, { tenant, type: aggregate.definition.type, id });
    },
    async forget(subject, given) {
      const tenant = tenantOf("forget", given);
      await lifecycle.start();
      return personal.forget({ tenant, subject }).finally(() => tail.drop());
    },
    async remember(subject, given) {
      const tenant = tenantOf("remember", given);
      await lifecycle.start();
      return personal.remember({ tenant, subject });
    },
    async rewrapKeys() {
      await lifecycle.start();
      return personal.rewrapKeys();
    },
    read: (event) => readContent(catalog, event),
    store,
    stored,
  };
}

/** A middleware for the methods that are rpcs. */
function forRpcs(handlers: ReadonlyMap<AnyMethod, unknown>, middleware: Middleware): Middleware {
  return (method) => (handlers.has(method) ? middleware(method) : undefined);
}

function createRelay({ name, outbox }: Store, options: OutboxOptions, logger: Logger): Relay {
  if (outbox === undefined) throw new Error(`the store ${name} has no outbox, and the app is to have one`);
  return new Relay(outbox, options, logger);
}
