import { sleep } from "../async/index.js";
import type { ProjectionBuildId, ProjectionBuildState, WorkerRecord } from "../store/ports/index.js";
import { type Builds, idOf } from "./builds.js";
import type { Projector } from "./projector.js";
import { ShardWorker, type WorkerSurroundings } from "./shard-worker.js";
import { fairShare } from "./shards.js";
import { StopSignal } from "./stop-signal.js";

export interface CrewSurroundings extends WorkerSurroundings {
  /** The id of this process. */
  readonly owner: string;
  /** A worker has lost its shard, so others may have work for this process. */
  lost(): void;
}

/** A shard that this process works on. */
interface Running {
  readonly worker: ShardWorker;
  readonly ended: Promise<void>;
}

/** The workers of this process: one for each shard that is its share. */
export class Crew {
  private readonly builds: Builds;
  private readonly surroundings: CrewSurroundings;
  private readonly running = new Map<string, Running>();
  private readonly stopping = new StopSignal();

  constructor(builds: Builds, surroundings: CrewSurroundings) {
    this.builds = builds;
    this.surroundings = surroundings;
  }

  /** Who works here on a shard of a build. */
  workerOf(build: ProjectionBuildId, shard: number): ShardWorker | undefined {
    return this.running.get(shardId(build, shard))?.worker;
  }

  /** The workers of a projection, or all. */
  workers(name?: string): readonly ShardWorker[] {
    const all = [...this.running.values()].map(({ worker }) => worker);
    return name === undefined ? all : all.filter(({ lease }) => lease.name === name);
  }

  /** Gives back what this process should not work on, and takes what it should. */
  async reconcile(processes: readonly WorkerRecord[]): Promise<void> {
    const { work } = this.builds;
    const share = fairShare(
      work.map(({ build }) => ({ name: build.name, shards: build.shards.length })),
      processes,
    );
    await this.endUnwanted(work.map(({ build }) => build));
    let total = this.running.size;
    for (const [i, { build }] of work.entries()) {
      const held = this.heldOf(build);
      const surplus = Math.max(held.length - (share.ofBuild[i] ?? 0), Math.min(held.length, total - share.total), 0);
      if (surplus === 0) continue;
      await this.end(held.slice(-surplus));
      total -= surplus;
    }
    for (const [i, { build, projector }] of work.entries()) {
      if (build.paused) continue;
      total += await this.takeSome(projector, build, share.ofBuild[i] ?? 0, share.total - total);
    }
  }

  /** Lets the batches under way end, and gives all back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.end([...this.running.keys()]);
  }

  private heldOf(build: ProjectionBuildState): readonly string[] {
    return build.shards.map(({ shard }) => shardId(build, shard)).filter((id) => this.running.has(id));
  }

  private async endUnwanted(builds: readonly ProjectionBuildState[]): Promise<void> {
    const wanted = new Set(
      builds.flatMap((build) => (build.paused ? [] : build.shards.map(({ shard }) => shardId(build, shard)))),
    );
    await this.end([...this.running].filter(([id, { worker }]) => worker.lost || !wanted.has(id)).map(([id]) => id));
  }

  /** Takes shards that are free, until as many are held of the build as should be. Gives how many. */
  private async takeSome(
    projector: Projector,
    build: ProjectionBuildState,
    wanted: number,
    room: number,
  ): Promise<number> {
    let held = this.heldOf(build).length;
    let taken = 0;
    for (const { shard, owner } of build.shards) {
      if (taken >= room || held >= wanted) break;
      if (this.running.has(shardId(build, shard))) continue;
      if (owner !== undefined && owner !== this.surroundings.owner) continue;
      if (!(await this.take(projector, build, shard))) continue;
      held++;
      taken++;
    }
    return taken;
  }

  private async take(projector: Projector, build: ProjectionBuildState, shard: number): Promise<boolean> {
    const { store, logger, lease: duration, owner } = this.surroundings;
    await this.builds.prepare(projector, build);
    const { name, version, generation } = build;
    const place = { name, version, generation, shard };
    const lease = await store.projections.acquire(place, owner, duration);
    if (lease === undefined) return false;
    const parked = await store.projections.blockedKeys(place);
    const worker = new ShardWorker(projector, lease, build.shards.length, parked, this.surroundings);
    const ended = worker.run().catch((error: unknown) => {
      logger.error("projection ended by mistake", { projection: name, version, error });
      worker.giveUp();
    });
    this.running.set(shardId(build, shard), { worker, ended });
    // Not at once: a store that took every lease from us again would be asked without end.
    void ended
      .then(() => (worker.lost ? sleep(20, this.stopping.signal) : undefined))
      .then(() => (worker.lost ? this.surroundings.lost() : undefined));
    return true;
  }

  private async end(ids: readonly string[]): Promise<void> {
    const { store } = this.surroundings;
    await Promise.all(
      ids.map(async (id) => {
        const found = this.running.get(id);
        if (found === undefined) return;
        found.worker.stop();
        await found.ended;
        this.running.delete(id);
        // Else others wait until it runs out.
        if (!found.worker.lost) await store.projections.release(found.worker.lease).catch(() => {});
      }),
    );
  }
}

function shardId(build: ProjectionBuildId, shard: number): string {
  return `${shard}/${idOf(build)}`;
}
