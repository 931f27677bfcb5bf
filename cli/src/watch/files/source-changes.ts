import type { SourceChanges } from "../../contract/index.js";
import { isProto } from "./selection.js";
import { listDifferences, type Snapshot } from "./snapshot.js";

/** What has changed between two snapshots of a contract. undefined: more than the text of proto files. */
export function listSourceChanges(before: Snapshot | undefined, after: Snapshot): SourceChanges | undefined {
  if (before === undefined) return undefined;
  const changed = listDifferences(before, after);
  if (!changed.every((path) => isProto(path) && before.has(path) && after.has(path))) return undefined;
  return { changed, all: [...after.keys()].filter(isProto) };
}
