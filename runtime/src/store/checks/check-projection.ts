import type { DeadLetterQuery, ProjectionBuildId, ProjectionRegistration } from "../ports/index.js";
import { checkInteger, checkText, invalid, maxTextBytes } from "./check-value.js";

/** One day. */
const maxLease = 24 * 60 * 60 * 1000;
/** The largest `integer` of PostgreSQL. */
const maxVersion = 2 ** 31 - 1;
/** More than enough: streams are distributed over 256 buckets. */
const maxShards = 1024;

/** Refuses a projection that some store cannot keep. */
export function checkRegistration({ name, version, shards, after = 0 }: ProjectionRegistration): void {
  checkText("the name of the projection", name, maxTextBytes.type);
  checkWithin(`the version of the projection ${name}`, version, 0, maxVersion);
  checkWithin(`the number of shards of the projection ${name}`, shards, 1, maxShards);
  checkWithin(`the position at which the projection ${name} begins`, after, 0, Number.MAX_SAFE_INTEGER);
}

/** Refuses a shard of a projection build that some store cannot keep. */
export function checkShard({ version, generation, shard }: ProjectionBuildId & { readonly shard: number }): void {
  checkWithin("the version of a projection", version, 0, maxVersion);
  checkWithin("the generation of a build", generation, 0, maxVersion);
  checkWithin("a shard", shard, 0, maxShards);
}

/** Refuses a lease that is not a whole number of milliseconds, at most a day. */
export function checkLease(lease: number): void {
  checkWithin("a lease in milliseconds", lease, 0, maxLease);
}

/** Refuses an invalid limit of items to read or delete. */
export function checkLimit(what: string, limit: number): void {
  checkWithin(`the limit of ${what}`, limit, 0, maxVersion);
}

/** Refuses an invalid query of dead letters. */
export function checkDeadLetterQuery({ limit, shard, key }: DeadLetterQuery): void {
  checkLimit("dead letters", limit);
  if (shard !== undefined) checkWithin("a shard", shard, 0, maxShards);
  if (key !== undefined) checkText("the key of dead letters", key, maxTextBytes.rowKey);
}

function checkWithin(what: string, value: number, least: number, most: number): void {
  checkInteger(what, value, least);
  if (value > most) throw invalid(`${what} must be at most ${most}, found ${value}`);
}
