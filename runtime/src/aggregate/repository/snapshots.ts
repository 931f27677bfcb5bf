import type { Clock, Logger } from "../../cqrs/index.js";
import type { EventStore, StoredEvent, StreamId } from "../../store/ports/index.js";
import type { Loaded } from "../decision/index.js";
import type { AggregateDefinition, NewEvent, SnapshotCodec } from "../declaration/index.js";

/** The events of a stream since its last snapshot. */
export interface Tail {
  /** Version of the stream that the snapshot contains. 0: there is none. */
  readonly snapshotVersion: number;
  /** When the snapshot was created; without one, when the first event was recorded. Milliseconds since 1970. */
  readonly since: number | undefined;
  /** Size of the events since. Counted only if a policy needs it. */
  readonly bytes: number;
}

/** An append after which a snapshot may be due. */
export interface SnapshotOccasion {
  readonly stream: StreamId;
  /** Before the append. */
  readonly tail: Tail;
  /** After it. */
  readonly version: number;
  readonly events: readonly NewEvent[];
  /** The state at this version. */
  after(): unknown;
}

/** A snapshot whose state cannot be read. */
export interface UnreadableSnapshot {
  readonly version: number;
  /** The error of its decoder. undefined: it could not be decrypted. */
  readonly error?: unknown;
}

type Policies = Pick<AggregateDefinition, "snapshotEvery" | "snapshotAfter" | "snapshotSize">;

/** Whether the contract declares snapshots. */
export function hasPolicy({ snapshotEvery, snapshotAfter, snapshotSize }: Policies): boolean {
  return snapshotEvery !== undefined || snapshotAfter !== undefined || snapshotSize !== undefined;
}

/** Whether any of the policies is met. */
export function isSnapshotDue(policies: Policies, tail: Tail, version: number, now: number): boolean {
  const { snapshotEvery = Infinity, snapshotAfter = Infinity, snapshotSize = Infinity } = policies;
  return (
    version - tail.snapshotVersion >= snapshotEvery ||
    tail.bytes >= snapshotSize ||
    (tail.since !== undefined && now - tail.since >= snapshotAfter)
  );
}

/** The tail with events that were read since. */
export function tailOf(
  tail: Tail,
  events: readonly StoredEvent[],
  { counts, sizeOf }: Pick<Snapshots, "counts" | "sizeOf">,
): Tail {
  return {
    snapshotVersion: tail.snapshotVersion,
    since: tail.since ?? events[0]?.at,
    bytes: counts ? events.reduce((sum, event) => sum + sizeOf(event), tail.bytes) : 0,
  };
}

export interface SnapshotsOptions {
  readonly events: EventStore;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
  /** Runs work that no caller waits for. */
  background(work: Promise<void>): void;
  /** Size of an event whose bytes the store does not return. */
  sizeOf(event: StoredEvent): number;
}

/** Saves snapshots of one kind of aggregate when they are due: in the background, one at a time for each stream. */
export class Snapshots {
  readonly codec: SnapshotCodec<unknown>;
  /** Whether a policy depends on sizes. */
  readonly counts: boolean;
  private readonly policies: Policies;
  private readonly options: SnapshotsOptions;
  private readonly underWay = new Set<string>();

  constructor(policies: Policies, codec: SnapshotCodec<unknown>, options: SnapshotsOptions) {
    this.policies = policies;
    this.codec = codec;
    this.options = options;
    this.counts = policies.snapshotSize !== undefined;
  }

  readonly sizeOf = (event: StoredEvent): number => event.bytes?.length ?? this.options.sizeOf(event);

  consider({ stream, tail, version, events, after }: SnapshotOccasion): void {
    const now = this.options.clock.now().getTime();
    if (isSnapshotDue(this.policies, this.extend(tail, events, now), version, now)) {
      this.saveSoon(stream, version, after);
    }
  }

  /** The tail after an append, which may have caused a snapshot. */
  tailAfter(tail: Tail, events: readonly NewEvent[], version: number): Tail {
    const now = this.options.clock.now().getTime();
    const present = this.extend(tail, events, now);
    return isSnapshotDue(this.policies, present, version, now)
      ? { snapshotVersion: version, since: now, bytes: 0 }
      : present;
  }

  private extend(tail: Tail, events: readonly NewEvent[], now: number): Tail {
    const added = this.counts
      ? events.reduce((sum, { definition, data }) => sum + definition.codec.encode(data).length, 0)
      : 0;
    return { ...tail, since: tail.since ?? now, bytes: tail.bytes + added };
  }

  /** Replaces a snapshot that cannot be read by one of the present state, and logs it. */
  replace(stream: StreamId, { version, error }: UnreadableSnapshot, loaded: Loaded): void {
    this.options.logger.warn("snapshot could not be read: it was skipped, and is created again from the events", {
      type: stream.type,
      id: stream.id,
      version,
      stateVersion: this.codec.version,
      // Only its name: the message of a parser may quote the state.
      ...(error !== undefined && { error: error instanceof Error ? error.name : typeof error }),
    });
    this.saveSoon(stream, loaded.version, () => loaded.state);
  }

  private saveSoon(stream: StreamId, version: number, after: () => unknown): void {
    const key = JSON.stringify([stream.tenant, stream.id]);
    if (this.underWay.has(key)) return;
    this.underWay.add(key);
    this.options.background(this.save(stream, version, after).finally(() => this.underWay.delete(key)));
  }

  private async save(stream: StreamId, version: number, after: () => unknown): Promise<void> {
    // After the caller has continued: computing and encoding a state may take long.
    await Promise.resolve();
    const { codec } = this;
    await this.options.events.saveSnapshot(stream, {
      version,
      stateVersion: codec.version,
      state: codec.encode(after()),
    });
  }
}
