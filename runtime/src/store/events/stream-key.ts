import type { StreamId } from "../ports/index.js";

/** The stream as one text, to be used as the key of a map. */
export function streamMapKey({ tenant, type, id }: StreamId): string {
  return JSON.stringify([tenant, type, id]);
}
