import { retryDelay, StopSignal, sleep } from "../../async/index.js";
import { isTemporary } from "../../errors/index.js";
import type { ProjectionBuildId, ProjectionBuildState, WorkerRecord } from "../../store/ports/index.js";
import type { Projector } from "../declaration/index.js";
import type { BuildPromotion } from "./build-promotion.js";
import { type Builds, buildKey } from "./builds.js";
import type { Heartbeat } from "./heartbeat.js";
import type { LogWatcher } from "./log-watcher.js";
import { ShardWorker, type WorkerDependencies } from "./shard-worker.js";
import { fairShare } from "./shards.js";

/** Bounds of the wait after a failure that no single event caused, in milliseconds. */
const failureBackoff = { base: 50, cap: 30_000 };
/** Pause before other shards are acquired after a lost lease, in milliseconds: a store that takes every lease is not flooded. */
const lostPause = 20;

export interface WorkerPoolDependencies extends WorkerDependencies {
  readonly builds: Builds;
  readonly log: LogWatcher;
  readonly promotion: BuildPromotion;
  /** Is run soon when a shard was lost or a build has caught up. */
  readonly heartbeat: Heartbeat;
}

/** A shard that this process works on. */
interface RunningShard {
  readonly worker: ShardWorker;
  readonly ended: Promise<void>;
}

/** The workers of this process: one for each shard that is its share. */
export class WorkerPool {
  private readonly dependencies: WorkerPoolDependencies;
  private readonly running = new Map<string, RunningShard>();
  private readonly stopping = new StopSignal();

  constructor(dependencies: WorkerPoolDependencies) {
    this.dependencies = dependencies;
  }

  /** The worker of a shard in this process. */
  workerOf(build: ProjectionBuildId, shard: number): ShardWorker | undefined {
    return this.running.get(shardKey(build, shard))?.worker;
  }

  /** The workers of a projection. */
  workersOf(name: string): readonly ShardWorker[] {
    return this.workers.filter(({ lease }) => lease.name === name);
  }

  /** The position that all shards of a build have come to, as far as this process knows. */
  positionOf(build: ProjectionBuildState): number {
    return build.shards.reduce(
      (least, { shard, position }) => Math.min(least, Math.max(position, this.workerOf(build, shard)?.position ?? 0)),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Whether this process works on all shards of a build. */
  runsAll(build: ProjectionBuildState): boolean {
    return build.shards.every(({ shard }) => this.workerOf(build, shard)?.ended === false);
  }

  /** All workers. */
  get workers(): readonly ShardWorker[] {
    return [...this.running.values()].map(({ worker }) => worker);
  }

  /** Releases the shards beyond this process's share, and acquires those that are missing from it. */
  async rebalance(owner: string, processes: readonly WorkerRecord[]): Promise<void> {
    const { work } = this.dependencies.builds;
    const share = fairShare(
      work.map(({ build }) => ({ name: build.name, shards: build.shards.length })),
      processes,
    );
    await this.releaseUnwanted(work.map(({ build }) => build));
    let total = this.running.size;
    for (const [i, { build }] of work.entries()) {
      const held = this.heldOf(build);
      const surplus = Math.max(held.length - (share.ofBuild[i] ?? 0), Math.min(held.length, total - share.total), 0);
      if (surplus === 0) continue;
      await this.release(held.slice(-surplus));
      total -= surplus;
    }
    for (const [i, { build, projector }] of work.entries()) {
      if (build.paused) continue;
      total += await this.acquireSome(owner, projector, build, share.ofBuild[i] ?? 0, share.total - total);
    }
  }

  /** Releases the shards of consumers that act. */
  async releaseActing(): Promise<void> {
    const acting = [...this.running].filter(([, { worker }]) => worker.projector.part.acts !== undefined);
    await this.release(acting.map(([key]) => key));
  }

  /** Lets the batches under way end, and releases all shards. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.release([...this.running.keys()]);
  }

  private heldOf(build: ProjectionBuildState): readonly string[] {
    return build.shards.map(({ shard }) => shardKey(build, shard)).filter((key) => this.running.has(key));
  }

  private async releaseUnwanted(builds: readonly ProjectionBuildState[]): Promise<void> {
    const wanted = new Set(
      builds.flatMap((build) => (build.paused ? [] : build.shards.map(({ shard }) => shardKey(build, shard)))),
    );
    await this.release(
      [...this.running].filter(([key, { worker }]) => worker.lost || !wanted.has(key)).map(([key]) => key),
    );
  }

  /** Acquires free shards of a build until `wanted` of them are held, at most `limit`. Returns how many. */
  private async acquireSome(
    owner: string,
    projector: Projector,
    build: ProjectionBuildState,
    wanted: number,
    limit: number,
  ): Promise<number> {
    let held = this.heldOf(build).length;
    let acquired = 0;
    for (const record of build.shards) {
      if (acquired >= limit || held >= wanted) break;
      if (this.running.has(shardKey(build, record.shard))) continue;
      if (record.owner !== undefined && record.owner !== owner) continue;
      if (!(await this.acquire(owner, projector, build, record.shard))) continue;
      held++;
      acquired++;
    }
    return acquired;
  }

  private async acquire(
    owner: string,
    projector: Projector,
    build: ProjectionBuildState,
    shard: number,
  ): Promise<boolean> {
    const { store, builds, leaseDuration } = this.dependencies;
    await builds.prepare(projector, build);
    const { name, version, generation } = build;
    const id = { name, version, generation, shard };
    const lease = await store.projections.acquire(id, owner, leaseDuration);
    if (lease === undefined) return false;
    const blockedKeys = await store.projections.blockedKeys(id);
    const worker = new ShardWorker(projector, lease, build.shards.length, blockedKeys, this.dependencies);
    this.running.set(shardKey(build, shard), { worker, ended: this.run(worker) });
    return true;
  }

  /** Resolves when the worker was stopped or its shard is lost. */
  private async run(worker: ShardWorker): Promise<void> {
    const { log, logger } = this.dependencies;
    const unsubscribe = log.wakes(worker.wakeSignal);
    try {
      await this.follow(worker);
    } catch (error) {
      const { name, version } = worker.lease;
      logger.error("projection worker ended with an internal error", { projection: name, version, error });
      worker.abandon();
    } finally {
      unsubscribe();
    }
    if (worker.lost) void this.replaceLost();
  }

  private async follow(worker: ShardWorker): Promise<void> {
    const { promotion, heartbeat } = this.dependencies;
    let failures = 0;
    while (!worker.ended) {
      // Before the read: an append during it must not be missed.
      worker.wakeSignal.arm();
      try {
        const outcome = await worker.work();
        failures = 0;
        if (outcome === "progressed" || worker.ended) continue;
        if (promotion.caughtUp(worker.lease, worker.position)) void heartbeat.soon();
        if (outcome === "idle") await worker.wakeSignal.wait(worker.idleWait);
      } catch (error) {
        // Whoever continues tries again.
        if (worker.ended && isTemporary(error)) return;
        worker.failed(error);
        await sleep(retryDelay(++failures, failureBackoff), worker.stopSignal);
      }
    }
  }

  private async replaceLost(): Promise<void> {
    await sleep(lostPause, this.stopping.signal);
    await this.dependencies.heartbeat.soon();
  }

  private async release(keys: readonly string[]): Promise<void> {
    const { store } = this.dependencies;
    await Promise.all(
      keys.map(async (key) => {
        const found = this.running.get(key);
        if (found === undefined) return;
        found.worker.stop();
        await found.ended;
        this.running.delete(key);
        // Otherwise other processes wait until the lease ends.
        if (!found.worker.lost) await store.projections.release(found.worker.lease).catch(() => {});
      }),
    );
  }
}

function shardKey(build: ProjectionBuildId, shard: number): string {
  return `${shard}/${buildKey(build)}`;
}
