import type { ProjectionBuildState } from "../../store/ports/index.js";
import type { SqlRow } from "../driver/index.js";

/** Groups rows by build. Expects one row per shard, ordered by build and shard. */
export function toBuildStates(rows: readonly SqlRow[]): readonly ProjectionBuildState[] {
  const builds: (ProjectionBuildState & { readonly shards: ProjectionBuildState["shards"][number][] })[] = [];
  for (const row of rows) {
    const shard = {
      shard: Number(row["shard"]),
      position: Number(row["pos"]),
      owner: row["owner"] === "" ? undefined : (row["owner"] as string),
      deadLetters: Number(row["dead_letters"]),
    };
    if (shard.shard > 0) {
      builds.at(-1)?.shards.push(shard);
      continue;
    }
    builds.push({
      name: row["name"] as string,
      version: Number(row["version"]),
      generation: Number(row["generation"]),
      state: row["state"] as ProjectionBuildState["state"],
      paused: row["paused"] === true,
      ...(row["retired_for"] !== null && { retiredFor: Number(row["retired_for"]) }),
      shards: [shard],
    });
  }
  return builds;
}
