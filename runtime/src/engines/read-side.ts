import type { InlineProjections } from "../aggregate/index.js";
import { isRequestBound } from "../async/index.js";
import type { AnyMethod, AnyService, Bus, Call, Logger, ReadModelDefinition, View } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { PageTokens } from "../paging/index.js";
import {
  ChangeHub,
  createInlineProjector,
  type EventConsumer,
  ProjectionRunner,
  type ProjectionStatus,
  type ProjectionWorkerOptions,
  Projector,
  RowView,
  RowWatchers,
  RunnerControl,
  sourcesOf,
  toConsumer,
  type ViewSource,
  type ViewSources,
} from "../projection/index.js";
import type { RowTable, Store } from "../store/ports/index.js";
import type { SubscriptionRetry } from "../store/subscriptions/index.js";
import type { EventLog } from "./event-log.js";
import type { Part } from "./part.js";
import type { ReadModelReference } from "./read-model-reference.js";
import { type SendOptions, sendAndWait } from "./send-and-wait.js";

/** How long the live build of a read model is cached, in milliseconds: another process may promote a new one. */
const liveVersionTtl = 1000;

/** A symbol, since a view could have any name. */
const callOf = Symbol("call");

/** The read models of an app: runs its projections and creates its views. */
export class ReadSide {
  readonly inline: InlineProjections | undefined;
  private readonly store: Store;
  private readonly logger: Logger;
  private readonly tokens: PageTokens;
  private readonly hub = new ChangeHub();
  private readonly projectors: readonly Projector[];
  private readonly createRunner: (projectors: readonly Projector[]) => ProjectionRunner;
  private readonly runner: ProjectionRunner;
  /** Works on single projections of an app that has not started. */
  private worker: { readonly projectors: readonly Projector[]; readonly runner: ProjectionRunner } | undefined;
  private readonly sources = new Map<string, ViewSource>();
  /** Discards the cached live build of a read model, by its name. */
  private readonly stale = new Map<string, () => void>();
  private readonly viewsOf = new Map<AnyService, new (call: Call) => object>();

  constructor(
    parts: readonly Part[],
    { catalog, tail }: EventLog,
    store: Store,
    tokens: PageTokens,
    logger: Logger,
    options: ProjectionWorkerOptions | undefined,
    consumers: readonly EventConsumer[],
  ) {
    this.store = store;
    this.tokens = tokens;
    this.logger = logger;
    const projections = parts.flatMap((part) => (part.kind === "projection" ? [toConsumer(part)] : []));
    this.projectors = [...projections, ...consumers].map((consumer) => new Projector(consumer, catalog));
    this.inline = createInlineProjector(
      this.projectors.filter(({ part }) => part.mode === "inline"),
      this.hub,
    );
    const onPromoted = (name: string) => this.stale.get(name)?.();
    const dependencies = { ...options, store, tail, hub: this.hub, logger, onPromoted };
    this.createRunner = (projectors) => new ProjectionRunner(projectors, dependencies);
    this.runner = this.createRunner(this.projectors);
  }

  get status(): readonly ProjectionStatus[] {
    return this.runner.status;
  }

  /** Full names. */
  get names(): readonly string[] {
    return this.projectors.map(({ name }) => name);
  }

  /** Reads how far the projections are, for tools. Works on the named ones only, until it is started or stopped. */
  async open(names: readonly string[]): Promise<void> {
    const projectors = names.map((name) => this.find(name));
    const acting = projectors.find(({ part }) => part.acts !== undefined);
    if (acting !== undefined) {
      throw new PotterError("invalid_argument", `${acting.part.title} acts on events: it runs in started apps only`);
    }
    await this.runner.inspect();
    await this.worker?.runner.stop();
    this.worker = projectors.length === 0 ? undefined : { projectors, runner: this.createRunner(projectors) };
    await this.worker?.runner.start();
  }

  async start(): Promise<void> {
    await this.worker?.runner.stop();
    this.worker = undefined;
    const projections = this.projectors.filter(({ part }) => part.mode !== "inline").map(({ name }) => name);
    if (isRequestBound && projections.length > 0) {
      const message =
        "async projections halt between requests on this platform: make them inline, or run them in a process";
      this.logger.warn(message, { projections });
    }
    await this.runner.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.runner.stop(), this.worker?.runner.stop()]);
  }

  /** Ends the work of the consumers that act. Resolves when none of their handlers runs. */
  endActing(): Promise<void> {
    return this.runner.endActing();
  }

  /** Ends all row watchers with an error. */
  endWatches(error: unknown): void {
    this.hub.end(error);
  }

  caughtUp(): Promise<void> {
    return this.runner.caughtUp();
  }

  /** Returns the control of a projection, by its read model or its name. Throws `not_found` if there is none. */
  control(readModel: ReadModelReference): RunnerControl {
    const projector = this.find(readModel);
    const { worker } = this;
    const runner = worker?.projectors.includes(projector) === true ? worker.runner : this.runner;
    return new RunnerControl(runner, projector, this.store);
  }

  private find(readModel: ReadModelReference): Projector {
    const projector = this.projectors.find(
      ({ name, part }) =>
        name === readModel ||
        part.localName === readModel ||
        (typeof readModel !== "string" && name === readModel.definition.codec.typeName),
    );
    if (projector === undefined) {
      const name = typeof readModel === "string" ? readModel : readModel.definition.name;
      const known = this.projectors.map((one) => one.part.localName).join(", ") || "none";
      throw new PotterError("not_found", `this app has no projection of ${name}: it has ${known}`);
    }
    return projector;
  }

  /** Calls a method, and returns its response when the given read models include its effects. */
  send(bus: Bus, method: AnyMethod, request: unknown, options: SendOptions): Promise<unknown> {
    const { waitFor = [], ...others } = options;
    // Resolved first, so that an unknown read model is reported before the command runs.
    const controls = waitFor.map((readModel) => this.control(readModel));
    return sendAndWait(bus, this.store.events, controls, method, request, others);
  }

  /** The views of a service for one call, each created when it is first read. */
  views(service: AnyService, call: Call): { readonly [name: string]: View } {
    let Views = this.viewsOf.get(service);
    if (Views === undefined) {
      Views = this.defineViews(service);
      this.viewsOf.set(service, Views);
    }
    return new Views(call) as unknown as { readonly [name: string]: View };
  }

  /** Defines a class with a getter for each view: getters on an object literal would be created again for every call. */
  private defineViews(service: AnyService): new (call: Call) => object {
    const sourceOf = (definition: ReadModelDefinition) => this.source(definition);
    const views = class implements ViewSources {
      readonly [callOf]: Call;
      constructor(call: Call) {
        this[callOf] = call;
      }
      get [sourcesOf]() {
        return sourceOf;
      }
    };
    for (const [name, { definition }] of Object.entries(service.views())) {
      const source = this.source(definition);
      const get = function (this: { readonly [callOf]: Call }): View {
        return new RowView(source, this[callOf]);
      };
      Object.defineProperty(views.prototype, name, { enumerable: true, get });
    }
    return views;
  }

  private source(definition: ReadModelDefinition): ViewSource {
    const known = this.sources.get(definition.codec.typeName);
    if (known !== undefined) return known;
    const report = ({ error, attempt, retryIn }: SubscriptionRetry) =>
      this.logger.warn("watched row could not be read, will retry", { error, attempt, retryIn });
    const { hub, tokens } = this;
    const revision = () => this.runner.revisionOf(definition.codec.typeName);
    const rows = { definition, rows: this.store.rows, hub, table: this.liveTable(definition), revision, report };
    const source = { ...rows, tokens, watchers: new RowWatchers(rows) };
    this.sources.set(definition.codec.typeName, source);
    return source;
  }

  private liveTable({ codec }: ReadModelDefinition): ViewSource["table"] {
    let known: RowTable | undefined;
    let reading: Promise<RowTable>;
    let until = 0;
    const read = async (): Promise<RowTable> => {
      const live = await this.store.projections.live(codec.typeName);
      known = { name: codec.typeName, version: live?.version ?? 1, generation: live?.generation ?? 1, codec };
      return known;
    };
    this.stale.set(codec.typeName, () => {
      until = 0;
    });
    return (fresh = false) => {
      const now = performance.now();
      if (fresh || now > until) {
        until = now + liveVersionTtl;
        known = undefined;
        reading = read();
        reading.catch(() => {
          until = 0;
        });
      }
      return known ?? reading;
    };
  }
}
