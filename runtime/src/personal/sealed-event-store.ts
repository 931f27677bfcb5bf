import { andThen, isPromise, type MaybePromise, mapAll } from "../async/index.js";
import type {
  AppendContext,
  AppendedSequence,
  AppendingTransaction,
  AppendRefusal,
  AppendRequest,
  AppendResult,
  AppendSequenceRequest,
  AppendToStreamsRequest,
  AppendToStreamsResult,
  ApplyInline,
  CommandRecord,
  CommandReservation,
  EventFilter,
  EventSlice,
  EventStore,
  LastEvent,
  LoadedStream,
  OpenAppend,
  RecordedCommand,
  RecordedEvent,
  ReservationResult,
  Snapshot,
  StreamAppend,
  StreamId,
  StreamInfo,
  StreamQuery,
  StreamRange,
} from "../store/ports/index.js";
import { CommandSealer } from "./command-sealer.js";
import { EventSealer, subjectOfStored } from "./event-sealer.js";
import { FirstAppends } from "./first-appends.js";
import type { PersonalContents } from "./personal-contents.js";
import type { SealedRows, WithinRows } from "./sealed-rows.js";
import type { Sealer } from "./sealer.js";
import { SnapshotSealer, subjectsOfState } from "./snapshot-sealer.js";
import { UniqueValueSealer } from "./unique-value-sealer.js";

/** An event store that encrypts personal fields in the store underneath. Its callers see events in clear text. */
export class SealedEventStore implements EventStore {
  private readonly inner: EventStore;
  private readonly contents: PersonalContents;
  private readonly sealer: Sealer;
  private readonly events: EventSealer;
  private readonly commands: CommandSealer;
  private readonly snapshots: SnapshotSealer;
  private readonly uniqueValues: UniqueValueSealer;
  private readonly rows: SealedRows | undefined;
  private readonly firstAppends: FirstAppends | undefined;

  /** `rows` encrypts the rows that inline projections write. `keepsKeys`: the keys are in the store of the events. */
  constructor(
    inner: EventStore,
    sealer: Sealer,
    contents: PersonalContents,
    { rows, keepsKeys = false }: { readonly rows?: SealedRows | undefined; readonly keepsKeys?: boolean } = {},
  ) {
    this.inner = inner;
    this.firstAppends = keepsKeys ? new FirstAppends(inner, sealer.ring, contents, rows) : undefined;
    this.contents = contents;
    this.sealer = sealer;
    this.rows = rows;
    this.events = new EventSealer(sealer, contents);
    this.commands = new CommandSealer(sealer);
    this.snapshots = new SnapshotSealer(sealer.ring);
    this.uniqueValues = new UniqueValueSealer(sealer.ring, contents);
  }

  append(request: AppendRequest): Promise<AppendResult> {
    const { firstAppends } = this;
    return firstAppends?.fits(request) === true
      ? firstAppends.append(request, () => this.appendSealed(request))
      : this.appendSealed(request);
  }

  private async appendSealed(request: AppendRequest): Promise<AppendResult> {
    const events = this.seal(request);
    const sealed = isPromise(events) ? await events : events;
    const { inline } = request;
    if (inline === undefined && request.command === undefined && request.uniqueValues === undefined) {
      return this.inner.append(sealed);
    }
    const recorded = this.sealCommand(request, [request]);
    const command = isPromise(recorded) ? await recorded : recorded;
    const result = await this.revealTo(inline, [request], (revealed) =>
      this.inner.append({ ...sealed, ...command, ...revealed }),
    );
    if (request.uniqueValues !== undefined) await this.releaseOfErased(result, [sealed]);
    return this.openAnswer(request.stream.tenant, request, this.uniqueValues.open(result, [request], [sealed]));
  }

  /** Makes an append of a transaction over rows of the store underneath. */
  async appendWithin(rows: AppendingTransaction, request: AppendRequest): Promise<void> {
    const sealed = await this.seal(request);
    const command = await this.sealCommand(request, [request]);
    await this.revealTo(request.inline, [request], async (inline) =>
      rows.append?.({ ...sealed, ...command, ...inline }),
    );
  }

  /** Records a command in a transaction over rows of the store underneath. */
  async recordWithin(rows: AppendingTransaction, tenant: string, command: CommandRecord): Promise<void> {
    await rows.record?.(tenant, await this.commands.seal(tenant, command));
  }

  async appendToStreams(request: AppendToStreamsRequest): Promise<AppendToStreamsResult> {
    const appends = await mapAll(request.appends, (append) => this.seal(append));
    const command = await this.sealCommand(request, request.appends);
    const result = await this.revealTo(request.inline, request.appends, (inline) =>
      this.inner.appendToStreams({ ...request, ...command, ...inline, appends }),
    );
    await this.releaseOfErased(result, appends);
    const opened = this.uniqueValues.open(result, request.appends, appends);
    return this.openAnswer(request.appends[0]?.stream.tenant ?? "", request, opened);
  }

  releaseUniqueValues(tenant: string, subject: string): Promise<number> {
    return this.inner.releaseUniqueValues(tenant, subject);
  }

  async appendSequence(request: AppendSequenceRequest): Promise<AppendedSequence | undefined> {
    const { stream } = request;
    let expectedVersion = request.expectedVersion;
    const appends = request.parts.map(({ events }) => {
      const append = { stream, expectedVersion, events };
      expectedVersion += events.length;
      return append;
    });
    const parts = await mapAll(request.parts, (part, i) => {
      const append = appends[i] as StreamAppend;
      return andThen(this.events.seal(append), ({ events }) =>
        andThen(this.sealCommand(part, [append]), (command) => ({ ...part, ...command, events })),
      );
    });
    return this.revealTo(request.inline, appends, (inline) =>
      this.inner.appendSequence({ ...request, ...inline, parts }),
    );
  }

  async loadStream(
    stream: StreamId,
    from?: { readonly stateVersion?: number; readonly after?: number },
  ): Promise<LoadedStream> {
    const owners = this.contents.ownersOf(stream.type);
    // Read concurrently with the events, since the subject is already known.
    const key = owners === "own" ? this.sealer.ring.prefetch({ tenant: stream.tenant, subject: stream.id }) : undefined;
    const loading = this.inner.loadStream(stream, from);
    const loaded = await (key === undefined ? loading : Promise.all([loading, key]).then(([found]) => found));
    if (loaded.snapshot === undefined || owners === undefined) {
      const opened = this.events.open(loaded.events, () => stream);
      return { ...loaded, events: isPromise(opened) ? await opened : opened };
    }
    const state = await this.snapshots.open(stream, loaded.snapshot);
    // Without a usable snapshot, the archived events are needed too.
    if (typeof state === "string") {
      const all = { events: await this.readStream(stream) };
      return state === "erased" ? all : { ...all, unreadableSnapshot: loaded.snapshot.version };
    }
    const events = await this.events.open(loaded.events, () => stream);
    return { snapshot: { ...loaded.snapshot, state }, events };
  }

  async readStream(stream: StreamId, range?: StreamRange): Promise<readonly RecordedEvent[]> {
    return this.events.open(await this.inner.readStream(stream, range), () => stream);
  }

  async readAll(after: number, limit: number, filter?: EventFilter): Promise<EventSlice> {
    const slice = await this.inner.readAll(after, limit, filter);
    const events = await this.events.open(slice.events, ({ stream }) => stream);
    return events === slice.events ? slice : { ...slice, events };
  }

  async importEvents(events: readonly RecordedEvent[]): Promise<number> {
    return this.inner.importEvents(await mapAll(events, (event) => this.events.sealRecorded(event)));
  }

  async findCommand(tenant: string, id: string): Promise<RecordedCommand | undefined> {
    const found = await this.inner.findCommand(tenant, id);
    return found && { ...found, response: await this.commands.open(tenant, id, found.response) };
  }

  async reserveCommand(tenant: string, reservation: CommandReservation): Promise<ReservationResult> {
    const result = await this.inner.reserveCommand(tenant, reservation);
    if (result.kind !== "recorded") return result;
    const { command } = result;
    const response = await this.commands.open(tenant, command.id, command.response);
    return { kind: "recorded", command: { ...command, response } };
  }

  releaseCommand(tenant: string, id: string, holder: string): Promise<void> {
    return this.inner.releaseCommand(tenant, id, holder);
  }

  async recordCommand(tenant: string, command: CommandRecord, holder?: string): Promise<boolean> {
    return this.inner.recordCommand(tenant, await this.commands.seal(tenant, command), holder);
  }

  async saveSnapshot(stream: StreamId, snapshot: Snapshot): Promise<void> {
    const owners = this.contents.ownersOf(stream.type);
    if (owners === undefined) return this.inner.saveSnapshot(stream, snapshot);
    const subjects = owners === "own" ? [stream.id] : await this.subjectsOf(stream, snapshot.stateVersion);
    const sealed = await this.snapshots.seal(stream, snapshot, subjects);
    if (sealed !== undefined) await this.inner.saveSnapshot(stream, sealed);
  }

  head(): Promise<number> {
    return this.inner.head();
  }

  last(): Promise<LastEvent | undefined> {
    return this.inner.last();
  }

  async openAppends(): Promise<readonly OpenAppend[]> {
    return (await this.inner.openAppends?.()) ?? [];
  }

  listStreams(query: StreamQuery): Promise<readonly StreamInfo[]> {
    return this.inner.listStreams(query);
  }

  closeStream(stream: StreamId, expectedVersion: number): Promise<AppendResult> {
    return this.inner.closeStream(stream, expectedVersion);
  }

  archiveEvents(stream: StreamId, upTo: number): Promise<number> {
    return this.inner.archiveEvents(stream, upTo);
  }

  onAppend(listener: (position?: number) => void): () => void {
    // Not the events: they are encrypted.
    return this.inner.onAppend((position) => listener(position));
  }

  private seal<A extends StreamAppend>(append: A): MaybePromise<A> {
    const sealed = this.events.seal(append);
    return append.uniqueValues === undefined ? sealed : andThen(sealed, (one) => this.uniqueValues.seal(one));
  }

  /**
   * Releases values that were reserved for subjects that another process has erased meanwhile. That process deletes the key
   * before it releases values. So if it missed the values of this append, the key is already deleted here.
   */
  private async releaseOfErased({ kind }: { readonly kind: string }, sealed: readonly StreamAppend[]): Promise<void> {
    if (kind !== "appended") return;
    const subjects = this.uniqueValues.subjectsOf(sealed);
    if (subjects.length === 0) return;
    const erased = await this.sealer.ring.findErased(subjects);
    for (const { tenant, subject } of erased) await this.inner.releaseUniqueValues(tenant, subject);
  }

  /** The subjects whose data the state of a stream may hold: those of the previous snapshot and of all events since. */
  private async subjectsOf(stream: StreamId, stateVersion: number): Promise<readonly string[]> {
    let { snapshot, events } = await this.inner.loadStream(stream, { stateVersion });
    // The subjects of a damaged snapshot are unknown.
    const isReadable = snapshot !== undefined && (await this.snapshots.open(stream, snapshot)) !== "unreadable";
    const known = isReadable ? subjectsOfState((snapshot as Snapshot).state) : undefined;
    if (snapshot !== undefined && known === undefined) events = await this.inner.readStream(stream);
    const subjects = new Set([...(known ?? []), ...events.flatMap((event) => subjectOfStored(event, stream) ?? [])]);
    return subjects.size === 0 ? [stream.id] : [...subjects];
  }

  private sealCommand(
    { command }: AppendContext,
    appends: readonly StreamAppend[],
  ): MaybePromise<Pick<AppendContext, "command">> {
    const first = appends[0]?.stream;
    if (command === undefined || first === undefined) return {};
    const sealed = this.commands.seal(first.tenant, command, () => this.contents.subjectOf(appends));
    return andThen(sealed, (one) => ({ command: one }));
  }

  /** Appends and passes the caller's own events to inline projections, so that they need not be decrypted. */
  private revealTo<R>(
    inline: ApplyInline | undefined,
    appends: readonly StreamAppend[],
    append: (inline: Pick<AppendContext, "inline">) => Promise<R>,
  ): Promise<R> {
    if (inline === undefined) return append({});
    const byId = new Map(appends.flatMap(({ events }) => events.map((event) => [event.id, event] as const)));
    const appendWithin = (within: WithinRows) =>
      append({
        inline: (recorded, transaction) =>
          within(transaction, (rows) => inline(this.events.reveal(recorded, byId), rows)),
      });
    return this.rows === undefined
      ? appendWithin((transaction, work) => work(transaction))
      : this.rows.write(appendWithin);
  }

  private openAnswer<R extends AppendResult | AppendToStreamsResult | AppendRefusal>(
    tenant: string,
    { command }: AppendContext,
    result: R,
  ): MaybePromise<R> {
    if (result.kind !== "duplicate" || command === undefined) return result;
    return andThen(this.commands.open(tenant, command.id, result.response), (response) => ({ ...result, response }));
  }
}
