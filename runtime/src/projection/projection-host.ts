import type { Logger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { newId } from "../message/index.js";
import type { ProjectionBuildState, Store } from "../store/ports/index.js";
import { Builds, isKeptInline } from "./builds.js";
import type { ChangeHub } from "./change-hub.js";
import { Crew, type CrewSurroundings } from "./crew.js";
import { EventWatch } from "./event-watch.js";
import { inlineMark, openInline } from "./inline-opening.js";
import { LogWatch } from "./log-watch.js";
import { News } from "./news.js";
import type { Projector } from "./projector.js";
import { type ProjectionStatus, toStatus } from "./status.js";
import { StopSignal } from "./stop-signal.js";
import { Succession } from "./succession.js";

/** How this process takes part in the work on projections. */
export interface ProjectionWorkerOptions {
  /** How long after its death the work of a process is taken over by others, in milliseconds. Default 10 000. */
  readonly leaseDuration?: number;
  /** How long the rows of a build are kept after another has replaced it, in milliseconds. Default 60 000. */
  readonly retiredBuildTtl?: number;
}

interface HostSurroundings extends ProjectionWorkerOptions {
  readonly store: Store;
  readonly hub: ChangeHub;
  readonly logger: Logger;
}

/** Bounds of the wait between two looks at what other processes have done, in milliseconds: doubles while nothing is told. */
const minWait = 5;
const maxWait = 250;

/**
 * Keeps the projections of one process going: says that it is alive, takes its share of the shards, follows new builds and
 * swaps them in.
 */
export class ProjectionHost {
  private ownId: string | undefined;
  private readonly surroundings: HostSurroundings;
  private readonly lease: number;
  private readonly builds: Builds;
  private readonly watch: EventWatch;
  private readonly log: LogWatch;
  private readonly crew: Crew;
  private readonly succession: Succession;
  private readonly news = new News();
  private readonly stopping = new StopSignal();
  private beating: Promise<void> | undefined;
  private again: Promise<void> | undefined;
  /** Why the last look at what others have decided failed. */
  private failure: unknown;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(projectors: readonly Projector[], surroundings: HostSurroundings) {
    const { store } = surroundings;
    this.surroundings = surroundings;
    this.lease = surroundings.leaseDuration ?? 10_000;
    this.builds = new Builds(projectors, store, (name) => this.onTurned(name));
    this.watch = new EventWatch(store.events);
    this.log = new LogWatch(store.events, surroundings.logger);
    this.crew = new Crew(this.builds, this.crewSurroundings);
    this.succession = new Succession(this.builds, {
      ...surroundings,
      has: (build, position) => this.has(build, position),
    });
  }

  /** Made when it is first needed: some platforms give no random numbers before the first request. */
  get id(): string {
    this.ownId ??= newId();
    return this.ownId;
  }

  /** Told when another build of a projection has become live. */
  onTurned: (name: string) => void = () => {};

  get status(): readonly ProjectionStatus[] {
    return this.builds.projectors.flatMap((projector) => this.statusOf(projector));
  }

  /** The builds of a projection's own version: the live one first, retired ones only if there is no other. */
  statusOf(projector: Projector): readonly ProjectionStatus[] {
    const present = this.builds.presentOf(projector);
    const { last, stall } = this.log;
    const head = Math.max(this.watch.head, last?.position ?? 0);
    const surroundings = { worker: this.id, head, headAt: last?.at, stall, failure: this.failure };
    const shown = present.length > 0 ? present : this.builds.of(projector).slice(-1);
    return [...shown]
      .sort((a, b) => Number(b.state === "live") - Number(a.state === "live"))
      .map((build) => {
        const local = (shard: number) => this.crew.workerOf(build, shard);
        return toStatus(build, projector.part.mode, local, surroundings);
      });
  }

  /** Registers the projections; inline ones are brought up to date before anything is appended. */
  async start(): Promise<void> {
    const { store } = this.surroundings;
    const { projectors } = this.builds;
    if (projectors.length === 0) return;
    for (const { name, part } of projectors) {
      await store.projections.register({ name, version: part.version, shards: part.shards ?? 1 });
    }
    await this.builds.refresh();
    for (const projector of projectors) await this.open(projector);
    this.watch.saw(await store.events.head());
    this.watch.start();
    this.watch.listen(() => {
      for (const { bell } of this.crew.workers()) bell.notify();
    });
    await this.beat();
  }

  /** Lets the batches under way end, gives back all shards, and follows no more. */
  async stop(): Promise<void> {
    const { store, logger } = this.surroundings;
    this.stopping.abort();
    clearTimeout(this.timer);
    if (this.builds.projectors.length === 0) return;
    await this.beating;
    await this.again;
    await this.watch.stop();
    await this.crew.stop();
    await this.succession.stop();
    this.news.tell();
    await store.projections.leave(this.id).catch((error: unknown) => {
      logger.warn("projections could not be given back, others wait for the leases to end", { error });
    });
  }

  /** Resolves when all events are applied that were committed at the time of the call, by every projection of this app. */
  async caughtUp(): Promise<void> {
    if (this.builds.projectors.length === 0) return;
    // Not the head: an event beyond it was answered, though it cannot be read while an append below is open.
    const position = (await this.surroundings.store.events.last())?.position ?? 0;
    await Promise.all(
      this.builds.projectors.map((projector) =>
        this.until(projector.name, undefined, () => {
          const present = this.builds.presentOf(projector);
          return present.length === 0 || present.some((build) => build.state === "live" && this.has(build, position));
        }),
      ),
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
  async list(name: string): Promise<readonly ProjectionBuildState[]> {
    return this.surroundings.store.projections.list([name]);
  }

  /** Has parked events tried again that are due. */
  lookForDue(name: string): void {
    for (const worker of this.crew.workers(name)) worker.lookForDue();
  }

  private async open(projector: Projector): Promise<void> {
    const { name, part } = projector;
    const { logger } = this.surroundings;
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
    // Now, so that what can never work is told at the start, not found out by whoever takes a shard.
    for (const build of own) if (!isKeptInline(build)) await this.builds.prepare(projector, build);
    if (part.mode === "inline") {
      const build = await openInline(projector, this.builds, this.crewSurroundings, this.stopping.signal);
      if (build?.state === "building") await this.succession.promote(build);
    } else if (own.some(isKeptInline)) {
      throw new Error(
        `${name} version ${part.version} was kept inline so far: raise the version of the projection to make it async`,
      );
    }
  }

  private beat(): Promise<void> {
    clearTimeout(this.timer);
    if (this.stopping.signal.aborted) return Promise.resolve();
    this.beating = this.beatNow()
      .then(() => {
        this.failure = undefined;
      })
      .catch((error: unknown) => {
        this.failure = error;
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
    const names = this.builds.projectors.flatMap((projector) =>
      projector.part.mode === "inline" ? [projector.name, inlineMark(projector)] : [projector.name],
    );
    const processes = await projections.heartbeat(this.id, names, this.lease);
    await this.builds.refresh();
    await this.crew.reconcile(processes);
    await this.succession.swap();
    await this.succession.announce();
    this.succession.clearSoon();
    this.watch.saw(await this.log.look(this.watch.head));
    this.news.tell();
  }

  private get crewSurroundings(): CrewSurroundings {
    const { store, logger, hub } = this.surroundings;
    const owner = (): string => this.id;
    return {
      store,
      logger,
      lease: this.lease,
      get owner() {
        return owner();
      },
      lost: () => void this.beatSoon(),
      moved: ({ position }, changes) => {
        this.watch.saw(position);
        hub.publish(changes);
        this.news.tell();
      },
      idle: ({ lease, position }) => {
        if (this.succession.caughtUp(lease, position)) void this.beatSoon();
      },
    };
  }

  /** Whether all shards of a build have come to a position, as far as this process knows. */
  private has(build: ProjectionBuildState, position: number): boolean {
    return build.shards.every(
      (record) => Math.max(record.position, this.crew.workerOf(build, record.shard)?.position ?? 0) >= position,
    );
  }

  /** Waits until the builds of a projection are as they should be: told by this process, and looked up for others. */
  private async until(
    name: string,
    signal: AbortSignal | undefined,
    holds: (builds: readonly ProjectionBuildState[]) => boolean,
  ): Promise<void> {
    let wait = minWait;
    for (;;) {
      signal?.throwIfAborted();
      if (this.stopping.signal.aborted) throw new PotterError("cancelled", "the app is stopping");
      const builds = this.builds.all.filter((build) => build.name === name);
      if (holds(builds)) return;
      if (builds.some(({ paused }) => paused)) {
        throw new PotterError("failed_precondition", `the projection ${name} is paused`);
      }
      for (const { bell } of this.crew.workers(name)) bell.notify();
      if (await this.news.wait(wait, signal)) continue;
      await this.builds.refresh();
      wait = Math.min(wait * 2, maxWait);
    }
  }
}
