import type { Logger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { BuildRecord, ProjectionBuild, Store, WorkerRecord } from "../event-store/index.js";
import { newId } from "../message/index.js";
import type { ChangeHub } from "./change-hub.js";
import { EventWatch } from "./event-watch.js";
import { isForeign } from "./foreign-target.js";
import type { Projector } from "./projector.js";
import { sleep } from "./retry-delay.js";
import { ShardWorker, type WorkerSurroundings } from "./shard-worker.js";
import { fairShare } from "./shards.js";
import { keptInline, type ProjectionStatus, toStatus } from "./status.js";

/** How this process takes part in the work on projections. */
export interface HostOptions {
  /** How long after its death the work of a process is taken over by others, in milliseconds. Default 10 000. */
  readonly lease?: number;
  /** How long the rows of a build are kept after another has replaced it, in milliseconds. Default 60 000. */
  readonly keepRetired?: number;
}

interface HostSurroundings extends HostOptions {
  readonly store: Store;
  readonly hub: ChangeHub;
  readonly logger: Logger;
}

/** Rows of a retired build that are deleted by one statement. */
const dropBatch = 1000;

/** A shard that this process works on. */
interface Running {
  readonly worker: ShardWorker;
  readonly ended: Promise<void>;
}

/**
 * Keeps the projections of one process going: says that it is alive, takes its share of the shards, follows new builds and
 * swaps them in, and clears away what they replace.
 */
export class ProjectionHost {
  readonly id: string = newId();
  private readonly projectors: readonly Projector[];
  private readonly surroundings: HostSurroundings;
  private readonly watch: EventWatch;
  private readonly lease: number;
  private readonly running = new Map<string, Running>();
  private readonly stopping = new AbortController();
  private readonly prepared = new Set<string>();
  /** The position at which each build that had caught up is to be swapped in. */
  private readonly finishes = new Map<string, number>();
  private readonly waiters = new Set<() => void>();
  private builds: readonly BuildRecord[] = [];
  private workers: readonly WorkerRecord[] = [];
  private beating: Promise<void> | undefined;
  private again: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private clearing: Promise<void> | undefined;

  constructor(projectors: readonly Projector[], surroundings: HostSurroundings) {
    this.projectors = projectors;
    this.surroundings = surroundings;
    this.watch = new EventWatch(surroundings.store.events);
    this.lease = surroundings.lease ?? 10_000;
  }

  get status(): readonly ProjectionStatus[] {
    return this.projectors.flatMap((projector) => this.statusOf(projector));
  }

  /** The builds of a projection's own version: the live one first, retired ones only if there is no other. */
  statusOf(projector: Projector): readonly ProjectionStatus[] {
    const { mode, version } = projector.part;
    const own = this.builds.filter((build) => build.name === projector.name && build.version === version);
    const present = own.filter(({ state }) => state !== "retired");
    const shown = present.length > 0 ? present : own.slice(-1);
    return [...shown]
      .sort((a, b) => Number(b.state === "live") - Number(a.state === "live"))
      .map((build) =>
        toStatus(build, mode, this.watch.head, (shard) => this.running.get(idOf(build, shard))?.worker, this.id),
      );
  }

  /** Registers the projections; inline ones are brought up to date before anything is appended. */
  async start(): Promise<void> {
    const { store, logger } = this.surroundings;
    if (this.projectors.length === 0) return;
    for (const { name, part } of this.projectors) {
      await store.projections.register({ name, version: part.version, shards: part.shards ?? 1 });
    }
    await this.refresh();
    for (const projector of this.projectors) {
      const { name, part } = projector;
      const known = this.builds.filter((build) => build.name === name);
      const own = known.filter(({ version, state }) => version === part.version && state !== "retired");
      if (own.length === 0) {
        logger.warn("projection was replaced by another version, this process does not keep it", {
          projection: name,
          version: part.version,
        });
      }
      if (own.some(({ shards }) => shards.length !== (part.shards ?? 1))) {
        logger.warn("projection keeps the number of shards that it was built with, until its next version or rebuild", {
          projection: name,
          version: part.version,
        });
      }
      // Now, so that what can never work is told at the start, not found out by whoever takes a shard.
      for (const build of own) if (!isKeptInline(build)) await this.prepare(projector, build);
      if (part.mode === "inline") await this.openInline(projector);
      else if (own.some(isKeptInline)) {
        throw new Error(
          `${name} version ${part.version} was kept inline so far: raise the version of the projection to make it async`,
        );
      }
    }
    this.watch.saw(await store.events.head());
    this.watch.start();
    this.watch.listen(() => {
      for (const { worker } of this.running.values()) worker.bell.ring();
    });
    await this.beat();
  }

  /** Lets the batches under way end, gives back all shards, and follows no more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    if (this.projectors.length === 0) return;
    await this.beating;
    await this.again;
    await this.watch.stop();
    await this.stopWorkers([...this.running.keys()]);
    await this.clearing;
    for (const wake of this.waiters) wake();
    await this.surroundings.store.projections.leave(this.id).catch((error: unknown) => {
      this.surroundings.logger.warn("projections could not be given back, others wait for the leases to end", {
        error,
      });
    });
  }

  /** Resolves when all events are applied that were there at the time of the call, by every projection of this app. */
  async caughtUp(): Promise<void> {
    const head = await this.surroundings.store.events.head();
    await Promise.all(
      this.projectors.map((projector) => {
        const mine = ({ name, version }: ProjectionBuild) =>
          name === projector.name && version === projector.part.version;
        return this.until(projector.name, undefined, (builds) => {
          const own = builds.filter(mine);
          return (
            own.every(({ state }) => state === "retired") || own.some((b) => b.state === "live" && this.has(b, head))
          );
        });
      }),
    );
  }

  /** Resolves when the live build of a projection has come to a position. Rejects with the reason of the signal. */
  async reached(name: string, position: number, signal?: AbortSignal): Promise<void> {
    await this.until(name, signal, (builds) =>
      builds.some((build) => build.state === "live" && this.has(build, position)),
    );
  }

  /** Looks at once what others have decided: who works on what, which builds there are. */
  beatSoon(): Promise<void> {
    if (this.beating === undefined) return this.beat();
    this.again ??= this.beating.then(() => {
      this.again = undefined;
      return this.beat();
    });
    return this.again;
  }

  /** The builds of a projection, as the store has them now. */
  async list(name: string): Promise<readonly BuildRecord[]> {
    return this.surroundings.store.projections.list([name]);
  }

  /** Has parked events tried again that are due. */
  lookForDue(name: string): void {
    for (const { worker } of this.running.values()) if (worker.lease.name === name) worker.lookForDue();
  }

  private beat(): Promise<void> {
    clearTimeout(this.timer);
    if (this.stopping.signal.aborted) return Promise.resolve();
    this.beating = this.beatNow()
      .catch((error: unknown) => {
        this.surroundings.logger.error("projections could not be coordinated, will try again", { error });
      })
      .finally(() => {
        this.beating = undefined;
        if (this.stopping.signal.aborted) return;
        this.timer = setTimeout(() => void this.beatSoon(), Math.min(1000, this.lease / 4));
      });
    return this.beating;
  }

  private async beatNow(): Promise<void> {
    const { projections } = this.surroundings.store;
    const names = this.projectors.map(({ name }) => name);
    this.workers = await projections.beat(this.id, names, this.lease);
    await this.refresh();
    await this.reconcile();
    await this.swap();
    this.clearing ??= this.clear().finally(() => {
      this.clearing = undefined;
    });
    for (const wake of this.waiters) wake();
  }

  private async refresh(): Promise<void> {
    this.builds = await this.surroundings.store.projections.list(this.projectors.map(({ name }) => name));
  }

  /** Gives back what this process should not work on, and takes what it should. */
  private async reconcile(): Promise<void> {
    const work = this.builds.flatMap((build) => {
      const projector = this.projectorOf(build);
      return projector === undefined || build.state === "retired" || isKeptInline(build) ? [] : [{ build, projector }];
    });
    const share = fairShare(
      work.map(({ build }) => ({ name: build.name, shards: build.shards.length })),
      this.workers,
    );
    const wanted = new Set(
      work.flatMap(({ build }) => (build.paused ? [] : build.shards.map(({ shard }) => idOf(build, shard)))),
    );
    const ended = [...this.running].filter(([id, { worker }]) => worker.lost || !wanted.has(id)).map(([id]) => id);
    await this.stopWorkers(ended);
    let total = this.running.size;
    for (const [i, { build }] of work.entries()) {
      const held = build.shards.filter(({ shard }) => this.running.has(idOf(build, shard)));
      const surplus = Math.max(held.length - (share.ofBuild[i] ?? 0), Math.min(held.length, total - share.total), 0);
      if (surplus === 0) continue;
      await this.stopWorkers(held.slice(-surplus).map(({ shard }) => idOf(build, shard)));
      total -= surplus;
    }
    for (const [i, { build, projector }] of work.entries()) {
      if (build.paused) continue;
      let held = build.shards.filter(({ shard }) => this.running.has(idOf(build, shard))).length;
      for (const { shard, owner } of build.shards) {
        if (total >= share.total || held >= (share.ofBuild[i] ?? 0)) break;
        if (this.running.has(idOf(build, shard)) || (owner !== undefined && owner !== this.id)) continue;
        if (!(await this.take(projector, build, shard))) continue;
        held++;
        total++;
      }
    }
  }

  private async take(projector: Projector, build: BuildRecord, shard: number): Promise<boolean> {
    const { store, logger } = this.surroundings;
    await this.prepare(projector, build);
    const { name, version, generation } = build;
    const place = { name, version, generation, shard };
    const lease = await store.projections.acquire(place, this.id, this.lease);
    if (lease === undefined) return false;
    const parked = await store.projections.parkedKeys(place);
    const worker = new ShardWorker(projector, lease, build.shards.length, parked, this.workerSurroundings);
    const ended = worker.run().catch((error: unknown) => {
      logger.error("projection ended by mistake", { projection: name, version, error });
      worker.lost = true;
    });
    this.running.set(idOf(build, shard), { worker, ended });
    // Not at once: a store that took every lease from us again would be asked without end.
    void ended
      .then(() => (worker.lost ? sleep(20, this.stopping.signal) : undefined))
      .then(() => (worker.lost ? this.beatSoon() : undefined));
    return true;
  }

  private async prepare(projector: Projector, build: ProjectionBuild): Promise<void> {
    const { target } = projector;
    const id = idOf(build, 0);
    if (isForeign(target) || this.prepared.has(id)) return;
    await target.prepare?.(this.surroundings.store, build);
    this.prepared.add(id);
  }

  private async stopWorkers(ids: readonly string[]): Promise<void> {
    const { store } = this.surroundings;
    await Promise.all(
      ids.map(async (id) => {
        const found = this.running.get(id);
        if (found === undefined) return;
        found.worker.stop();
        await found.ended;
        this.running.delete(id);
        if (!found.worker.lost) await store.projections.release(found.worker.lease).catch(() => {});
      }),
    );
  }

  /** Swaps in builds that have caught up, and of which nothing is parked. */
  private async swap(): Promise<void> {
    for (const build of this.builds) {
      const id = idOf(build, 0);
      if (build.state !== "building" || this.projectorOf(build) === undefined || isKeptInline(build)) continue;
      const finish = this.finishes.get(id);
      if (finish === undefined || !this.has(build, finish)) continue;
      if (build.shards.some(({ parked }) => parked > 0)) continue;
      await this.promote(build);
      await this.refresh();
    }
  }

  private async promote(build: ProjectionBuild): Promise<void> {
    const { store, logger } = this.surroundings;
    await store.projections.promote(build);
    this.onPromoted(build.name);
    const { name, version, generation } = build;
    logger.info("projection is live", { projection: name, version, generation });
  }

  /** Told when this process has swapped in a build. */
  onPromoted: (name: string) => void = () => {};

  /** Deletes the rows of builds that were replaced some time ago, in small steps. */
  private async clear(): Promise<void> {
    const { store, logger, keepRetired = 60_000 } = this.surroundings;
    try {
      for (const build of this.builds) {
        if (build.retiredFor === undefined || build.retiredFor < keepRetired) continue;
        const projector = this.projectors.find(({ name }) => name === build.name);
        if (projector === undefined) continue;
        const { target } = projector;
        if (!isForeign(target)) await target.drop?.(store, build);
        while (!this.stopping.signal.aborted && (await store.projections.drop(build, dropBatch))) {
          // Room for others between two steps.
          await sleep(20, this.stopping.signal);
        }
      }
    } catch (error) {
      logger.warn("rows of a replaced projection could not be deleted, will try again", { error });
    }
  }

  private async openInline(projector: Projector): Promise<void> {
    const own = this.builds.find(
      ({ name, version, state }) =>
        name === projector.name && version === projector.part.version && state !== "retired",
    );
    if (own === undefined) return;
    const { name, version, generation } = own;
    projector.build = { name, version, generation };
    await this.prepare(projector, own);
    if (isKeptInline(own)) return;
    const { store } = this.surroundings;
    for (;;) {
      const place = { name, version, generation, shard: 0 };
      const lease = await store.projections.acquire(place, this.id, this.lease);
      if (lease !== undefined) {
        const worker = new ShardWorker(projector, lease, 1, [], { ...this.workerSurroundings, strict: true });
        while (lease.position !== keptInline && (await worker.step())) {}
        if (lease.position === keptInline || (await worker.move(keptInline))) break;
      } else {
        await this.refresh();
        if (this.builds.some((build) => idOf(build, 0) === idOf(own, 0) && isKeptInline(build))) break;
      }
      await sleep(50, this.stopping.signal);
      if (this.stopping.signal.aborted) throw new PotterError("cancelled", "the app is stopping");
    }
    if (own.state === "building") await this.promote(own);
  }

  private get workerSurroundings(): WorkerSurroundings {
    const { store, logger, hub } = this.surroundings;
    return {
      store,
      logger,
      lease: this.lease,
      moved: ({ position }, changes) => {
        this.watch.saw(position);
        hub.publish(changes);
        for (const wake of this.waiters) wake();
      },
      idle: (worker) => {
        const id = idOf(worker.lease, 0);
        const building = this.builds.some((build) => build.state === "building" && idOf(build, 0) === id);
        if (!building || this.finishes.has(id)) return;
        this.finishes.set(id, worker.position);
        void this.beatSoon();
      },
    };
  }

  /** Whether all shards of a build have come to a position, as far as this process knows. */
  private has(build: BuildRecord, position: number): boolean {
    return build.shards.every(
      (record) =>
        Math.max(record.position, this.running.get(idOf(build, record.shard))?.worker.position ?? 0) >= position,
    );
  }

  private projectorOf({ name, version }: ProjectionBuild): Projector | undefined {
    return this.projectors.find((projector) => projector.name === name && projector.part.version === version);
  }

  /** Waits until the builds of a projection are as they should be: told by this process, and looked up for others. */
  private async until(
    name: string,
    signal: AbortSignal | undefined,
    holds: (builds: readonly BuildRecord[]) => boolean,
  ): Promise<void> {
    let wait = 5;
    for (;;) {
      signal?.throwIfAborted();
      if (this.stopping.signal.aborted) throw new PotterError("cancelled", "the app is stopping");
      const builds = this.builds.filter((build) => build.name === name);
      if (holds(builds)) return;
      if (builds.some(({ paused }) => paused)) {
        throw new PotterError("failed_precondition", `the projection ${name} is paused`);
      }
      for (const { worker } of this.running.values()) if (worker.lease.name === name) worker.bell.ring();
      const news = await this.news(wait, signal);
      if (!news) {
        await this.refresh();
        wait = Math.min(wait * 2, 250);
      }
    }
  }

  /** false: nothing was told in that time. */
  private news(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (told: boolean) => () => {
        clearTimeout(timer);
        this.waiters.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve(told);
      };
      const wake = end(true);
      const timer = setTimeout(end(false), milliseconds);
      this.waiters.add(wake);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }
}

function idOf({ name, version, generation }: ProjectionBuild, shard: number): string {
  return `${version}.${generation}/${shard} ${name}`;
}

function isKeptInline({ shards }: BuildRecord): boolean {
  return shards[0]?.position === keptInline;
}
