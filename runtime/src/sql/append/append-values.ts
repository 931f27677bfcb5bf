import { checkEventSize } from "../../store/checks/index.js";
import { bucketOf, streamMapKey } from "../../store/events/index.js";
import type { AppendContext, EventToAppend, StreamAppend } from "../../store/ports/index.js";
import { SqlArray, type SqlValue } from "../driver/index.js";
import { bindStream, escapeNul, toMetadata } from "../values/index.js";

/** One append of a call with its context. Appends that are all or nothing share the context. */
export interface SqlAppend {
  readonly append: StreamAppend;
  readonly context: AppendContext;
  /** Its encoded events: encoded once for all attempts. */
  readonly payloads: readonly Uint8Array[];
  /** Size of all payloads and of the response, in bytes. */
  readonly size: number;
}

/** Encodes the events of an append. Throws if one is larger than `maxEventSize`. */
export function toSqlAppend(append: StreamAppend, context: AppendContext, maxEventSize: number): SqlAppend {
  let size = context.command?.response.length ?? 0;
  const payloads = append.events.map((event) => {
    const payload = toPayload(event, maxEventSize);
    size += payload.length;
    return payload;
  });
  return { append, context, payloads, size };
}

/** Encodes an event. Throws if it is larger than `maxEventSize`. */
export function toPayload({ bytes, definition, data }: EventToAppend, maxEventSize: number): Uint8Array {
  const payload = bytes ?? definition.codec.encode(data);
  checkEventSize(definition.type, payload, maxEventSize);
  return payload;
}

/** Whether `append_one` can do an append, and, without a command, one of `appendStatements`. */
export function isSingle({ append }: SqlAppend): boolean {
  return append.events.length === 1 && append.uniqueValues === undefined;
}

/** An append with a command is safe to send again: it takes effect once. */
export function isRepeatable({ command }: Pick<AppendContext, "command">): boolean {
  return command !== undefined;
}

/** Identifies a command in maps. */
export function commandKey(tenant: string, id: string): string {
  return `${tenant.length} ${tenant}${id}`;
}

/** Appends of one call must differ in their stream and in their command. */
export function keysOf({ append, context }: SqlAppend): readonly string[] {
  const stream = streamMapKey(append.stream);
  return context.command === undefined ? [stream] : [stream, commandKey(append.stream.tenant, context.command.id)];
}

/** Parameters of the statements `one` and `oneWithCommand`. */
export function bindStatement({ append, context, payloads }: SqlAppend): SqlValue[] {
  const { stream, expectedVersion, events } = append;
  const [event] = events as readonly [EventToAppend];
  const { command } = context;
  const values: SqlValue[] = [
    ...bindStream(stream),
    bucketOf(stream),
    event.id,
    escapeNul(event.definition.type),
    event.definition.version,
    payloads[0] as Uint8Array,
    escapeNul(context.correlationId),
    escapeNul(context.causationId),
    toMetadata(context.metadata),
  ];
  values.push(expectedVersion);
  if (command !== undefined) values.push(escapeNul(command.id), command.requestHash, command.response);
  return values;
}

/** Parameters of `append_one`. */
export function bindOne({ append, context, payloads }: SqlAppend): SqlValue[] {
  const { stream, expectedVersion, events } = append;
  const [event] = events as readonly [EventToAppend];
  const { command } = context;
  return [
    ...bindStream(stream),
    bucketOf(stream),
    expectedVersion,
    event.id,
    escapeNul(event.definition.type),
    event.definition.version,
    payloads[0] as Uint8Array,
    escapeNul(context.correlationId),
    escapeNul(context.causationId),
    toMetadata(context.metadata),
    command === undefined ? null : escapeNul(command.id),
    command?.requestHash ?? null,
    command?.response ?? null,
  ];
}

/** How a call of `append_group` treats its appends. */
export interface GroupMode {
  /** Wait for streams that other transactions have locked. */
  readonly wait: boolean;
  /** All or nothing. */
  readonly together: boolean;
}

/** The statement that can do all appends; undefined: none. */
export function findStatement(
  appends: readonly SqlAppend[],
): "singles" | "singlesWithCommands" | "many" | "manyWithCommands" | undefined {
  let found: "singles" | "many" = "singles";
  let hasCommand = false;
  for (const { append, context } of appends) {
    if (append.events.length === 0 || append.uniqueValues !== undefined) return undefined;
    if (append.events.length > 1) found = "many";
    hasCommand ||= context.command !== undefined;
  }
  return hasCommand ? `${found}WithCommands` : found;
}

/** Parameters of the statements `singles` and `singlesWithCommands`. */
export function bindSingles(appends: readonly SqlAppend[]): SqlValue[] {
  return toColumns(appends).bindSingles();
}

/** Parameters of the statements `many` and `manyWithCommands`. */
export function bindMany(appends: readonly SqlAppend[]): SqlValue[] {
  return toColumns(appends).bindMany();
}

function toColumns(appends: readonly SqlAppend[]): GroupColumns {
  const columns = new GroupColumns();
  for (const append of appends) columns.add(append, true);
  return columns;
}

/** Parameters of `append_group`. The command of a call that is all or nothing belongs to its first append. */
export function bindGroup(appends: readonly SqlAppend[], { wait, together }: GroupMode): SqlValue[] {
  const columns = new GroupColumns();
  for (const [i, append] of appends.entries()) columns.add(append, !together || i === 0);
  return [wait, together, ...columns.bind()];
}

class GroupColumns {
  private readonly tenants: string[] = [];
  private readonly types: string[] = [];
  private readonly ids: string[] = [];
  private readonly buckets: number[] = [];
  private readonly expected: number[] = [];
  private readonly counts: number[] = [];
  private readonly correlations: string[] = [];
  private readonly causations: string[] = [];
  private readonly metadata: string[] = [];
  private readonly commands: (string | null)[] = [];
  private readonly hashes: (string | null)[] = [];
  private readonly responses: (Uint8Array | null)[] = [];
  private hasCommand = false;
  private readonly owners: number[] = [];
  private readonly steps: number[] = [];
  private readonly eventIds: string[] = [];
  private readonly eventTypes: string[] = [];
  private readonly schemaVersions: number[] = [];
  private readonly data: Uint8Array[] = [];
  private readonly valueOwners: number[] = [];
  private readonly valueIndexes: string[] = [];
  private readonly values: string[] = [];
  private readonly valuesTaken: boolean[] = [];
  private readonly valueSubjects: (string | null)[] = [];

  add({ append, context, payloads }: SqlAppend, withCommand: boolean): void {
    const { stream, expectedVersion, events, uniqueValues } = append;
    this.tenants.push(escapeNul(stream.tenant));
    this.types.push(escapeNul(stream.type));
    const owner = this.ids.push(escapeNul(stream.id));
    this.buckets.push(bucketOf(stream));
    this.expected.push(expectedVersion);
    this.counts.push(events.length);
    this.correlations.push(escapeNul(context.correlationId));
    this.causations.push(escapeNul(context.causationId));
    this.metadata.push(toMetadata(context.metadata));
    const command = withCommand ? context.command : undefined;
    this.hasCommand ||= command !== undefined;
    this.commands.push(command === undefined ? null : escapeNul(command.id));
    this.hashes.push(command?.requestHash ?? null);
    this.responses.push(command?.response ?? null);
    for (const [i, { id, definition }] of events.entries()) {
      this.owners.push(owner);
      this.steps.push(i + 1);
      this.eventIds.push(id);
      this.eventTypes.push(escapeNul(definition.type));
      this.schemaVersions.push(definition.version);
      this.data.push(payloads[i] as Uint8Array);
    }
    for (const { index, value, action, subject } of uniqueValues ?? []) {
      this.valueOwners.push(owner);
      this.valueIndexes.push(escapeNul(index));
      this.values.push(escapeNul(value));
      this.valuesTaken.push(action === "reserve");
      this.valueSubjects.push(subject === undefined ? null : escapeNul(subject));
    }
  }

  bind(): SqlValue[] {
    const hasValues = this.valueOwners.length > 0;
    return [
      ...this.bindStreams(),
      ...(this.hasCommand ? this.bindCommands() : [null, null, null]),
      ...this.bindEvents(),
      hasValues ? new SqlArray("int4", this.valueOwners) : null,
      hasValues ? new SqlArray("text", this.valueIndexes) : null,
      hasValues ? new SqlArray("text", this.values) : null,
      hasValues ? new SqlArray("boolean", this.valuesTaken) : null,
      hasValues ? new SqlArray("text", this.valueSubjects) : null,
    ];
  }

  /** Columns of appends without unique values; those of commands only if there is one. */
  bindMany(): SqlValue[] {
    return [...this.bindStreams(), ...(this.hasCommand ? this.bindCommands() : []), ...this.bindEvents()];
  }

  private bindStreams(): SqlValue[] {
    return [
      new SqlArray("text", this.tenants),
      new SqlArray("text", this.types),
      new SqlArray("text", this.ids),
      new SqlArray("int2", this.buckets),
      new SqlArray("int8", this.expected),
      new SqlArray("int4", this.counts),
      new SqlArray("text", this.correlations),
      new SqlArray("text", this.causations),
      new SqlArray("text", this.metadata),
    ];
  }

  private bindCommands(): SqlValue[] {
    return [
      new SqlArray("text", this.commands),
      new SqlArray("text", this.hashes),
      new SqlArray("bytea", this.responses),
    ];
  }

  private bindEvents(): SqlValue[] {
    return [
      new SqlArray("int4", this.owners),
      new SqlArray("int4", this.steps),
      new SqlArray("uuid", this.eventIds),
      new SqlArray("text", this.eventTypes),
      new SqlArray("int4", this.schemaVersions),
      new SqlArray("bytea", this.data),
    ];
  }

  /** Columns of appends with one event each. */
  bindSingles(): SqlValue[] {
    return [
      new SqlArray("text", this.tenants),
      new SqlArray("text", this.types),
      new SqlArray("text", this.ids),
      new SqlArray("int2", this.buckets),
      new SqlArray("uuid", this.eventIds),
      new SqlArray("text", this.eventTypes),
      new SqlArray("int4", this.schemaVersions),
      new SqlArray("bytea", this.data),
      new SqlArray("text", this.correlations),
      new SqlArray("text", this.causations),
      new SqlArray("text", this.metadata),
      this.ids.length,
      new SqlArray("int8", this.expected),
      ...(this.hasCommand ? this.bindCommands() : []),
    ];
  }
}
