import { onAbort } from "../../async/index.js";
import { PotterError } from "../../errors/index.js";
import type { DeadLetter, ProjectionBuildId, ProjectionBuildState, Store } from "../../store/ports/index.js";
import type { Projector } from "../declaration/index.js";
import type { ProjectionRunner } from "./projection-runner.js";
import type { ProjectionStatus } from "./status.js";

/** Controls one projection, for all processes that run it. */
export interface ProjectionControl {
  /** The build that answers queries, or the first one if none does yet. */
  readonly status: ProjectionStatus | undefined;
  /** All builds of this app's version: the live one first, then one that is being rebuilt. */
  readonly builds: readonly ProjectionStatus[];
  /** Stops it in all processes, until it is resumed. When this resolves, nothing more is written. */
  pause(): Promise<void>;
  /** Resumes it in all processes, after the last event that was applied. */
  resume(): Promise<void>;
  /**
   * Begins a new build while the live one answers, and promotes it when it has caught up. Resolves when the build has begun;
   * `builds` reports how far it is. An unfinished build of the same version is abandoned.
   */
  rebuild(): Promise<ProjectionBuildId>;
  /** Events that could not be applied, and those blocked behind them, by key and position. `limit`: 1000 by default. */
  deadLetters(options?: { readonly key?: string; readonly limit?: number }): Promise<readonly DeadLetter[]>;
  /** Makes dead letters due at once, of one key or of all. Returns the number of keys. */
  retry(key?: string): Promise<number>;
  /** Discards the dead letters of a key and unblocks it. Returns the number of events. */
  discard(key: string): Promise<number>;
  /**
   * Resolves when all events up to a position are applied or dead letters. `timeout`: milliseconds, 10 000 by default.
   * Throws `deadline_exceeded` after it, `cancelled` when the signal aborts, `failed_precondition` while it is paused.
   */
  waitFor(position: number, options?: { readonly timeout?: number; readonly signal?: AbortSignal }): Promise<void>;
}

/** The default timeout of a wait for a projection, in milliseconds. */
export const defaultWait = 10_000;

/** The control of a projection that this process runs. */
export class RunnerControl implements ProjectionControl {
  private readonly runner: ProjectionRunner;
  readonly projector: Projector;
  private readonly store: Store;

  constructor(runner: ProjectionRunner, projector: Projector, store: Store) {
    this.runner = runner;
    this.projector = projector;
    this.store = store;
  }

  get status(): ProjectionStatus | undefined {
    return this.builds[0];
  }

  get builds(): readonly ProjectionStatus[] {
    return this.runner.statusOf(this.projector);
  }

  async pause(): Promise<void> {
    this.refuseInline("paused");
    await this.store.projections.setPaused(this.projector.name, true);
    await this.runner.beatSoon();
  }

  async resume(): Promise<void> {
    await this.store.projections.setPaused(this.projector.name, false);
    await this.runner.beatSoon();
  }

  async rebuild(): Promise<ProjectionBuildId> {
    this.refuseInline("rebuilt");
    const { name, part } = this.projector;
    if (part.acts !== undefined) {
      throw new PotterError("failed_precondition", `${part.title} would act on all events again: it cannot be rebuilt`);
    }
    const build = await this.store.projections.rebuild({ name, version: part.version, shards: part.shards ?? 1 });
    await this.runner.beatSoon();
    return build;
  }

  async deadLetters({
    key,
    limit = 1000,
  }: {
    readonly key?: string;
    readonly limit?: number;
  } = {}): Promise<readonly DeadLetter[]> {
    const found: DeadLetter[] = [];
    for (const build of await this.present()) {
      found.push(...(await this.store.projections.deadLetters(build, { limit, ...(key !== undefined && { key }) })));
    }
    return found.slice(0, limit);
  }

  async retry(key?: string): Promise<number> {
    let keys = 0;
    for (const build of await this.present()) keys += await this.store.projections.retry(build, key);
    this.runner.lookForDue(this.projector.name);
    return keys;
  }

  async discard(key: string): Promise<number> {
    let events = 0;
    for (const build of await this.present()) events += await this.store.projections.discard(build, key);
    await this.runner.beatSoon();
    return events;
  }

  /** Throws `unavailable` when the projection does not keep up with the callers that wait for it. */
  checkLoad(): void {
    this.runner.checkLoad(this.projector.name);
  }

  /** Resolves when the live build includes a position. Rejects with the reason of the signal, and with `failed_precondition` while it is paused. */
  reached(position: number, signal: AbortSignal): Promise<void> {
    return this.runner.reached(this.projector.name, position, signal);
  }

  async waitFor(
    position: number,
    { timeout = defaultWait, signal }: { readonly timeout?: number; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const { name } = this.projector;
    const controller = new AbortController();
    const abort = () => controller.abort(new PotterError("cancelled", `the wait for ${name} was cancelled`));
    const timer = setTimeout(() => {
      controller.abort(
        new PotterError("deadline_exceeded", `${name} did not reach position ${position} within ${timeout} ms`),
      );
    }, timeout);
    const unsubscribe = onAbort(signal, abort);
    try {
      await this.runner.reached(name, position, controller.signal);
    } finally {
      clearTimeout(timer);
      unsubscribe();
    }
  }

  /** The builds of this version that are not retired. */
  private async present(): Promise<readonly ProjectionBuildState[]> {
    const builds = await this.runner.list(this.projector.name);
    return builds.filter(({ version, state }) => version === this.projector.part.version && state !== "retired");
  }

  private refuseInline(what: string): void {
    if (this.projector.part.mode !== "inline") return;
    throw new PotterError(
      "failed_precondition",
      `${this.projector.name} is kept inline by every append, so it cannot be ${what}: raise its version, or make it async`,
    );
  }
}
