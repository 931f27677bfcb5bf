import { EventCatalog } from "../aggregate/index.js";
import {
  type AnyMethod,
  type CallOptions,
  type CallResult,
  createBus,
  type Logger,
  logging,
  type Method,
  type Middleware,
  RunningCalls,
  silentLogger,
  systemClock,
  tenancy,
  timeouts,
} from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { answerProblem, createGate, createIdentify, fetchHandler, type HttpHandler } from "../http/index.js";
import type { MessageTypes } from "../message/index.js";
import { type OutboxOptions, type OutboxStatus, Relay } from "../outbox/index.js";
import type { PageTokens } from "../paging/index.js";
import { PersonalContents, PersonalData } from "../personal/index.js";
import type { ProjectionControl, ProjectionStatus } from "../projection/index.js";
import { registerEvents } from "../schemas/index.js";
import { memory } from "../store/memory/index.js";
import type { RecordedEvent, Store } from "../store/ports/index.js";
import { EventTail } from "../store/subscriptions/index.js";
import { rest } from "../transport/rest/index.js";
import { loadValidation } from "../validation/index.js";
import type { AppOptions } from "./app-options.js";
import { Background } from "./background.js";
import { toContractMessages } from "./contract-messages.js";
import { createPageTokens } from "./create-page-tokens.js";
import { type DecodedEvent, readContent } from "./event-content.js";
import { createEventHandlers } from "./event-handlers.js";
import { type HistoryEntry, readHistory } from "./history.js";
import { knownEvents } from "./known-events.js";
import { Lifecycle } from "./lifecycle.js";
import { createTenantReader } from "./named-tenant.js";
import { createHandlers } from "./parts.js";
import { type ReadModelReference, ReadSide } from "./read-side.js";
import { responseValidation } from "./response-validation.js";
import { type SendOptions, sendAndWait } from "./send-and-wait.js";
import { createShutdown } from "./shutdown.js";
import { warnOfUniqueValues } from "./unique-values.js";
import { validation } from "./validation.js";

export type { AppOptions } from "./app-options.js";

/** A service that can be started, called and stopped. */
export interface App {
  /**
   * Migrates the store, brings inline projections up to date and starts the others. Idempotent. If it fails, the next call
   * tries again, after a short pause.
   */
  start(): Promise<void>;
  /**
   * Takes no new calls, waits for those that are under way with the calls, streams and background work that they led to, stops the
   * projections and closes the store. What runs longer than `stopTimeout` is ended. No call is left without an answer. Idempotent.
   */
  stop(): Promise<void>;
  /** Sends a command. Starts the app if it has not been started. */
  send<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "command">,
    request: Req["init"] | Req["message"],
    options?: SendOptions,
  ): Promise<Res["message"]>;
  /** Runs a query. Starts the app if it has not been started. */
  query<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "query">,
    request: Req["init"] | Req["message"],
    options?: SendOptions,
  ): Promise<Res["message"]>;
  /**
   * Calls any method, streams too, with a request that is a message of its codec, or a stream of them: what transports do.
   * The response is an async iterable where the answer is a stream. Starts the app if need be.
   */
  dispatch(method: AnyMethod, request: unknown, options?: CallOptions): Promise<CallResult>;
  /** Resolves when the read models know everything that was recorded before. */
  waitForProjections(): Promise<void>;
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
  eraseSubject(subject: string, tenant?: string): Promise<boolean>;
  /** Lets new personal data of a forgotten subject be recorded. What was forgotten stays so. Whether it was forgotten. `tenant` as for `forget`. */
  readmitSubject(subject: string, tenant?: string): Promise<boolean>;
  /** Wraps all keys of personal data by the present key of `personalData.wrap`. Gives how many were wrapped by another. */
  rewrapKeys(): Promise<number>;
  /** What an event of the store says to the code of today; undefined: no part knows it. For tools. */
  decodeEvent(event: RecordedEvent): DecodedEvent | undefined;
  /** What the page tokens of this app are made by, for transports: cursors are made by it too. */
  readonly pageTokens: PageTokens;
  /** The store, for tools and tests. Where the contract has personal fields, they are decrypted on the way. */
  readonly store: Store;
  /** The store as it is underneath, for tools that copy: there, what is personal is encrypted. */
  readonly rawStore: Store;
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
  const pageTokens = createPageTokens(options.pageTokens, personal, logger);
  const readSide = new ReadSide(projections, catalog, store, pageTokens, logger, options.projections);
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
  const gate = createGate(options.http);
  const tenantOf = createTenantReader(handlers.keys());
  const tail = new EventTail(store.events, ({ error, attempt, retryIn }) =>
    logger.warn("events that are followed cannot be read, will try again", { error, attempt, retryIn }),
  );
  const feeds = createEventHandlers(parts, catalog, store.events, tail);

  const calls = new RunningCalls();
  const { stopTimeout = 10_000 } = options;
  const shutdown = createShutdown({ calls, background, relay, readSide, tail, store, logger, stopTimeout });

  const createRunning = (validators: Awaited<ReturnType<typeof loadValidation>>) => {
    const middleware = [
      ...(logger === silentLogger ? [] : [logging(logger)]),
      timeouts,
      tenancy,
      ...(options.validateResponses ? [forRpcs(handlers, responseValidation(validators))] : []),
      ...(options.middleware ?? []),
      validation(validators),
    ];
    const bus = createBus({ handlers: new Map([...handlers, ...feeds]), middleware, clock, logger, calls });
    const identify = options.caller && createIdentify(options.caller);
    const host = {
      methods: Array.from(handlers.keys(), (method) => ({
        method,
        invoke: (request: unknown, callOptions: CallOptions) => bus.dispatch(method, request, callOptions),
      })),
      logger,
      dispatch: bus.dispatch,
      pageTokens,
      identify,
      csrf: gate.csrf,
      onStop: shutdown.onStop,
    };
    return { bus, handle: gate.open(transports.map((transport) => transport.mount(host))) };
  };

  const open = async () => {
    const codecs = Array.from(handlers.keys(), ({ request, response }) =>
      options.validateResponses ? [request, response] : [request],
    ).flat();
    try {
      const [validators, started] = await Promise.allSettled([loadValidation(codecs), store.start()]);
      if (validators.status === "rejected") throw validators.reason;
      const running = createRunning(validators.value);
      if (started.status === "rejected") throw started.reason;
      await registerEvents(store, knownEvents(parts));
      warnOfUniqueValues(parts, contents, logger);
      await readSide.start();
      relay?.start();
      return running;
    } catch (error) {
      // The next call tries again, with a store that is as it was.
      await store.stop().catch(() => {});
      logger.error("the app could not start, the next call tries again", { error });
      throw error;
    }
  };

  const lifecycle = new Lifecycle(open, { timeout: stopTimeout, close: shutdown.run });

  /** Where a call may not go the short way: the app has not started, or is stopping. */
  const enter = (callOptions: CallOptions | undefined) =>
    lifecycle.draining !== undefined && callOptions !== undefined && calls.includes(callOptions)
      ? Promise.resolve(lifecycle.draining)
      : lifecycle.start();

  const call = <Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary">,
    request: Req["init"] | Req["message"],
    sendOptions?: SendOptions,
  ): Promise<Res["message"]> => {
    if (sendOptions?.waitFor !== undefined) {
      return enter(sendOptions).then(({ bus }) =>
        calls.track(sendAndWait(bus, store.events, readSide, method, request, sendOptions) as Promise<never>),
      );
    }
    return (
      lifecycle.running?.bus.send(method, request, sendOptions) ??
      enter(sendOptions).then(({ bus }) => bus.send(method, request, sendOptions))
    );
  };

  const handle: HttpHandler = (request) => {
    const { running } = lifecycle;
    if (running !== undefined) {
      const response = running.handle(request);
      return "then" in response ? calls.track(response) : response;
    }
    if (lifecycle.isStopping) return answerProblem(request, lifecycle.refusal());
    return lifecycle.start().then(
      (started) => calls.track(Promise.resolve(started.handle(request))),
      // Why is for the log alone.
      (cause: unknown) => answerProblem(request, notReady(cause)),
    );
  };

  /** Does something with the running app, which waits for it when it stops. */
  const use = async <T>(work: () => Promise<T>): Promise<T> => {
    await lifecycle.start();
    return calls.track(work());
  };

  return {
    async start() {
      await lifecycle.start();
    },
    stop: () => lifecycle.stop(),
    send: call,
    query: call,
    dispatch: (method, request, options) =>
      lifecycle.running?.bus.dispatch(method, request, options) ??
      enter(options).then(({ bus }) => bus.dispatch(method, request, options)),
    waitForProjections: () => use(() => readSide.caughtUp()),
    get projections() {
      return readSide.status;
    },
    projection: (readModel) => readSide.control(readModel),
    async outbox() {
      if (relay === undefined)
        throw new PotterError("failed_precondition", 'the app has no outbox: give createApp "outbox"');
      return use(() => relay.status());
    },
    handle,
    fetch: fetchHandler(handle),
    async history(aggregate, id, given) {
      const tenant = tenantOf("history", given);
      return use(() => readHistory(store.events, catalog, { tenant, type: aggregate.definition.type, id }));
    },
    async eraseSubject(subject, given) {
      const tenant = tenantOf("eraseSubject", given);
      return use(() => personal.erase({ tenant, subject }).finally(() => tail.drop()));
    },
    async readmitSubject(subject, given) {
      const tenant = tenantOf("readmitSubject", given);
      return use(() => personal.readmit({ tenant, subject }));
    },
    rewrapKeys: () => use(() => personal.rewrapKeys()),
    decodeEvent: (event) => readContent(catalog, event),
    pageTokens,
    store,
    rawStore: stored,
  };
}

function notReady(cause: unknown): PotterError {
  return new PotterError("unavailable", "the service is not ready: try again later", { cause, retryAfter: 1_000 });
}

/** A middleware for the methods that are rpcs. */
function forRpcs(handlers: ReadonlyMap<AnyMethod, unknown>, middleware: Middleware): Middleware {
  return (method) => (handlers.has(method) ? middleware(method) : undefined);
}

function createRelay({ name, outbox }: Store, options: OutboxOptions, logger: Logger): Relay {
  if (outbox === undefined) throw new Error(`the store ${name} has no outbox, and the app is to have one`);
  return new Relay(outbox, options, logger);
}
