import type { AppendRequest, CommandRecord, EventStore, StreamId } from "../../store/ports/index.js";
import { note, textOf } from "./test-messages.js";

export function at(
  id: string,
  expectedVersion: number,
  texts: readonly string[],
  more: Partial<AppendRequest> = {},
): AppendRequest {
  const events = texts.map(note);
  return { stream: streamOf(id), expectedVersion, events, correlationId: "c", causationId: "k", metadata: {}, ...more };
}

export function streamOf(id: string): StreamId {
  return { tenant: "t", type: "Note", id };
}

export function commandOf(id: string, requestHash = "hash"): CommandRecord {
  return { id, requestHash, response: new Uint8Array([0, 1, 255]) };
}

export async function textsOf(events: EventStore, stream: StreamId): Promise<readonly string[]> {
  return (await events.readStream(stream)).map(textOf);
}
