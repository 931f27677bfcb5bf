import { type EventCatalog, EventTable } from "../aggregate/index.js";
import type { RecordedEvent, RowTable, RowTransaction } from "../event-store/index.js";
import { TransactionRows } from "./rows.js";
import type { EventMeta, ProjectionPart } from "./types.js";

/** The keys of rows that a batch of events has changed. */
export interface Changes {
  readonly table: RowTable;
  readonly keys: readonly { readonly tenant: string; readonly key: string }[];
}

/** Applies events to the rows of one projection. */
export class Projector {
  readonly part: ProjectionPart;
  readonly table: RowTable;
  private readonly catalog: EventCatalog;
  private readonly handlers = new EventTable<ProjectionPart["on"][string]>();
  private readonly types = new Set<string>();

  constructor(part: ProjectionPart, catalog: EventCatalog) {
    const { readModel, version, on } = part;
    this.part = part;
    this.catalog = catalog;
    this.table = { name: readModel.codec.typeName, version, codec: readModel.codec };
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
    const changed = (tenant: string, key: string) => keys.push({ tenant, key });
    for (const event of events) {
      if (!this.concerns(event.type)) continue;
      const reader = this.catalog.reader(event);
      const handler = this.handlers.get(reader.definition.type, reader.definition.version);
      if (handler === undefined) continue;
      const rows = new TransactionRows(this.part.readModel, this.table, event.stream.tenant, transaction, changed);
      await handler(reader.read(event) as never, rows as never, toMeta(event));
      await rows.settled();
    }
    return { table: this.table, keys };
  }
}

function toMeta(event: RecordedEvent): EventMeta {
  const { bytes: _, data: __, ...meta } = event;
  return meta;
}
