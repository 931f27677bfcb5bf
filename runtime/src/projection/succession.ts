import { sleep } from "../async/index.js";
import type { Logger } from "../cqrs/index.js";
import type { ProjectionBuildId, ProjectionBuildState, Store } from "../store/ports/index.js";
import { type Builds, idOf } from "./builds.js";
import { isExternal } from "./foreign-target.js";
import { StopSignal } from "./stop-signal.js";

/** Rows of a retired build that are deleted by one statement. */
const dropBatch = 1000;

export interface SuccessionSurroundings {
  readonly store: Store;
  readonly logger: Logger;
  /** How long the rows of a build are kept after another has replaced it, in milliseconds. Default 60 000. */
  readonly retiredBuildTtl?: number;
  /** Whether all shards of a build have come to a position. */
  has(build: ProjectionBuildState, position: number): boolean;
}

/** Swaps in builds that have caught up, and clears away what they replace. */
export class Succession {
  private readonly builds: Builds;
  private readonly surroundings: SuccessionSurroundings;
  /** The position at which each build that had caught up is to be swapped in. */
  private readonly finishes = new Map<string, number>();
  /** The live builds that other systems were told of. */
  private readonly announced = new Set<string>();
  private readonly stopping = new StopSignal();
  private clearing: Promise<void> | undefined;

  constructor(builds: Builds, surroundings: SuccessionSurroundings) {
    this.builds = builds;
    this.surroundings = surroundings;
  }

  /** A shard has nothing left to read. true: its build is to be swapped in when all others have come as far. */
  caughtUp(build: ProjectionBuildId, position: number): boolean {
    const id = idOf(build);
    const building = this.builds.all.some((one) => one.state === "building" && idOf(one) === id);
    if (!building || this.finishes.has(id)) return false;
    this.finishes.set(id, position);
    return true;
  }

  /** Swaps in builds that have caught up, and of which nothing is parked. */
  async swap(): Promise<void> {
    for (const { build } of this.builds.work) {
      if (build.state !== "building") continue;
      const finish = this.finishes.get(idOf(build));
      if (finish === undefined || !this.surroundings.has(build, finish)) continue;
      if (build.shards.some(({ deadLetters: parked }) => parked > 0)) continue;
      await this.promote(build);
      await this.builds.refresh();
    }
  }

  /** Tells other systems which builds answer. Not only whoever has swapped one in: it may have died before it could. */
  async announce(): Promise<void> {
    for (const { build, projector } of this.builds.work) {
      const { target } = projector;
      const id = idOf(build);
      if (build.state !== "live" || !isExternal(target) || this.announced.has(id)) continue;
      try {
        await this.builds.prepare(projector, build);
        await target.promote?.(build);
        this.announced.add(id);
      } catch (error) {
        const { name, version, generation } = build;
        const fields = { projection: name, version, generation, error };
        this.surroundings.logger.warn("another system was not told which build is live, will try again", fields);
      }
    }
  }

  async promote(build: ProjectionBuildId): Promise<void> {
    const { store, logger } = this.surroundings;
    await store.projections.promote(build);
    const { name, version, generation } = build;
    logger.info("projection is live", { projection: name, version, generation });
  }

  /** Deletes, beside all else, the rows of builds that were replaced some time ago. */
  clearSoon(): void {
    this.clearing ??= this.clear().finally(() => {
      this.clearing = undefined;
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.clearing;
  }

  private async clear(): Promise<void> {
    const { logger, retiredBuildTtl = 60_000 } = this.surroundings;
    try {
      for (const build of this.builds.all) {
        if (build.retiredFor !== undefined && build.retiredFor >= retiredBuildTtl) await this.drop(build);
      }
    } catch (error) {
      logger.warn("rows of a replaced projection could not be deleted, will try again", { error });
    }
  }

  private async drop(build: ProjectionBuildState): Promise<void> {
    const { store } = this.surroundings;
    const projector = this.builds.projectors.find(({ name }) => name === build.name);
    if (projector === undefined) return;
    const { target } = projector;
    await (isExternal(target) ? target.drop?.(build) : target.drop?.(store, build));
    while (!this.stopping.signal.aborted && (await store.projections.drop(build, dropBatch))) {
      // Room for others between two steps.
      await sleep(20, this.stopping.signal);
    }
  }
}
