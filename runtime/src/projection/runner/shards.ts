import type { WorkerRecord } from "../../store/ports/index.js";

/** How many buckets streams are distributed over. */
const buckets = 256;

/** The buckets of a shard, both ends inclusive: the ranges of all shards cover every bucket, and are as equal as possible. */
export function bucketsOf(shard: number, shards: number): { readonly from: number; readonly to: number } {
  return { from: Math.floor((shard * buckets) / shards), to: Math.floor(((shard + 1) * buckets) / shards) - 1 };
}

/** A build that has work. */
export interface SharedBuild {
  readonly name: string;
  readonly shards: number;
}

/** How many shards a worker should have at most: of each build, by its index, and of all together. */
export interface FairShare {
  readonly ofBuild: readonly number[];
  readonly total: number;
}

/** Distributes shards among the workers that run their projections. All shares together cover all shards. */
export function fairShare(builds: readonly SharedBuild[], workers: readonly WorkerRecord[]): FairShare {
  const count = (name: string) => Math.max(1, workers.filter((worker) => worker.name === name).length);
  const exact = builds.map(({ name, shards }) => shards / count(name));
  // Slightly less, so that 3 × ⅓ is 1 in spite of rounding.
  const total = Math.ceil(exact.reduce((sum, part) => sum + part, 0) - 1e-9);
  return { ofBuild: exact.map((part) => Math.ceil(part)), total };
}
