import type { AnyDeciderPart } from "../aggregate/index.js";
import {
  type AnyMethod,
  type CallOptions,
  createBus,
  logging,
  type Method,
  RunningCalls,
  silentLogger,
  systemClock,
  tenancy,
  timeouts,
} from "../cqrs/index.js";
import type { ReadModelReference, ReadSide, SendOptions } from "../engines/index.js";
import { PotterError } from "../errors/index.js";
import { answerProblem, createGate, createIdentify, fetchHandler, type HttpHandler } from "../http/index.js";
import type { MessageTypes } from "../message/index.js";
import { PersonalData } from "../personal/index.js";
import type { SagaReference } from "../saga/index.js";
import { memory } from "../store/memory/index.js";
import { rest } from "../transport/rest/index.js";
import { loadValidation } from "../validation/index.js";
import type { App } from "./app.js";
import type { AppOptions } from "./app-options.js";
import { Background } from "./background.js";
import { checkReady } from "./check-ready.js";
import { createHandlers } from "./collect-handlers.js";
import { toContractMessages } from "./contract-messages.js";
import { createAccess } from "./create-access.js";
import { createPageTokens } from "./create-page-tokens.js";
import { enginesOf } from "./engines-of.js";
import { bindMethods, inOrder } from "./for-transports.js";
import { toOutboxEngine, toWaitsEngine } from "./given-engines.js";
import { Lifecycle } from "./lifecycle.js";
import { createTenantReader } from "./named-tenant.js";
import { noSagas } from "./no-sagas.js";
import { OpenStore } from "./open-store.js";
import { responseValidation } from "./response-validation.js";
import { createShutdown } from "./shutdown.js";
import { createRequestCheck } from "./validation.js";
import { withoutWaits } from "./without-waits.js";

/**
 * Creates an app from its parts. It does not start until `start` or the first call. Throws a PotterError with `invalid_argument`
 * for an invalid option, and one that lists all faults together if the parts are incomplete or contradict each other.
 */
export function createApp(options: AppOptions): App {
  const { parts, transports = [rest()], logger = silentLogger, clock = systemClock, stopTimeout = 10_000 } = options;
  const engines = enginesOf(parts, options.personalData?.engine);
  const { aggregates, readModels, personalData, reactions, schedules, sagas } = engines;
  const messages = toContractMessages(parts, [...(schedules?.codecsOf(parts) ?? []), ...(sagas?.rowsOf(parts) ?? [])]);
  const stored = options.store ?? memory();
  const personal = new PersonalData(stored, messages, personalData?.seal, options.personalData);
  const { store } = personal;
  const calls = new RunningCalls();
  const opened = new OpenStore(store, () => personal.start());
  const ending = { timeout: stopTimeout, isOpen: () => opened.isOpen, close: () => shutdown.run() };
  const lifecycle = new Lifecycle(() => open(), ending);
  const access = createAccess(lifecycle, opened, calls, (work) => readSide?.open(work));
  const { use } = access;
  const log = (aggregates ?? readModels)?.openLog(parts, store, logger);
  const pageTokens = createPageTokens(options.pageTokens, personal, logger);
  const acting = reactions?.open(parts);
  const sagaSide = sagas?.open(parts, {
    store,
    logger,
    options: options.sagas ?? {},
    tokens: pageTokens,
    handled: { has: (method) => handlers.has(method) },
    tenantOf: (given) => tenantOf("saga", given),
    ...access,
  });
  const consumers = [...(acting?.consumers ?? []), ...(sagaSide?.consumers ?? [])];
  const readSide = log && readModels?.open(parts, log, store, pageTokens, logger, options.projections, consumers);
  const waiting = toWaitsEngine(options.waits)?.open({
    parts,
    log,
    readSide,
    events: stored.events,
    personal,
    pageTokens,
    logger,
  });
  const scheduling = schedules?.open(parts, store.rows, logger, access);
  const relay = toOutboxEngine(options.outbox)?.open(store, logger);
  const background = new Background(logger);
  const engine = {
    events: store.events,
    ...(store.states && { states: store.states }),
    outbox: relay !== undefined,
    clock,
    logger,
    background: (work: Promise<void>) => background.add(work),
    ...(readSide?.inline && { inline: readSide.inline }),
  };
  const commandsOf = (part: AnyDeciderPart) => (log && aggregates?.createHandlers(part, log, engine)) ?? new Map();
  const functions = { events: store.events, views: readSide?.views.bind(readSide) ?? (() => ({})) };
  const handlers = createHandlers(
    parts,
    commandsOf,
    functions,
    (handled) => [
      ...(aggregates?.findFaults(parts) ?? []),
      ...(sagas?.findFaults(parts, handled, options.sagas) ?? []),
    ],
    options.unimplemented,
  );
  const gate = createGate(options.http, [...transports.map(({ cors }) => cors), waiting?.headers]);
  const tenantOf = createTenantReader(handlers.keys());
  const feeds = (log && aggregates?.createFeeds(parts, log, store.events)) ?? [];

  const shutdown = createShutdown({
    calls,
    background,
    relay,
    readSide,
    log,
    waiting,
    store,
    logger,
    stopTimeout,
    acting,
    scheduling,
    sagaSide,
  });

  const served = [...handlers.keys(), ...(waiting === undefined ? [] : [waiting.method])];

  const createRunning = (validators: Awaited<ReturnType<typeof loadValidation>>) => {
    const middleware = [
      ...(logger === silentLogger ? [] : [logging(logger)]),
      timeouts,
      tenancy,
      ...(options.validateResponses ? [responseValidation(validators, handlers)] : []),
      ...(options.middleware ?? []),
    ];
    const checkOf = (method: AnyMethod) => createRequestCheck(method, validators);
    const bus = (waiting?.createBus ?? createBus)({
      handlers: new Map([...handlers, ...feeds]),
      middleware,
      check: checkOf,
      clock,
      logger,
      calls,
    });
    const identify = options.caller && createIdentify(options.caller);
    const host = {
      methods: bindMethods(served, bus.dispatch),
      transports: transports.map(({ name }) => name),
      logger,
      dispatch: bus.dispatch,
      pageTokens,
      identify,
      csrf: gate.csrf,
      checkReady: () => checkReady(store),
      onStop: shutdown.onStop,
    };
    return { bus, checkOf, handle: gate.open(inOrder(transports).map((transport) => transport.mount(host))) };
  };

  const open = async () => {
    const checked = { responses: options.validateResponses ?? false };
    try {
      const [validators, started] = await Promise.allSettled([loadValidation(handlers.keys(), checked), opened.open()]);
      if (validators.status === "rejected") throw validators.reason;
      const running = createRunning(validators.value);
      if (started.status === "rejected") throw started.reason;
      await log?.start();
      acting?.start(running.bus, scheduling);
      await sagaSide?.connect(running.bus);
      personalData?.warn(parts, messages, logger);
      await readSide?.start();
      await scheduling?.start(running.bus, running.checkOf);
      // Last, since their commands append: inline projections are up to date, and nothing fails any more.
      sagaSide?.start();
      relay?.start();
      return running;
    } catch (error) {
      // The next call retries, and needs a store that is closed.
      await opened.close();
      // The caller of `start` gets the error itself.
      if (lifecycle.callers === 0) logger.error("the app could not start, the next call tries again", { error });
      throw error;
    }
  };

  /** The slow path of a call: the app has not started, or is stopping and accepts only calls made by running calls. */
  const enter = (callOptions: CallOptions | undefined) =>
    lifecycle.draining !== undefined && callOptions !== undefined && calls.includes(callOptions)
      ? Promise.resolve(lifecycle.draining)
      : lifecycle.start();

  const call = <Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary">,
    request: Req["init"] | Req["message"],
    sendOptions?: SendOptions,
  ): Promise<Res["message"]> => {
    if (sendOptions?.waitFor?.length) {
      const [readModel] = sendOptions.waitFor;
      return enter(sendOptions).then(({ bus }) =>
        calls.track(needReadSide(readModel).send(bus, method, request, sendOptions) as Promise<never>),
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
      // The cause is logged by the start, and never sent to the client.
      (cause: unknown) => answerProblem(request, notReady(cause)),
    );
  };

  const needReadSide = (readModel: ReadModelReference | undefined): ReadSide => {
    if (readSide !== undefined) return readSide;
    const name = typeof readModel === "object" ? readModel.definition.name : readModel;
    throw new PotterError("not_found", `this app has no projection of ${name}: it has none`);
  };

  const dispatch: App["dispatch"] = (method, request, options) =>
    lifecycle.running?.bus.dispatch(method, request, options) ??
    enter(options).then(({ bus }) => bus.dispatch(method, request, options));

  return {
    start: () => lifecycle.startForCaller(),
    open: access.open,
    announceStop: shutdown.announce,
    stop: () => lifecycle.stop(),
    send: call,
    query: call,
    methods: bindMethods(served, dispatch),
    dispatch,
    ...((waiting?.bind(enter, calls) ?? withoutWaits) as Pick<App, "invoke" | "resumeWait">),
    waitForProjections: () => use(async () => readSide?.caughtUp()),
    get schedules() {
      if (scheduling !== undefined) return scheduling;
      const message =
        "the app schedules no commands: add scheduledCommands({ methods }) or schedule({ … }) to its parts";
      throw new PotterError("failed_precondition", message);
    },
    get projections() {
      return readSide?.status ?? [];
    },
    projectionNames: readSide?.names ?? [],
    projection: (readModel) => needReadSide(readModel).control(readModel),
    saga: (reference: SagaReference) => {
      if (sagaSide !== undefined) return sagaSide.control(reference) as never;
      throw new PotterError("not_found", "this app has no sagas");
    },
    sagaTypes: [...(sagaSide?.engine.sagas.keys() ?? [])],
    get sagas() {
      return sagaSide?.engine.counters ?? noSagas;
    },
    async outbox() {
      if (relay === undefined)
        throw new PotterError("failed_precondition", 'the app has no outbox: pass "outbox" to createApp');
      return use(() => relay.status());
    },
    handle,
    fetch: fetchHandler(handle),
    async history(aggregate, id, given) {
      const tenant = tenantOf("history", given);
      return use(async () => {
        if (log !== undefined) return log.history({ tenant, type: aggregate.definition.type, id });
        throw new PotterError(
          "failed_precondition",
          "this app knows no events: add the decider of the aggregate to its parts",
        );
      });
    },
    async eraseSubject(subject, given) {
      const tenant = tenantOf("eraseSubject", given);
      return access.change(() => personal.erase({ tenant, subject }).finally(() => log?.tail.drop()));
    },
    async readmitSubject(subject, given) {
      const tenant = tenantOf("readmitSubject", given);
      return access.change(() => personal.readmit({ tenant, subject }));
    },
    rewrapKeys: () => access.change(() => personal.rewrapKeys()),
    decodeEvent: (event) => log?.decode(event),
    pageTokens,
    store,
    rawStore: stored,
  };
}

function notReady(cause: unknown): PotterError {
  return new PotterError("unavailable", "the service is not ready: try again later", { cause, retryAfter: 1_000 });
}
