import { isRequestBound, StopSignal } from "../../async/index.js";
import type { Logger } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { newId } from "../../message/index.js";
import type { ProjectionBuildState, Store } from "../../store/ports/index.js";
import type { EventTail } from "../../store/subscriptions/index.js";
import type { Projector } from "../declaration/index.js";
import type { ChangeHub } from "../views/index.js";
import { BuildPromotion } from "./build-promotion.js";
import { Builds } from "./builds.js";
import { CheckpointSaver } from "./checkpoint-saver.js";
import { Heartbeat } from "./heartbeat.js";
import { catchUpInline, inlineMark } from "./inline-catch-up.js";
import { isKeptInline } from "./kept-inline.js";
import { LogWatcher } from "./log-watcher.js";
import { Progress } from "./progress.js";
import type { WorkerDependencies } from "./shard-worker.js";
import { type ProjectionStatus, toStatus } from "./status.js";
import { WorkerPool } from "./worker-pool.js";

/** How this process takes part in the work on projections. */
export interface ProjectionWorkerOptions {
  /** How long after the death of a process others take over its work, in milliseconds. Default 10 000. */
  readonly leaseDuration?: number;
  /** How long the rows of a retired build are kept, in milliseconds. Default 60 000. */
  readonly retiredBuildTtl?: number;
}

/** How long the log is followed after the last watcher of an inline read model has asked, in milliseconds. */
const watchEnd = 3000;

export interface RunnerDependencies extends ProjectionWorkerOptions {
  readonly store: Store;
  /** The read of the log that all readers of the process share. */
  readonly tail: EventTail;
  readonly hub: ChangeHub;
  readonly logger: Logger;
  /** Receives the name of a projection when another of its builds is live. */
  onPromoted(name: string): void;
}

/** Runs the projections of one process: registers them, works on its share of the shards, and promotes new builds. */
export class ProjectionRunner {
  private ownId: string | undefined;
  private readonly dependencies: RunnerDependencies;
  private readonly leaseDuration: number;
  private readonly builds: Builds;
  private readonly log: LogWatcher;
  private readonly progress: Progress;
  private readonly promotion: BuildPromotion;
  private readonly heartbeat: Heartbeat;
  private readonly pool: WorkerPool;
  private readonly saver: CheckpointSaver;
  private readonly stopping = new StopSignal();
  private isStarted = false;
  /** Why the last heartbeat failed. */
  private failure: unknown;
  /** When a watcher of an inline read model last asked for its revision, by `performance.now()`. */
  private watchedAt = Number.NEGATIVE_INFINITY;

  constructor(projectors: readonly Projector[], dependencies: RunnerDependencies) {
    const { store, tail, hub, logger, leaseDuration = 10_000 } = dependencies;
    this.dependencies = dependencies;
    this.leaseDuration = leaseDuration;
    this.builds = new Builds(projectors, store, (name) => dependencies.onPromoted(name));
    this.progress = new Progress({
      hub,
      builds: this.builds,
      shards: () => this.pool,
      saveSoon: () => this.saver.soon(),
      wakeLog: () => this.log.wake(),
    });
    this.log = new LogWatcher(store.events, tail, logger, () => this.progress.expected);
    this.promotion = new BuildPromotion(this.builds, dependencies);
    this.heartbeat = new Heartbeat(
      () => this.beat(),
      () => Math.min(this.isSettled ? 2500 : 1000, leaseDuration / 4),
    );
    this.pool = new WorkerPool({
      ...this.workerDependencies,
      builds: this.builds,
      log: this.log,
      promotion: this.promotion,
      heartbeat: this.heartbeat,
    });
    this.saver = new CheckpointSaver({ store, logger, workers: () => this.pool.workers });
  }

  /** Created when first needed: some platforms have no random numbers before the first request. */
  get id(): string {
    this.ownId ??= newId();
    return this.ownId;
  }

  get status(): readonly ProjectionStatus[] {
    return this.builds.projectors.flatMap((projector) => this.statusOf(projector));
  }

  /** The builds of a projection's own version: the live one first, retired ones only if there is no other. */
  statusOf(projector: Projector): readonly ProjectionStatus[] {
    const present = this.builds.presentOf(projector);
    const { last, stall } = this.log;
    const head = Math.max(this.log.head, last?.position ?? 0);
    const context = { worker: this.id, head, headAt: last?.at, stall, failure: this.failure };
    const shown = present.length > 0 ? present : this.builds.of(projector).slice(-1);
    return [...shown]
      .sort((a, b) => Number(b.state === "live") - Number(a.state === "live"))
      .map((build) => {
        const local = (shard: number) => this.pool.workerOf(build, shard);
        return toStatus(build, projector.part.mode, local, context);
      });
  }

  /** Registers the projections; brings inline ones up to date before anything is appended. */
  async start(): Promise<void> {
    const { store } = this.dependencies;
    const { projectors } = this.builds;
    if (projectors.length === 0) return;
    this.isStarted = true;
    for (const { name, part } of projectors) {
      const after = part.acts?.from === "now" ? await store.events.head() : 0;
      await store.projections.register({ name, version: part.version, shards: part.shards ?? 1, after });
    }
    await this.builds.refresh();
    for (const projector of projectors) await this.open(projector);
    if (this.hasWorkers) this.log.start();
    await this.heartbeat.soon();
  }

  /** Reads how far the projections are, without taking part in the work: for tools. */
  async inspect(): Promise<void> {
    if (this.builds.projectors.length === 0) return;
    await this.builds.refresh();
    await this.log.inspect(undefined);
  }

  /** Ends the work of the consumers that act: no handler of theirs starts any more. Resolves when none runs. */
  async endActing(): Promise<void> {
    this.builds.endActing();
    await this.pool.releaseActing();
  }

  /** Lets the batches under way end, and releases all shards. */
  async stop(): Promise<void> {
    const { store, logger } = this.dependencies;
    this.stopping.abort();
    await this.heartbeat.stop();
    if (this.builds.projectors.length === 0) return;
    this.log.stop();
    await this.saver.stop();
    await this.pool.stop();
    await this.promotion.stop();
    this.progress.end();
    if (!this.isStarted) return;
    await store.projections.leave(this.id).catch((error: unknown) => {
      logger.warn("projections could not be released, other processes wait for the leases to end", { error });
    });
  }

  /** Resolves when every projection of this app has applied all events that were committed at the time of the call. */
  async caughtUp(): Promise<void> {
    if (this.builds.projectors.length === 0) return;
    // Not the head: a caller may know of an event beyond it, which cannot be read while an append below is open.
    const position = (await this.dependencies.store.events.last())?.position ?? 0;
    await Promise.all(
      this.builds.projectors.map(({ name, part }) => this.progress.waitFor({ name, version: part.version }, position)),
    );
  }

  /** Throws `unavailable` when a projection does not keep up with the callers that wait for it. */
  checkLoad(name: string): void {
    this.progress.checkLoad(name);
  }

  /** Resolves when the live build of a projection has come to a position. Rejects with the reason of the signal. */
  async reached(name: string, position: number, signal?: AbortSignal): Promise<void> {
    await this.progress.waitFor({ name }, position, signal);
  }

  /**
   * A value that differs from an earlier one if other processes may have changed rows of a read model in between. undefined: this
   * process does not know.
   */
  revisionOf(name: string): string | undefined {
    const live = this.builds.all.find((build) => build.name === name && build.state === "live");
    if (isRequestBound || live === undefined || this.failure !== undefined) return undefined;
    const { version, generation, shards } = live;
    if (isKeptInline(live)) {
      // Any process may append; the log shows that one has.
      this.log.start();
      this.watchedAt = performance.now();
      return `${version}.${generation} inline ${this.log.head}`;
    }
    if (this.pool.runsAll(live)) {
      const epochs = shards.map(({ shard }) => this.pool.workerOf(live, shard)?.lease.epoch);
      return `${version}.${generation} here ${epochs.join(" ")}`;
    }
    if (this.pool.positionOf(live) < this.log.head) this.progress.refreshSoon();
    return `${version}.${generation} ${shards.map(({ position, deadLetters }) => `${position}-${deadLetters}`).join(" ")}`;
  }

  /** Reads at once what other processes have decided: which builds there are, and who works on what. */
  beatSoon(): Promise<void> {
    // A heartbeat takes over work.
    return this.isStarted ? this.heartbeat.soon() : this.inspect();
  }

  /** The builds of a projection, as the store has them now. */
  async list(name: string): Promise<readonly ProjectionBuildState[]> {
    return this.dependencies.store.projections.list([name]);
  }

  /** Makes the workers of a projection look for due dead letters at once. */
  lookForDue(name: string): void {
    for (const worker of this.pool.workersOf(name)) worker.lookForDue();
  }

  private async open(projector: Projector): Promise<void> {
    const { name, part } = projector;
    const { logger } = this.dependencies;
    const own = this.builds.presentOf(projector);
    const fields = { projection: name, version: part.version };
    const later = this.builds.all.find(
      (build) =>
        build.name === name && build.version > part.version && build.state !== "retired" && isKeptInline(build),
    );
    if (later !== undefined) {
      throw new PotterError(
        "failed_precondition",
        `${name} version ${later.version} is kept by every append, and this process has version ${part.version}: it would append without keeping it`,
      );
    }
    if (own.length === 0) {
      logger.warn("projection was replaced by another version, this process does not keep it", fields);
    }
    if (own.some(({ shards }) => shards.length !== (part.shards ?? 1))) {
      logger.warn(
        "projection keeps the number of shards that it was built with, until its next version or rebuild",
        fields,
      );
    }
    // Prepared here already, so that a target that can never work fails the start of the app.
    for (const build of own) if (!isKeptInline(build)) await this.builds.prepare(projector, build);
    if (part.mode === "inline") {
      const dependencies = { ...this.workerDependencies, builds: this.builds, owner: this.id };
      const build = await catchUpInline(projector, dependencies, this.stopping.signal);
      if (build?.state === "building") await this.promotion.promote(build);
    } else if (own.some(isKeptInline)) {
      throw new PotterError(
        "failed_precondition",
        `${name} version ${part.version} was kept inline so far: raise the version of the projection to make it async`,
      );
    }
  }

  /** Reports that this process is alive, and acts on what the store and other processes report. */
  private async beat(): Promise<void> {
    try {
      const { projections } = this.dependencies.store;
      const names = this.builds.projectors.flatMap((projector) =>
        projector.part.mode === "inline" ? [projector.name, inlineMark(projector)] : [projector.name],
      );
      const { workers, builds, last } = await projections.heartbeat(this.id, names, this.leaseDuration);
      this.builds.update(builds);
      this.saver.isShared = workers.some(({ worker }) => worker !== this.id);
      await this.pool.rebalance(this.id, workers);
      await this.promotion.promoteCaughtUp(this.pool);
      await this.promotion.announce();
      this.promotion.deleteRetiredSoon();
      await this.log.inspect(last);
      if (!this.hasWorkers && performance.now() - this.watchedAt > watchEnd) this.log.pause();
      this.progress.notify();
      this.failure = undefined;
    } catch (error) {
      this.failure = error;
      this.dependencies.logger.error("projections could not be coordinated, will retry", { error });
    }
  }

  /** Whether there are async projections, whose workers follow the log. */
  private get hasWorkers(): boolean {
    return this.builds.projectors.some(({ part }) => part.mode !== "inline");
  }

  /** Whether nothing is under way that this process should soon know of: all builds are live, and all shards have a worker. */
  private get isSettled(): boolean {
    return this.builds.work.every(
      ({ build }) =>
        build.state === "live" &&
        build.shards.every(({ shard, owner }) => owner !== undefined || this.pool.workerOf(build, shard) !== undefined),
    );
  }

  private get workerDependencies(): WorkerDependencies {
    const { store, logger } = this.dependencies;
    const recent = () => this.log.recent;
    return { store, logger, leaseDuration: this.leaseDuration, progress: this.progress, recent };
  }
}
