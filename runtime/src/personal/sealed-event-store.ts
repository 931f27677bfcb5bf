import type {
  AppendRequest,
  AppendResult,
  CommandRecord,
  EventSlice,
  EventStore,
  InlineApply,
  RecordedEvent,
  Snapshot,
  StreamId,
} from "../event-store/index.js";
import { CommandSealer } from "./command-sealer.js";
import { EventSealer, subjectOfStored } from "./event-sealer.js";
import { type PersonalContents, readSubject } from "./personal-contents.js";
import type { SealedRows } from "./sealed-rows.js";
import type { Sealer } from "./sealer.js";
import { SnapshotSealer, subjectsOfState } from "./snapshot-sealer.js";

/** A store of events in which nothing personal can be read without the keys. Whoever uses it sees events as they are. */
export class SealedEventStore implements EventStore {
  private readonly inner: EventStore;
  private readonly contents: PersonalContents;
  private readonly events: EventSealer;
  private readonly commands: CommandSealer;
  private readonly snapshots: SnapshotSealer;
  private readonly rows: SealedRows | undefined;

  /** `rows`: what inline projections write is encrypted by them. */
  constructor(inner: EventStore, sealer: Sealer, contents: PersonalContents, rows?: SealedRows) {
    this.inner = inner;
    this.contents = contents;
    this.rows = rows;
    this.events = new EventSealer(sealer);
    this.commands = new CommandSealer(sealer);
    this.snapshots = new SnapshotSealer(sealer.ring);
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    const [sealed, context] = await Promise.all([this.events.seal(request), this.sealContext(request)]);
    const result = await this.inner.append({ ...sealed, ...context });
    if (result.kind !== "duplicate" || request.command === undefined) return result;
    const { stream, command } = request;
    return { ...result, response: await this.commands.open(stream.tenant, command.id, result.response) };
  }

  async loadSnapshot(stream: StreamId, stateVersion: number): Promise<Snapshot | undefined> {
    const snapshot = await this.inner.loadSnapshot(stream, stateVersion);
    if (snapshot === undefined || this.contents.ownersOf(stream.type) === undefined) return snapshot;
    const state = await this.snapshots.open(stream, snapshot);
    return state && { ...snapshot, state };
  }

  async readStream(stream: StreamId, after?: number): Promise<readonly RecordedEvent[]> {
    return this.events.open(await this.inner.readStream(stream, after));
  }

  async readAll(after: number, limit: number): Promise<EventSlice> {
    const slice = await this.inner.readAll(after, limit);
    const events = await this.events.open(slice.events);
    return events === slice.events ? slice : { ...slice, events };
  }

  async findCommand(tenant: string, id: string): Promise<(CommandRecord & { readonly version: number }) | undefined> {
    const found = await this.inner.findCommand(tenant, id);
    return found && { ...found, response: await this.commands.open(tenant, id, found.response) };
  }

  async recordCommand(tenant: string, command: CommandRecord): Promise<boolean> {
    return this.inner.recordCommand(tenant, await this.commands.seal(tenant, command, undefined));
  }

  async saveSnapshot(stream: StreamId, snapshot: Snapshot): Promise<void> {
    const owners = this.contents.ownersOf(stream.type);
    if (owners === undefined) return this.inner.saveSnapshot(stream, snapshot);
    const subjects = owners === "own" ? [stream.id] : await this.subjectsOf(stream, snapshot.stateVersion);
    const sealed = await this.snapshots.seal(stream, snapshot, subjects);
    if (sealed !== undefined) await this.inner.saveSnapshot(stream, sealed);
  }

  onAppend(listener: () => void): () => void {
    return this.inner.onAppend(listener);
  }

  /** Whose data the state of a stream may hold: of those of the snapshot before, and of all events since. */
  private async subjectsOf(stream: StreamId, stateVersion: number): Promise<readonly string[]> {
    const snapshot = await this.inner.loadSnapshot(stream, stateVersion);
    const before = snapshot && subjectsOfState(snapshot.state);
    const events = await this.inner.readStream(stream, before && snapshot ? snapshot.version : 0);
    const subjects = new Set([...(before ?? []), ...events.flatMap((event) => subjectOfStored(event, stream) ?? [])]);
    return subjects.size === 0 ? [stream.id] : [...subjects];
  }

  private async sealContext(request: AppendRequest): Promise<Pick<AppendRequest, "command" | "inline">> {
    const { stream, command, inline } = request;
    return {
      ...(command && { command: await this.commands.seal(stream.tenant, command, this.aboutWhom(request)) }),
      ...(inline && { inline: this.revealTo(inline, request) }),
    };
  }

  /** Whose data an answer holds that does not say so. undefined: of more than one, or not known. */
  private aboutWhom({ stream, events }: AppendRequest): string | undefined {
    if (this.contents.ownersOf(stream.type) !== "named") return stream.id;
    const subjects = new Set(
      events.map(({ definition, data }) => readSubject(definition.codec.schema, data) ?? stream.id),
    );
    return subjects.size === 1 ? [...subjects][0] : undefined;
  }

  /** Inline projections get the events as they were decided on: they need not be decrypted. */
  private revealTo(inline: InlineApply, { events }: AppendRequest): InlineApply {
    const byId = new Map(events.map((event) => [event.id, event]));
    return (recorded, transaction) =>
      inline(this.events.reveal(recorded, byId), this.rows?.within(transaction) ?? transaction);
  }
}
