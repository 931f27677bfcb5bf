import { type EventCatalog, EventTable } from "../aggregate/index.js";
import type { RecordedEvent, RowTable, RowTransaction } from "../event-store/index.js";
import { toMeta } from "./event-meta.js";
import { rowsTarget } from "./rows-target.js";
import type { ProjectionBuild, ProjectionTarget } from "./target.js";
import type { ProjectionPart } from "./types.js";

/** The keys of rows that a batch of events has changed. */
export interface Changes {
  readonly table: RowTable;
  readonly keys: readonly { readonly tenant: string; readonly key: string }[];
}

/** Applies events to the rows of one projection. */
export class Projector {
  readonly part: ProjectionPart;
  readonly table: RowTable;
  readonly build: ProjectionBuild;
  readonly target: ProjectionTarget;
  private readonly catalog: EventCatalog;
  private readonly handlers = new EventTable<ProjectionPart["on"][string]>();
  private readonly types = new Set<string>();

  constructor(part: ProjectionPart, catalog: EventCatalog) {
    const { readModel, version, on } = part;
    this.part = part;
    this.catalog = catalog;
    this.table = { name: readModel.codec.typeName, version, codec: readModel.codec };
    this.build = { name: this.table.name, version, generation: 1 };
    this.target = part.target ?? rowsTarget(readModel, this.table);
    for (const [name, definition] of Object.entries(readModel.events)) {
      catalog.add(definition);
      this.handlers.set(definition.type, definition.version, on[name] as ProjectionPart["on"][string]);
      this.types.add(definition.type);
    }
  }

  /** Whether an event of this stored type may concern the read model, in whatever version. */
  concerns(type: string): boolean {
    return this.types.has(type);
  }

  /** Applies those of the events that concern the read model, in order. */
  async apply(events: readonly RecordedEvent[], transaction: RowTransaction): Promise<Changes> {
    const keys: { tenant: string; key: string }[] = [];
    for (const event of events) {
      if (!this.concerns(event.type)) continue;
      const reader = this.catalog.reader(event);
      const handler = this.handlers.get(reader.definition.type, reader.definition.version);
      if (handler === undefined) continue;
      const meta = toMeta(event);
      const scope = this.target.open(transaction, meta, this.build);
      await handler(reader.read(event) as never, scope.handle as never, meta);
      await scope.settled();
      for (const key of scope.changed ?? []) keys.push({ tenant: event.stream.tenant, key });
    }
    return { table: this.table, keys };
  }
}
