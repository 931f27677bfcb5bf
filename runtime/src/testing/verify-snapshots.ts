import {
  type AnyDeciderPart,
  type Behaviour,
  createBehaviour,
  EventCatalog,
  type SnapshotCodec,
} from "../aggregate/index.js";
import type { EventStore, Store, StoredSnapshot, StreamId } from "../store/ports/index.js";
import { findDifferingFields } from "./differing-fields.js";

/** Events that are read at a time. */
const page = 500;

/** A snapshot that is not what the events say. */
export interface SnapshotMismatch {
  readonly stream: StreamId;
  /** Version of the stream that it stands for. */
  readonly version: number;
  readonly stateVersion: number;
  /** Paths that differ, such as `lines[0].sku`; `(all)` is the state itself. Empty where there is an error. */
  readonly fields: readonly string[];
  /** Why the snapshot could not be decoded, or the events not be applied. */
  readonly error?: unknown;
}

/** What a check of snapshots has found. */
export interface SnapshotReport {
  /** Snapshots that were compared. */
  readonly checked: number;
  /** Streams without a snapshot of the decider's present `snapshot.version`. */
  readonly unsnapshotted: number;
  readonly mismatches: readonly SnapshotMismatch[];
}

/**
 * Replays the streams of these deciders from their first event, archived ones included, and compares the state with that of the
 * newest snapshot in the decider's present version. Reads only. Give it `app.store`, in which personal data is decrypted.
 */
export async function verifySnapshots(
  { events }: Pick<Store, "events">,
  parts: readonly AnyDeciderPart[],
): Promise<SnapshotReport> {
  const catalog = new EventCatalog();
  for (const part of parts) catalog.addDecider(part);
  let [checked, without] = [0, 0];
  const wrong: SnapshotMismatch[] = [];
  for (const part of parts) {
    const behaviour = createBehaviour(part, catalog);
    const { snapshot: codec, aggregate } = behaviour;
    if (codec === undefined || aggregate.persistence === "state") {
      throw new Error(`${aggregate.name} keeps no snapshots: its decider has no "snapshot", or stores its state`);
    }
    for await (const stream of streamsOf(events, aggregate.type)) {
      const { snapshot } = await events.loadStream(stream, { stateVersion: codec.version });
      if (snapshot === undefined) {
        without++;
        continue;
      }
      checked++;
      const found = await compare(events, behaviour, codec, stream, snapshot);
      if (found !== undefined) wrong.push(found);
    }
  }
  return { checked, unsnapshotted: without, mismatches: wrong };
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
  const place = { stream, version, stateVersion };
  try {
    const replayed = await replay(events, behaviour, stream, version);
    const fields = findDifferingFields(codec.decode(state), replayed);
    return fields.length === 0 ? undefined : { ...place, fields };
  } catch (error) {
    return { ...place, fields: [], error };
  }
}

async function replay(events: EventStore, behaviour: Behaviour, stream: StreamId, version: number): Promise<unknown> {
  let state = behaviour.initial();
  let after = 0;
  while (after < version) {
    const found = await events.readStream(stream, { after, before: version + 1, limit: page });
    if (found.length === 0)
      throw new Error(`the snapshot stands for version ${version}, and the stream ends at ${after}`);
    for (const event of found) state = behaviour.replay(state, event);
    after = found.at(-1)?.version ?? version;
  }
  return state;
}
