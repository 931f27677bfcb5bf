import type { DeadLetterQuery, ProjectionBuildId, ProjectionRegistration } from "../ports/index.js";
import { checkInteger, checkText, invalid, maxTextBytes } from "./check-value.js";

/** A day: nobody waits longer for a process that has died. */
const maxLease = 24 * 60 * 60 * 1000;
/** What an `integer` of PostgreSQL holds. */
const maxVersion = 2 ** 31 - 1;
/** As many parts as there are buckets of streams would be one for each. */
const maxShards = 1024;

/** Refuses a projection that not every store can keep. */
export function checkRegistration({ name, version, shards }: ProjectionRegistration): void {
  checkText("the name of the projection", name, maxTextBytes.type);
  checkWithin(`the version of the projection ${name}`, version, 0, maxVersion);
  checkWithin(`the number of shards of the projection ${name}`, shards, 1, maxShards);
}

export function checkShard({ version, generation, shard }: ProjectionBuildId & { readonly shard: number }): void {
  checkWithin("the version of a projection", version, 0, maxVersion);
  checkWithin("the generation of a build", generation, 0, maxVersion);
  checkWithin("a shard", shard, 0, maxShards);
}

/** Refuses a lease that is no whole number of milliseconds. */
export function checkLease(lease: number): void {
  checkWithin("a lease in milliseconds", lease, 0, maxLease);
}

/** Refuses a limit of what is read or deleted at once. */
export function checkLimit(what: string, limit: number): void {
  checkWithin(`the limit of ${what}`, limit, 0, maxVersion);
}

export function checkDeadLetterQuery({ limit, shard, key }: DeadLetterQuery): void {
  checkLimit("dead letters", limit);
  if (shard !== undefined) checkWithin("a shard", shard, 0, maxShards);
  if (key !== undefined) checkText("the key of dead letters", key, maxTextBytes.rowKey);
}

function checkWithin(what: string, value: number, least: number, most: number): void {
  checkInteger(what, value, least);
  if (value > most) throw invalid(`${what} must be at most ${most}, found ${value}`);
}
