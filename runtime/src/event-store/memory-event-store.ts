import { AppendSignal } from "./append-signal.js";
import type {
  AppendRequest,
  AppendResult,
  CommandRecord,
  EventSlice,
  EventStore,
  RecordedEvent,
  Snapshot,
  StreamId,
} from "./event-store.js";
import type { Exclusive } from "./exclusive.js";
import type { MemoryRowStore } from "./memory-row-store.js";

type StoredCommand = CommandRecord & { readonly version: number };

interface MemoryStream {
  readonly events: RecordedEvent[];
  readonly snapshots: Map<number, Snapshot>;
}

const none: readonly RecordedEvent[] = Object.freeze([]);
const noSnapshots: Map<number, Snapshot> = new Map();

/** Events as objects in this process: nothing is encoded, and an append costs the same however many streams there are. */
export class MemoryEventStore implements EventStore {
  /** By tenant, type and id: three look-ups cost less than one with a key put together for it. */
  private readonly streams = new Map<string, Map<string, Map<string, MemoryStream>>>();
  private readonly commands = new Map<string, Map<string, StoredCommand>>();
  private readonly all: RecordedEvent[] = [];
  private readonly signal = new AppendSignal();
  private readonly rows: MemoryRowStore;
  private readonly transactions: Exclusive;
  /** Inline appends that are under way: no other append may come between, or it would take their positions. */
  private inline = 0;

  constructor(rows: MemoryRowStore, transactions: Exclusive) {
    this.rows = rows;
    this.transactions = transactions;
  }

  append(request: AppendRequest): Promise<AppendResult> {
    if (request.inline === undefined && this.inline === 0) return Promise.resolve(this.appendNow(request));
    this.inline++;
    return this.transactions
      .run(async () => this.appendInline(request))
      .finally(() => {
        this.inline--;
      });
  }

  async readStream(stream: StreamId, after = 0): Promise<readonly RecordedEvent[]> {
    const events = this.find(stream)?.events;
    // A copy: callers may still iterate when the stream has grown.
    return events === undefined || after >= events.length ? none : events.slice(after);
  }

  async readAll(after: number, limit: number): Promise<EventSlice> {
    // Nothing is ever rolled back once it is in `all`, so an event stands at its position less one.
    const events = this.all.slice(after, after + limit);
    return { events, position: after + events.length, skipped: 0 };
  }

  async findCommand(tenant: string, id: string): Promise<StoredCommand | undefined> {
    return this.commands.get(tenant)?.get(id);
  }

  async recordCommand(tenant: string, command: CommandRecord): Promise<boolean> {
    if (this.commands.get(tenant)?.has(command.id) === true) return false;
    this.keepCommand(tenant, command, 0);
    return true;
  }

  async loadSnapshot(stream: StreamId, stateVersion: number): Promise<Snapshot | undefined> {
    return this.find(stream)?.snapshots.get(stateVersion);
  }

  async saveSnapshot(stream: StreamId, snapshot: Snapshot): Promise<void> {
    const found = this.find(stream);
    if (found === undefined) return;
    const known = found.snapshots.get(snapshot.stateVersion);
    if (known !== undefined && known.version >= snapshot.version) return;
    if (found.snapshots !== noSnapshots) {
      found.snapshots.set(snapshot.stateVersion, snapshot);
      return;
    }
    this.put(stream, { events: found.events, snapshots: new Map([[snapshot.stateVersion, snapshot]]) });
  }

  onAppend(listener: () => void): () => void {
    return this.signal.listen(listener);
  }

  private appendNow(request: AppendRequest): AppendResult {
    const stream = this.find(request.stream);
    const refusal = this.refuse(request, stream);
    return refusal ?? this.publish(request, stream, this.record(request));
  }

  private async appendInline(request: AppendRequest): Promise<AppendResult> {
    const stream = this.find(request.stream);
    const refusal = this.refuse(request, stream);
    if (refusal !== undefined) return refusal;
    const recorded = this.record(request);
    const rows = this.rows.begin();
    if (request.inline !== undefined && recorded.length > 0) await request.inline(recorded, rows);
    this.rows.apply(rows.changes);
    return this.publish(request, stream, recorded);
  }

  private refuse({ stream, expectedVersion, command }: AppendRequest, found: MemoryStream | undefined) {
    if (command !== undefined) {
      const known = this.commands.get(stream.tenant)?.get(command.id);
      if (known !== undefined) {
        return known.requestHash === command.requestHash
          ? ({ kind: "duplicate", response: known.response, version: known.version } as const)
          : ({ kind: "mismatch" } as const);
      }
    }
    const actualVersion = found === undefined ? 0 : found.events.length;
    return actualVersion === expectedVersion ? undefined : ({ kind: "conflict", actualVersion } as const);
  }

  private record(request: AppendRequest): RecordedEvent[] {
    const { stream, expectedVersion, events, correlationId, causationId, metadata } = request;
    const at = Date.now();
    const position = this.all.length;
    return events.map(({ id, definition, data, bytes }, i) => ({
      id,
      position: position + i + 1,
      stream,
      version: expectedVersion + i + 1,
      type: definition.type,
      schemaVersion: definition.version,
      at,
      correlationId,
      causationId,
      metadata,
      ...(bytes === undefined ? { data } : { bytes }),
    }));
  }

  private publish(request: AppendRequest, stream: MemoryStream | undefined, events: RecordedEvent[]): AppendResult {
    const version = request.expectedVersion + events.length;
    if (request.command !== undefined) this.keepCommand(request.stream.tenant, request.command, version);
    if (events.length === 0) return { kind: "appended", version, position: 0 };
    for (const event of events) this.all.push(event);
    if (stream === undefined) this.put(request.stream, { events, snapshots: noSnapshots });
    else for (const event of events) stream.events.push(event);
    this.signal.notify();
    return { kind: "appended", version, position: this.all.length };
  }

  private find({ tenant, type, id }: StreamId): MemoryStream | undefined {
    return this.streams.get(tenant)?.get(type)?.get(id);
  }

  private put({ tenant, type, id }: StreamId, stream: MemoryStream): void {
    const types = this.streams.get(tenant) ?? new Map<string, Map<string, MemoryStream>>();
    const ids = types.get(type) ?? new Map<string, MemoryStream>();
    ids.set(id, stream);
    types.set(type, ids);
    this.streams.set(tenant, types);
  }

  private keepCommand(tenant: string, { id, requestHash, response }: CommandRecord, version: number): void {
    const commands = this.commands.get(tenant) ?? new Map<string, StoredCommand>();
    commands.set(id, { id, requestHash, response, version });
    this.commands.set(tenant, commands);
  }
}
