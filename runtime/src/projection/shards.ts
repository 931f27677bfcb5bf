import type { WorkerRecord } from "../store/ports/index.js";

/** How many buckets streams are spread over. */
const buckets = 256;

/** The buckets of a shard, both ends included: ranges that cover all, as equal as can be. */
export function bucketsOf(shard: number, shards: number): { readonly from: number; readonly to: number } {
  return { from: Math.floor((shard * buckets) / shards), to: Math.floor(((shard + 1) * buckets) / shards) - 1 };
}

/** A build that there is work on. */
export interface SharedBuild {
  readonly name: string;
  readonly shards: number;
}

/** How many shards a worker should have at most: of each build, by its index, and of all together. */
export interface FairShare {
  readonly ofBuild: readonly number[];
  readonly total: number;
}

/** Spreads shards among the workers that run their projections. All shares together are enough for all shards. */
export function fairShare(builds: readonly SharedBuild[], workers: readonly WorkerRecord[]): FairShare {
  const count = (name: string) => Math.max(1, workers.filter((worker) => worker.name === name).length);
  const exact = builds.map(({ name, shards }) => shards / count(name));
  // A hair less, so that 3 × ⅓ is one, whatever the machine makes of thirds.
  const total = Math.ceil(exact.reduce((sum, part) => sum + part, 0) - 1e-9);
  return { ofBuild: exact.map((part) => Math.ceil(part)), total };
}
