import {
  checkAppend,
  checkAppendSequence,
  checkAppendToStreams,
  checkClose,
  checkCommand,
  checkCommandId,
  checkImported,
  checkInteger,
  checkLoad,
  checkRange,
  checkReservation,
  checkSlice,
  checkSnapshot,
  checkStream,
  checkStreamQuery,
  checkSubject,
} from "../checks/index.js";
import { planImport } from "../events/index.js";
import type {
  AppendContext,
  AppendedSequence,
  AppendRequest,
  AppendResult,
  AppendSequenceRequest,
  AppendToStreamsRequest,
  AppendToStreamsResult,
  CommandRecord,
  CommandReservation,
  EventFilter,
  EventSlice,
  EventStore,
  LastEvent,
  LoadedStream,
  NewSubjectKey,
  RecordedCommand,
  RecordedEvent,
  ReservationResult,
  Snapshot,
  StreamAppend,
  StreamId,
  StreamInfo,
  StreamQuery,
  StreamRange,
} from "../ports/index.js";
import { AppendSignal } from "../subscriptions/index.js";
import type { MemoryCommands } from "./memory-commands.js";
import { sliceAll } from "./memory-event-slice.js";
import type { MemoryParts } from "./memory-parts.js";
import { toRecordedEvents, toRecordedParts } from "./memory-recorded-events.js";
import { MemoryRefusals } from "./memory-refusals.js";
import { MemoryRowAppends, type RowAppend } from "./memory-row-appends.js";
import type { MemoryRowStore } from "./memory-row-store.js";
import { MemoryStreams } from "./memory-streams.js";
import type { MemorySubjectKeyStore } from "./memory-subject-key-store.js";
import type { MemoryUniqueValues } from "./memory-unique-values.js";
import type { Mutex } from "./mutex.js";
import { sliceRange } from "./stream-range.js";

/** Keeps events as objects, without encoding. The cost of an append does not depend on the number of streams. */
export class MemoryEventStore implements EventStore {
  private readonly streams = new MemoryStreams();
  private readonly commands: MemoryCommands;
  private readonly uniqueValues: MemoryUniqueValues;
  private readonly keys: MemorySubjectKeyStore;
  private readonly refusals: MemoryRefusals;
  private readonly all: RecordedEvent[] = [];
  private readonly signal = new AppendSignal();
  private readonly rows: MemoryRowStore;
  private readonly transactions: Mutex;
  private readonly maxEventSize: number;
  private readonly now: () => number;
  /** Number of appends that wait for their inline projections. Others must queue behind them, or they would take their positions. */
  private inline = 0;

  constructor({ rows, transactions, commands, uniqueValues, keys, maxEventSize, now }: MemoryParts) {
    this.maxEventSize = maxEventSize;
    this.now = now;
    this.rows = rows;
    this.transactions = transactions;
    this.commands = commands;
    this.uniqueValues = uniqueValues;
    this.keys = keys;
    this.refusals = new MemoryRefusals(this.streams, commands, uniqueValues);
    const add = ({ request, at }: RowAppend) => void this.record(request, this.toRecorded(request, at));
    rows.appends = new MemoryRowAppends({ now, maxEventSize }, this.refusals, add);
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    checkAppend(request, this.maxEventSize);
    return this.inTurn(request.inline, () => this.appendOne(request));
  }

  /** Where an inline projection changes with the append, the key is created before: the projection runs within a transaction. */
  async appendWithKeys(request: AppendRequest, keys: readonly NewSubjectKey[]): Promise<AppendResult | undefined> {
    checkAppend(request, this.maxEventSize);
    for (const key of keys) checkSubject(key);
    return request.inline === undefined ? this.inTurn(undefined, () => this.appendFirst(request, keys)) : undefined;
  }

  async appendToStreams(request: AppendToStreamsRequest): Promise<AppendToStreamsResult> {
    checkAppendToStreams(request, this.maxEventSize);
    return this.inTurn(request.inline, () => this.appendAll(request.appends, request));
  }

  async appendSequence(request: AppendSequenceRequest): Promise<AppendedSequence | undefined> {
    checkAppendSequence(request, this.maxEventSize);
    return this.inTurn(request.inline, () => this.appendParts(request));
  }

  async loadStream(
    stream: StreamId,
    from: { readonly stateVersion?: number; readonly after?: number } = {},
  ): Promise<LoadedStream> {
    checkLoad(stream, from);
    const { stateVersion, after } = from;
    const found = this.streams.find(stream);
    if (found === undefined) return { events: [] };
    const snapshot = stateVersion === undefined ? undefined : found.snapshots?.get(stateVersion);
    const first = after ?? snapshot?.version ?? (stateVersion === undefined ? found.archivedVersion : 0);
    const events = sliceRange(found.events, { after: first });
    return snapshot === undefined ? { events } : { snapshot, events };
  }

  async readStream(stream: StreamId, range?: StreamRange): Promise<readonly RecordedEvent[]> {
    checkRange(stream, range);
    return sliceRange(this.streams.find(stream)?.events ?? [], range);
  }

  async readAll(after: number, limit: number, filter?: EventFilter): Promise<EventSlice> {
    checkSlice(after, limit, filter);
    return sliceAll(this.all, after, limit, filter);
  }

  async head(): Promise<number> {
    return this.all.length;
  }

  async last(): Promise<LastEvent | undefined> {
    const event = this.all.at(-1);
    return event && { position: event.position, age: Math.max(0, this.now() - event.at) };
  }

  async listStreams(query: StreamQuery): Promise<readonly StreamInfo[]> {
    checkStreamQuery(query);
    return this.streams.list(query);
  }

  async closeStream(stream: StreamId, expectedVersion: number): Promise<AppendResult> {
    checkClose(stream, expectedVersion);
    return this.inTurn(undefined, () => {
      const refusal = this.refusals.ofStream({ stream, expectedVersion, events: [] });
      if (refusal !== undefined) return refusal;
      (this.streams.find(stream) ?? this.streams.open(stream, [])).closed = true;
      return { kind: "appended", version: expectedVersion, position: 0 };
    });
  }

  async releaseUniqueValues(tenant: string, subject: string): Promise<number> {
    checkSubject({ tenant, subject });
    return this.uniqueValues.releaseOf(tenant, subject);
  }

  async archiveEvents(stream: StreamId, upTo: number): Promise<number> {
    checkStream(stream);
    checkInteger("the version to archive up to", upTo);
    const found = this.streams.find(stream);
    if (found === undefined) return 0;
    const before = found.archivedVersion;
    found.archivedVersion = Math.max(before, Math.min(upTo, found.events.length));
    return found.archivedVersion - before;
  }

  async importEvents(events: readonly RecordedEvent[]): Promise<number> {
    for (const event of events) checkImported(event, this.maxEventSize);
    return this.inTurn(undefined, () => {
      const fresh = planImport(events, (stream) => {
        const { events: known = [], closed = false } = this.streams.find(stream) ?? {};
        return { version: known.length, closed, idAt: (version) => known[version - 1]?.id };
      });
      for (const event of fresh) {
        const recorded = { ...event, position: this.all.length + 1 };
        this.all.push(recorded);
        this.streams.add(event.stream, [recorded]);
      }
      if (fresh.length > 0) this.signal.notify(this.all.length);
      return fresh.length;
    });
  }

  async findCommand(tenant: string, id: string): Promise<RecordedCommand | undefined> {
    checkCommandId(tenant, id);
    return this.commands.find(tenant, id);
  }

  async reserveCommand(tenant: string, reservation: CommandReservation): Promise<ReservationResult> {
    checkReservation(tenant, reservation);
    return this.commands.reserve(tenant, reservation);
  }

  async releaseCommand(tenant: string, id: string, holder: string): Promise<void> {
    checkCommandId(tenant, id, holder);
    this.commands.release(tenant, id, holder);
  }

  async recordCommand(tenant: string, command: CommandRecord, holder?: string): Promise<boolean> {
    checkCommand(tenant, command, holder);
    return this.commands.record(tenant, command, holder);
  }

  async saveSnapshot(stream: StreamId, snapshot: Snapshot): Promise<void> {
    checkSnapshot(stream, snapshot);
    this.streams.keepSnapshot(stream, snapshot, this.now());
  }

  onAppend(listener: (position?: number) => void): () => void {
    return this.signal.listen(listener);
  }

  /** Runs work at once, unless this or another append waits for inline projections. */
  private inTurn<T>(inline: AppendContext["inline"], work: () => T | Promise<T>): T | Promise<T> {
    if (inline === undefined && this.inline === 0) return work();
    this.inline++;
    return this.transactions
      .run(async () => work())
      .finally(() => {
        this.inline--;
      });
  }

  private appendOne(request: AppendRequest): AppendResult | Promise<AppendResult> {
    const refusal = this.refusals.ofOne(request);
    if (refusal !== undefined) return refusal;
    const recorded = this.toRecorded(request);
    if (request.inline === undefined) return this.record(request, recorded);
    return this.rows.applyInline(request.inline, recorded).then(() => this.record(request, recorded));
  }

  private toRecorded(request: AppendRequest, at: number = this.now()): RecordedEvent[] {
    return toRecordedEvents(request, request, this.all.length, at);
  }

  private record(request: AppendRequest, recorded: RecordedEvent[]): AppendResult {
    const version = request.expectedVersion + recorded.length;
    this.publish(request, recorded);
    if (request.command !== undefined) this.commands.keep(request.stream.tenant, request.command, version);
    return { kind: "appended", version, position: recorded.length === 0 ? 0 : this.all.length };
  }

  private appendFirst(request: AppendRequest, keys: readonly NewSubjectKey[]): AppendResult | undefined {
    if (this.streams.find(request.stream) !== undefined || !this.keys.areNew(keys)) return undefined;
    const refusal = this.refusals.of([request], request);
    if (refusal !== undefined) return refusal.kind === "duplicate" ? refusal : undefined;
    this.keys.add(keys);
    return this.record(request, this.toRecorded(request));
  }

  private async appendAll(appends: readonly StreamAppend[], context: AppendContext): Promise<AppendToStreamsResult> {
    const refusal = this.refusals.of(appends, context);
    if (refusal !== undefined) return refusal;
    let position = this.all.length;
    const recorded = appends.map((append) => {
      const events = toRecordedEvents(append, context, position, this.now());
      position += events.length;
      return events;
    });
    const events = recorded.flat();
    if (context.inline !== undefined) await this.rows.applyInline(context.inline, events);
    for (const [i, append] of appends.entries()) this.publish(append, recorded[i] as RecordedEvent[]);
    const versions = appends.map((append) => append.expectedVersion + append.events.length);
    const [first] = appends;
    if (context.command !== undefined && first !== undefined) {
      this.commands.keep(first.stream.tenant, context.command, versions[0] as number);
    }
    return { kind: "appended", versions, position: events.length === 0 ? 0 : this.all.length };
  }

  private async appendParts(request: AppendSequenceRequest): Promise<AppendedSequence | undefined> {
    const { stream, expectedVersion, parts, inline } = request;
    const commands = parts.flatMap(({ command }) => command ?? []);
    if (this.commands.anyKnown(stream.tenant, commands)) return undefined;
    if (this.refusals.ofStream({ stream, expectedVersion, events: [] }) !== undefined) return undefined;
    const recorded = toRecordedParts(request, this.all.length, this.now());
    const events = recorded.flatMap((part) => part.events);
    if (inline !== undefined) await this.rows.applyInline(inline, events);
    this.publish({ stream, expectedVersion, events: [] }, events);
    for (const { command, version } of recorded) if (command) this.commands.keep(stream.tenant, command, version);
    const positions = recorded.map((part) => part.events.at(-1)?.position ?? 0);
    return { version: expectedVersion + events.length, positions };
  }

  private publish({ stream, uniqueValues }: StreamAppend, events: RecordedEvent[]): void {
    if (uniqueValues !== undefined) this.uniqueValues.apply(stream, uniqueValues);
    if (events.length === 0) return;
    for (const event of events) this.all.push(event);
    this.streams.add(stream, events);
    this.signal.notify(this.all.length);
  }
}
