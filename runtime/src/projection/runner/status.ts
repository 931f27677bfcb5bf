import type { ProjectionBuildId, ProjectionBuildState } from "../../store/ports/index.js";
import { keptInline } from "./kept-inline.js";
import type { Stall } from "./log-watcher.js";

/** The state of one shard of a projection. */
export interface ShardStatus {
  /** From 0. */
  readonly shard: number;
  /** All events of the shard up to here are applied or dead letters. */
  readonly position: number;
  /** Number of events that could not be applied, and of those blocked behind them. */
  readonly deadLetters: number;
  /** The id of the process that works on it. undefined: none at present. */
  readonly owner: string | undefined;
  /** Whether that is this process. */
  readonly here: boolean;
}

/** The state of one build of a projection. What other processes do is known as of a few seconds ago. */
export interface ProjectionStatus extends ProjectionBuildId {
  /** Whether it runs after the append or in its transaction. */
  readonly mode: "async" | "inline";
  /** building: catches up while the live build answers. live: answers queries. retired: replaced. */
  readonly state: ProjectionBuildState["state"];
  /** All events up to here are applied or dead letters. Infinity: kept by every append. */
  readonly position: number;
  /** Position of the last event that is committed in the store. */
  readonly head: number;
  /** When that event was recorded. undefined: there is none yet. */
  readonly headAt: Date | undefined;
  /** How many positions there are between `position` and `head`. */
  readonly lag: number;
  /** Set while committed events cannot be read, because an append below them has been open for long: no projection proceeds. */
  readonly stalled: Stall | undefined;
  /** Whether it is paused, for all processes. */
  readonly paused: boolean;
  /** Events that could not be applied, and those blocked behind them. */
  readonly deadLetters: number;
  /** Why the last try of this process failed, or why it cannot reach the store. It retries until it succeeds. */
  readonly error: unknown;
  /** The state of each shard. */
  readonly shards: readonly ShardStatus[];
}

/** What this process knows of a shard that it works on: newer than what the store reported last. */
export interface LocalShard {
  readonly position: number;
  readonly error: unknown;
}

/** What all builds of a process have in common. */
export interface StatusContext {
  /** The id of the process. */
  readonly worker: string;
  /** The highest position that the process knows of. */
  readonly head: number;
  readonly headAt: Date | undefined;
  readonly stall: Stall | undefined;
  /** Why the last heartbeat failed. */
  readonly failure: unknown;
}

export function toStatus(
  build: ProjectionBuildState,
  mode: "async" | "inline",
  local: (shard: number) => LocalShard | undefined,
  { worker, head, headAt, stall, failure }: StatusContext,
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
