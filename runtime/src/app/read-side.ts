import type { EventCatalog, InlineProjector } from "../aggregate/index.js";
import type { AnyService, Call, Logger, ReadModelDefinition, View } from "../cqrs/index.js";
import type { RowTable, Store } from "../event-store/index.js";
import {
  ChangeHub,
  createInlineProjector,
  type ProjectionPart,
  ProjectionRunner,
  type ProjectionStatus,
  Projector,
  RowView,
  sourcesOf,
  type ViewSource,
  type ViewSources,
} from "../projection/index.js";

/** How long the live version of a read model is remembered, in milliseconds: another process may promote a new one. */
const liveVersionTtl = 1000;

/** Under no name that a view could have. */
const callOf = Symbol("call");

/** Everything that concerns read models: projections that run, views that answer. */
export class ReadSide {
  readonly inline: InlineProjector | undefined;
  private readonly store: Store;
  private readonly logger: Logger;
  private readonly hub = new ChangeHub();
  private readonly projectors: readonly Projector[];
  private readonly sources = new Map<string, ViewSource>();
  private readonly viewsOf = new Map<AnyService, new (call: Call) => object>();
  private runners: readonly ProjectionRunner[] = [];

  constructor(parts: readonly ProjectionPart[], catalog: EventCatalog, store: Store, logger: Logger) {
    this.store = store;
    this.logger = logger;
    this.projectors = parts.map((part) => new Projector(part, catalog));
    this.inline = createInlineProjector(
      this.projectors.filter(({ part }) => part.mode === "inline"),
      this.hub,
    );
  }

  get status(): readonly ProjectionStatus[] {
    return this.runners.map((runner) => runner.status);
  }

  async start(): Promise<void> {
    const options = { store: this.store, hub: this.hub, logger: this.logger };
    const runners: ProjectionRunner[] = [];
    for (const projector of this.projectors) runners.push(await ProjectionRunner.open(projector, options));
    this.runners = runners;
    for (const runner of runners) runner.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
  }

  async caughtUp(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.caughtUp()));
  }

  /** The views of a service for one call, each made when it is asked for. */
  views(service: AnyService, call: Call): { readonly [name: string]: View } {
    let Views = this.viewsOf.get(service);
    if (Views === undefined) {
      Views = this.defineViews(service);
      this.viewsOf.set(service, Views);
    }
    return new Views(call) as unknown as { readonly [name: string]: View };
  }

  /** A class with a getter for each view: getters on each object would be made anew for every call. */
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
        return new RowView(source, this[callOf].context);
      };
      Object.defineProperty(views.prototype, name, { enumerable: true, get });
    }
    return views;
  }

  private source(definition: ReadModelDefinition): ViewSource {
    const known = this.sources.get(definition.codec.typeName);
    if (known !== undefined) return known;
    const source = { definition, rows: this.store.rows, hub: this.hub, table: this.liveTable(definition) };
    this.sources.set(definition.codec.typeName, source);
    return source;
  }

  private liveTable({ codec }: ReadModelDefinition): ViewSource["table"] {
    let known: RowTable | undefined;
    let reading: Promise<RowTable>;
    let until = 0;
    const read = async (): Promise<RowTable> => {
      const live = await this.store.rows.live(codec.typeName);
      known = { name: codec.typeName, version: live?.version ?? 1, codec };
      return known;
    };
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
