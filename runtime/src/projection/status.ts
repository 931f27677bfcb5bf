import type { ProjectionBuildId, ProjectionBuildState } from "../store/ports/index.js";
import type { Stall } from "./log-watch.js";

/**
 * The checkpoint of an inline projection that has caught up: from then on every append keeps it, so there
 * is no position left to follow.
 */
export const keptInline: number = Number.MAX_SAFE_INTEGER;

/** How one part of a projection stands. */
export interface ShardStatus {
  /** From 0. */
  readonly shard: number;
  readonly position: number;
  readonly deadLetters: number;
  /** Who works on it: the id of a worker; undefined: nobody at present. */
  readonly owner: string | undefined;
  /** Whether that is this process. */
  readonly here: boolean;
}

/** How a build of a projection stands. Of what other processes do it knows what was so about a second ago. */
export interface ProjectionStatus extends ProjectionBuildId {
  readonly mode: "async" | "inline";
  /** building: catches up beside the live build. live: answers queries. retired: replaced. */
  readonly state: ProjectionBuildState["state"];
  /** All events up to here are applied or parked. Infinity: kept by every append. */
  readonly position: number;
  /** Position of the last event that is committed in the store. */
  readonly head: number;
  /** When that event was recorded. undefined: there is none yet. */
  readonly headAt: Date | undefined;
  /** How many positions there are between the two. */
  readonly lag: number;
  /** Given while committed events cannot be read, since an append below them has been open for long: nobody can go on. */
  readonly stalled: Stall | undefined;
  readonly paused: boolean;
  /** Events that could not be applied, and those that wait behind them. */
  readonly deadLetters: number;
  /** Why the last try of this process failed, or why it cannot reach the store; it is tried again until it succeeds. */
  readonly error: unknown;
  readonly shards: readonly ShardStatus[];
}

/** What this process knows better than the store's last answer. */
export interface LocalShard {
  readonly position: number;
  readonly error: unknown;
}

/** What is the same for all builds of a process. */
export interface StatusSurroundings {
  /** The id of the process. */
  readonly worker: string;
  /** The highest position that it knows of. */
  readonly head: number;
  readonly headAt: Date | undefined;
  readonly stall: Stall | undefined;
  /** Why it could not ask the store how things stand. */
  readonly failure: unknown;
}

export function toStatus(
  build: ProjectionBuildState,
  mode: "async" | "inline",
  local: (shard: number) => LocalShard | undefined,
  { worker, head, headAt, stall, failure }: StatusSurroundings,
): ProjectionStatus {
  const { name, version, generation, state, paused } = build;
  const shards = build.shards.map(({ shard, position, deadLetters, owner }) => {
    const here = local(shard);
    return {
      shard,
      position: here === undefined ? position : Math.max(position, here.position),
      deadLetters,
      owner: here === undefined ? owner : worker,
      here: here !== undefined,
    };
  });
  const position = Math.min(...shards.map((shard) => shard.position));
  return {
    name,
    version,
    generation,
    mode,
    state,
    position: position === keptInline ? Number.POSITIVE_INFINITY : position,
    head,
    headAt,
    lag: Math.max(0, head - position),
    stalled: position === keptInline ? undefined : stall,
    paused,
    deadLetters: shards.reduce((sum, { deadLetters }) => sum + deadLetters, 0),
    error: shards.map(({ shard }) => local(shard)?.error).find((error) => error !== undefined) ?? failure,
    shards,
  };
}
