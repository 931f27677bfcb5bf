import { StopSignal, sleep } from "../../async/index.js";
import type { Logger } from "../../cqrs/index.js";
import type { ProjectionBuildId, ProjectionBuildState, Store } from "../../store/ports/index.js";
import { isExternal } from "../declaration/index.js";
import { type Builds, buildKey } from "./builds.js";

/** Rows of a retired build that one statement deletes. */
const dropBatch = 1000;
/** Pause between two such statements, in milliseconds, in which other work can run. */
const dropPause = 20;

export interface BuildPromotionDependencies {
  readonly store: Store;
  readonly logger: Logger;
  /** How long the rows of a retired build are kept, in milliseconds. Default 60 000. */
  readonly retiredBuildTtl?: number;
}

/** How far the shards of builds have come. */
interface Positions {
  positionOf(build: ProjectionBuildState): number;
}

/** Promotes builds that have caught up, and deletes the builds that they replace. */
export class BuildPromotion {
  private readonly builds: Builds;
  private readonly dependencies: BuildPromotionDependencies;
  /** For each build of which one shard has caught up: the position that all of its shards must reach. */
  private readonly finishes = new Map<string, number>();
  /** Live builds that external targets were notified of. */
  private readonly announced = new Set<string>();
  private readonly stopping = new StopSignal();
  private deleting: Promise<void> | undefined;

  constructor(builds: Builds, dependencies: BuildPromotionDependencies) {
    this.builds = builds;
    this.dependencies = dependencies;
  }

  /** Notes that a shard has nothing left to read. true: the first of its build, which is promoted when all have come as far. */
  caughtUp(build: ProjectionBuildId, position: number): boolean {
    const key = buildKey(build);
    const isBuilding = this.builds.all.some((one) => one.state === "building" && buildKey(one) === key);
    if (!isBuilding || this.finishes.has(key)) return false;
    this.finishes.set(key, position);
    return true;
  }

  /** Promotes the builds that have caught up and have no dead letters. */
  async promoteCaughtUp(positions: Positions): Promise<void> {
    for (const { build } of this.builds.work) {
      if (build.state !== "building") continue;
      const finish = this.finishes.get(buildKey(build));
      if (finish === undefined || positions.positionOf(build) < finish) continue;
      if (build.shards.some(({ deadLetters }) => deadLetters > 0)) continue;
      await this.promote(build);
      await this.builds.refresh();
    }
  }

  /** Notifies external targets of the live build. Every process does: the one that promoted it may have died before. */
  async announce(): Promise<void> {
    for (const { build, projector } of this.builds.work) {
      const { target } = projector;
      const key = buildKey(build);
      if (build.state !== "live" || !isExternal(target) || this.announced.has(key)) continue;
      try {
        await this.builds.prepare(projector, build);
        await target.promote?.(build);
        this.announced.add(key);
      } catch (error) {
        const { name, version, generation } = build;
        const fields = { projection: name, version, generation, error };
        this.dependencies.logger.warn("external target could not be notified of the live build, will retry", fields);
      }
    }
  }

  async promote(build: ProjectionBuildId): Promise<void> {
    const { store, logger } = this.dependencies;
    await store.projections.promote(build);
    const { name, version, generation } = build;
    logger.info("projection is live", { projection: name, version, generation });
  }

  /** Begins to delete the rows of builds that were retired long enough ago, unless that is under way. */
  deleteRetiredSoon(): void {
    this.deleting ??= this.deleteRetired().finally(() => {
      this.deleting = undefined;
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.deleting;
  }

  private async deleteRetired(): Promise<void> {
    const { logger, retiredBuildTtl = 60_000 } = this.dependencies;
    try {
      for (const build of this.builds.all) {
        if (build.retiredFor !== undefined && build.retiredFor >= retiredBuildTtl) await this.drop(build);
      }
    } catch (error) {
      logger.warn("rows of a retired projection build could not be deleted, will retry", { error });
    }
  }

  private async drop(build: ProjectionBuildState): Promise<void> {
    const { store } = this.dependencies;
    const projector = this.builds.projectors.find(({ name }) => name === build.name);
    if (projector === undefined) return;
    const { target } = projector;
    await (isExternal(target) ? target.drop?.(build) : target.drop?.(store, build));
    while (!this.stopping.signal.aborted && (await store.projections.drop(build, dropBatch))) {
      await sleep(dropPause, this.stopping.signal);
    }
  }
}
