import {
  type AnyDeciderPart,
  type Behaviour,
  createBehaviour,
  EventCatalog,
  type SnapshotCodec,
} from "../aggregate/index.js";
import { PotterError } from "../errors/index.js";
import type { EventStore, Store, StoredSnapshot, StreamId } from "../store/ports/index.js";
import { findDifferingFields } from "./differing-fields.js";

/** Number of events in one read. */
const page = 500;

/** A snapshot that differs from the state that its events lead to. */
export interface SnapshotMismatch {
  /** The stream of the snapshot. */
  readonly stream: StreamId;
  /** Version of the stream at the snapshot. */
  readonly version: number;
  /** Version of the state's shape. */
  readonly stateVersion: number;
  /** Paths that differ, such as `lines[0].sku`; `(all)` is the state itself. Empty if there is an error. */
  readonly fields: readonly string[];
  /** Why the snapshot could not be decoded, or the events could not be applied. */
  readonly error?: unknown;
}

/** The result of `verifySnapshots`. */
export interface SnapshotReport {
  /** Number of snapshots that were compared. */
  readonly checked: number;
  /** Number of streams without a snapshot of the decider's current `snapshot.version`. */
  readonly unsnapshotted: number;
  /** Snapshots that differ. */
  readonly mismatches: readonly SnapshotMismatch[];
}

/**
 * Compares snapshots with their events: replays the streams of these deciders from the first event, including archived ones, and
 * compares the state with the newest snapshot of the decider's current version. Only reads. Pass `app.store`, which decrypts
 * personal data. Throws `invalid_argument` for a decider without snapshots.
 */
export async function verifySnapshots(
  { events }: Pick<Store, "events">,
  parts: readonly AnyDeciderPart[],
): Promise<SnapshotReport> {
  const catalog = new EventCatalog();
  for (const part of parts) catalog.addDecider(part);
  let [checked, unsnapshotted] = [0, 0];
  const mismatches: SnapshotMismatch[] = [];
  for (const part of parts) {
    const behaviour = createBehaviour(part, catalog);
    const { snapshot: codec, aggregate } = behaviour;
    if (codec === undefined || aggregate.persistence === "state") {
      const reason = 'its decider has no "snapshot", or stores its state';
      throw new PotterError("invalid_argument", `${aggregate.name} has no snapshots: ${reason}`);
    }
    for await (const stream of streamsOf(events, aggregate.type)) {
      const { snapshot } = await events.loadStream(stream, { stateVersion: codec.version });
      if (snapshot === undefined) {
        unsnapshotted++;
        continue;
      }
      checked++;
      const found = await compare(events, behaviour, codec, stream, snapshot);
      if (found !== undefined) mismatches.push(found);
    }
  }
  return { checked, unsnapshotted, mismatches };
}

async function* streamsOf(events: EventStore, type: string): AsyncGenerator<StreamId> {
  for (let after: StreamId | undefined; ; ) {
    const found = await events.listStreams({ type, limit: page, ...(after && { after }) });
    for (const { stream } of found) yield stream;
    after = found.at(-1)?.stream;
    if (found.length < page) return;
  }
}

async function compare(
  events: EventStore,
  behaviour: Behaviour,
  codec: SnapshotCodec<unknown>,
  stream: StreamId,
  { version, stateVersion, state }: StoredSnapshot,
): Promise<SnapshotMismatch | undefined> {
  const header = { stream, version, stateVersion };
  try {
    const replayed = await replay(events, behaviour, stream, version);
    const fields = findDifferingFields(codec.decode(state), replayed);
    return fields.length === 0 ? undefined : { ...header, fields };
  } catch (error) {
    return { ...header, fields: [], error };
  }
}

async function replay(events: EventStore, behaviour: Behaviour, stream: StreamId, version: number): Promise<unknown> {
  let state = behaviour.initial();
  let after = 0;
  while (after < version) {
    const found = await events.readStream(stream, { after, before: version + 1, limit: page });
    if (found.length === 0)
      throw new Error(`the snapshot is of version ${version}, but the stream ends at version ${after}`);
    for (const event of found) state = behaviour.replay(state, event);
    after = found.at(-1)?.version ?? version;
  }
  return state;
}
