import { PotterError } from "../../errors/index.js";
import type { RecordedEvent, StreamId } from "../ports/index.js";
import { streamMapKey } from "./stream-key.js";

/** What is there already of a stream that events are imported into. */
export interface ImportedStream {
  readonly version: number;
  /** It takes nothing new. */
  readonly closed: boolean;
  /** The id of its event at a version, for the versions that the import has too. */
  idAt(version: number): string | undefined;
}

/**
 * The events of an import that are new, in their order. Throws when one follows on nothing, or another event stands
 * where it should be: then nothing is imported.
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
      if (entry.known.closed) throw refuse(stream, "it is closed here, and the import has more of it");
      entry.next++;
      return true;
    }
    if (version > entry.next) {
      throw refuse(stream, `version ${version} does not follow on version ${entry.next - 1}`);
    }
    const present = entry.known.idAt(version);
    if (present?.toLowerCase() !== id.toLowerCase()) throw refuse(stream, `another event stands at version ${version}`);
    return false;
  });
}

function refuse({ type, id }: StreamId, reason: string): PotterError {
  return new PotterError("failed_precondition", `the stream ${type} ${id} cannot be imported: ${reason}`);
}
