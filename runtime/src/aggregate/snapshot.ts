import type { Clock, Logger } from "../cqrs/index.js";
import type { EventStore, StoredEvent, StreamId } from "../store/ports/index.js";
import type { Loaded } from "./repository.js";
import type { AggregateDefinition, NewEvent, SnapshotCodec } from "./types.js";

/** What has come since the last snapshot of a stream. */
export interface Tail {
  /** Version of the stream that the snapshot stands for. 0: there is none. */
  readonly snapshotVersion: number;
  /** When the snapshot was made; without one, when the first event was recorded. Milliseconds since 1970. */
  readonly since: number | undefined;
  /** Size of the events since. Counted only if a policy asks for it. */
  readonly bytes: number;
}

/** An append that may make a snapshot due. */
export interface Occasion {
  readonly stream: StreamId;
  /** Before the append. */
  readonly tail: Tail;
  /** After it. */
  readonly version: number;
  readonly events: readonly NewEvent[];
  /** The state at this version. */
  after(): unknown;
}

/** A snapshot whose state cannot be had. */
export interface UnreadableSnapshot {
  readonly version: number;
  /** What its decoder threw; undefined: it could not even be decrypted. */
  readonly error?: unknown;
}

type Policies = Pick<AggregateDefinition, "snapshotEvery" | "snapshotAfter" | "snapshotSize">;

/** Whether the contract asks for snapshots. */
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
  /** Takes care of work that nobody waits for. */
  background(work: Promise<void>): void;
  /** Size of an event whose bytes the store does not give. */
  sizeOf(event: StoredEvent): number;
}

/** Makes snapshots of one kind of aggregate when they are due: beside the appends, one at a time for each stream. */
export class Snapshots {
  readonly codec: SnapshotCodec<unknown>;
  /** Whether sizes matter. */
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

  consider({ stream, tail, version, events, after }: Occasion): void {
    const now = this.options.clock.now().getTime();
    if (isSnapshotDue(this.policies, this.extend(tail, events, now), version, now)) {
      this.saveSoon(stream, version, after);
    }
  }

  /** What has come since the last snapshot, after an append that may have made one due. */
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

  /** Puts a snapshot of the state in the place of one that cannot be read, and reports that one. */
  replace(stream: StreamId, { version, error }: UnreadableSnapshot, loaded: Loaded): void {
    this.options.logger.warn("a snapshot cannot be read: it was skipped, and is made anew from the events", {
      type: stream.type,
      id: stream.id,
      version,
      stateVersion: this.codec.version,
      // Its kind alone: the message of a parser may quote the state.
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
    // Not before the caller has gone on: working out and encoding a state may take its time.
    await Promise.resolve();
    const { codec } = this;
    await this.options.events.saveSnapshot(stream, {
      version,
      stateVersion: codec.version,
      state: codec.encode(after()),
    });
  }
}
