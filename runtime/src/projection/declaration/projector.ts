import { type EventCatalog, EventTable } from "../../aggregate/index.js";
import { PotterError } from "../../errors/index.js";
import type { EventDefinition } from "../../message/index.js";
import type { ProjectionBuildId, RecordedEvent } from "../../store/ports/index.js";
import type { EventConsumer } from "./event-consumer.js";
import { type EventMeta, toMeta } from "./event-meta.js";
import { type ExternalTarget, isExternal } from "./external-target.js";
import type { ProjectionTarget } from "./target.js";

/** Of the key that a projection assigns to an event, in characters. */
const maxKeyLength = 500;

/** An event that is ready to be applied. */
export interface ReadEvent {
  readonly data: unknown;
  readonly meta: EventMeta;
  /** The key that its failure blocks; undefined: that of its stream, see {@link defaultEventKey}. */
  readonly key: string | undefined;
  /** undefined: the read model does not handle it. */
  readonly handler: EventConsumer["on"][string] | undefined;
}

/** One consumer of events, resolved: which stored events it handles, and how. */
export class Projector {
  readonly part: EventConsumer;
  readonly name: string;
  readonly target: ProjectionTarget | ExternalTarget;
  /** Stored types of the events that it handles. */
  readonly types: readonly string[];
  /** The build that appends keep, if the projection is inline. */
  build: ProjectionBuildId;
  private readonly catalog: EventCatalog;
  private readonly known: ReadonlySet<string>;
  private readonly handlers = new EventTable<EventConsumer["on"][string]>();

  constructor(part: EventConsumer, catalog: EventCatalog) {
    const { name, version, events, on } = part;
    check(part);
    this.part = part;
    this.catalog = catalog;
    this.name = name;
    this.build = { name, version, generation: 1 };
    this.target = part.target;
    for (const [local, definition] of Object.entries(events)) {
      catalog.add(definition);
      checkCurrent(part.title, definition, catalog);
      this.handlers.set(definition.type, definition.version, on[local] as EventConsumer["on"][string]);
    }
    this.known = new Set(Object.values(events).flatMap((definition) => catalog.typesReadAs(definition)));
    this.types = [...this.known].sort();
  }

  /** Whether events of this stored type, in any version, may concern the read model. */
  concerns(type: string): boolean {
    return this.known.has(type);
  }

  /** Whether some part of the app knows this version of the event. */
  knows({ type, schemaVersion }: RecordedEvent): boolean {
    return this.catalog.find(type, schemaVersion) !== undefined;
  }

  /** The key that the failure of an event blocks. Throws if that is not possible. */
  keyOf(event: RecordedEvent): string {
    return this.read(event).key ?? defaultEventKey(event);
  }

  /** Decodes an event by its current definition. Throws if that is not possible. */
  read(event: RecordedEvent): ReadEvent {
    const reader = this.catalog.reader(event);
    const data = reader.read(event);
    const meta = toMeta(event);
    const { type, version } = reader.definition;
    // Checked although it may not be needed: an event without a valid key must fail whenever it is read.
    const key = this.part.key === undefined ? undefined : checkKey(this.part.key(data as never, meta));
    return { data, meta, key, handler: this.handlers.get(type, version) };
  }
}

/** Rejects keys that the store could not keep: their events could not become dead letters, and would stop the shard. */
function checkKey(key: string): string {
  if (typeof key === "string" && key.length <= maxKeyLength && !/\p{Surrogate}/u.test(key)) return key;
  throw new PotterError(
    "invalid_argument",
    `the key of an event must be well-formed text of at most ${maxKeyLength} characters`,
  );
}

/**
 * The default key of an event: its stream, as `order/4711`, with a tenant `north:order/4711`. Different streams have different
 * keys: tenant and type are escaped, so the first slash ends the type, and a colon before it the tenant.
 */
export function defaultEventKey({ stream: { tenant, type, id } }: Pick<RecordedEvent, "stream">): string {
  return tenant === "" ? `${escapePart(type)}/${id}` : `${escapePart(tenant)}:${escapePart(type)}/${id}`;
}

function escapePart(text: string): string {
  return /[%:/]/.test(text) ? text.replace(/[%:/]/g, encodeURIComponent) : text;
}

/** Refuses the handler of an event that is upcast wherever it is read: it would never run. */
function checkCurrent(title: string, { type, version }: EventDefinition, catalog: EventCatalog): void {
  const current = catalog.find(type, version)?.definition;
  if (current === undefined || (current.type === type && current.version === version)) return;
  const other = current.type === type ? "" : `${current.type} `;
  throw new PotterError(
    "invalid_argument",
    `${title} handles a superseded event: ${type} version ${version} is read as ${other}version ${current.version}: handle that`,
  );
}

function check({ title, mode, shards = 1, retries = 5, key, target }: EventConsumer): void {
  const fail = (message: string): never => {
    throw new PotterError("invalid_argument", `${title} ${message}`);
  };
  if (!Number.isInteger(shards) || shards < 1 || shards > 256) fail(`has ${shards} shards: expected 1 to 256`);
  if (!Number.isInteger(retries) || retries < 0) fail(`has ${retries} retries: expected 0 or more`);
  if (key !== undefined && shards > 1) fail("has its own key, which may span streams: use one shard");
  if (mode === "inline" && shards > 1) fail("is inline, so appends do its work: shards do not apply");
  if (mode === "inline" && isExternal(target)) fail("is inline: it cannot write to an external target");
}
