import { PotterError } from "../../errors/index.js";
import type { RecordedEvent, StreamId } from "../ports/index.js";
import { streamMapKey } from "./stream-key.js";

/** The existing part of a stream that events are imported into. */
export interface ImportedStream {
  /** Version of the stream in this store; 0: it does not exist. */
  readonly version: number;
  /** Whether the stream refuses new events. */
  readonly closed: boolean;
  /** Returns the id of the event at a version, for versions that the import contains too. */
  idAt(version: number): string | undefined;
}

/**
 * Returns the new events of an import, in their order. Throws `failed_precondition` if versions are missing, if another event has
 * the same version, or if the stream is closed: then nothing must be imported.
 */
export function planImport(
  events: readonly RecordedEvent[],
  find: (stream: StreamId) => ImportedStream,
): readonly RecordedEvent[] {
  const streams = new Map<string, { readonly known: ImportedStream; next: number }>();
  return events.filter((event) => {
    const { stream, version, id } = event;
    const key = streamMapKey(stream);
    let entry = streams.get(key);
    if (entry === undefined) {
      const known = find(stream);
      entry = { known, next: known.version + 1 };
      streams.set(key, entry);
    }
    if (version === entry.next) {
      if (entry.known.closed) throw refuse(stream, "it is closed here, but the import has further events of it");
      entry.next++;
      return true;
    }
    if (version > entry.next) {
      throw refuse(stream, `version ${version} does not follow version ${entry.next - 1}`);
    }
    const present = entry.known.idAt(version);
    if (present?.toLowerCase() !== id.toLowerCase())
      throw refuse(stream, `the store has another event at version ${version}`);
    return false;
  });
}

function refuse({ type, id }: StreamId, reason: string): PotterError {
  return new PotterError("failed_precondition", `the stream ${type} ${id} cannot be imported: ${reason}`);
}
