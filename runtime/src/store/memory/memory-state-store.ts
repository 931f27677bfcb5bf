import { checkEventSize, checkStateWrite, checkStream } from "../checks/index.js";
import { streamMapKey } from "../events/index.js";
import type { RecordedEvent, StateStore, StateWrite, StateWriteResult, StoredState, StreamId } from "../ports/index.js";
import type { MemoryCommands } from "./memory-commands.js";
import type { MemoryOutbox } from "./memory-outbox.js";
import type { MemoryRowStore } from "./memory-row-store.js";
import type { MemoryUniqueValues } from "./memory-unique-values.js";
import type { Mutex } from "./mutex.js";

/** What the state store shares with the other stores in memory. */
export interface MemoryStateParts {
  readonly rows: MemoryRowStore;
  readonly commands: MemoryCommands;
  readonly uniqueValues: MemoryUniqueValues;
  readonly outbox: MemoryOutbox;
  readonly transactions: Mutex;
  readonly maxEventSize: number;
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
}

/** States of aggregates, in memory. */
export class MemoryStateStore implements StateStore {
  private readonly states = new Map<string, StoredState>();
  private readonly parts: MemoryStateParts;

  constructor(parts: MemoryStateParts) {
    this.parts = parts;
  }

  async load(stream: StreamId): Promise<StoredState | undefined> {
    checkStream(stream);
    return this.states.get(streamMapKey(stream));
  }

  async write(write: StateWrite): Promise<StateWriteResult> {
    checkStateWrite(write, this.parts.maxEventSize);
    const { inline } = write;
    const recorded = toRecorded(write, this.parts.now());
    for (const { type, bytes } of recorded) checkEventSize(type, bytes, this.parts.maxEventSize);
    if (inline === undefined) return this.refuse(write) ?? this.publish(write, recorded);
    const { rows, transactions } = this.parts;
    return transactions.run(async () => {
      const early = this.refuse(write);
      if (early !== undefined) return early;
      const transaction = rows.begin();
      await inline(recorded, transaction);
      // Checked again: others may write while projections are applied.
      const late = this.refuse(write);
      if (late !== undefined) return late;
      rows.apply(transaction.changes);
      return this.publish(write, recorded);
    });
  }

  private refuse(write: StateWrite) {
    const { stream, expectedVersion, command, uniqueValues } = write;
    const known = command && this.parts.commands.refuse(stream.tenant, command);
    if (known !== undefined) return known;
    const actualVersion = this.states.get(streamMapKey(stream))?.version ?? 0;
    if (actualVersion !== expectedVersion) return { kind: "conflict", actualVersion, stream } as const;
    const taken = uniqueValues && this.parts.uniqueValues.findTaken([[stream, uniqueValues]]);
    return taken && ({ kind: "value_taken", index: taken.index, value: taken.value } as const);
  }

  private publish(write: StateWrite, recorded: readonly RecordedEvent[]): StateWriteResult {
    const { stream, events, command, uniqueValues, state, outbox } = write;
    const version = write.expectedVersion + events.length;
    if (command !== undefined) this.parts.commands.keep(stream.tenant, command, version);
    if (uniqueValues !== undefined) this.parts.uniqueValues.apply(stream, uniqueValues);
    if (events.length > 0) this.states.set(streamMapKey(stream), { ...state, version });
    if (outbox) this.parts.outbox.add(recorded.map(toMessage));
    return { kind: "appended", version, position: 0 };
  }
}

function toRecorded(write: StateWrite, at: number) {
  const { stream, expectedVersion, events, correlationId, causationId, metadata } = write;
  return events.map(({ id, definition, data, bytes }, i): RecordedEvent & { readonly bytes: Uint8Array } => ({
    id,
    position: 0,
    stream,
    version: expectedVersion + i + 1,
    type: definition.type,
    schemaVersion: definition.version,
    at,
    correlationId,
    causationId,
    metadata,
    bytes: bytes ?? definition.codec.encode(data),
  }));
}

function toMessage({ bytes = new Uint8Array(), position: _, data: __, ...event }: RecordedEvent) {
  return { ...event, bytes };
}
