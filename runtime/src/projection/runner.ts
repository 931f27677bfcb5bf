import type { Logger } from "../cqrs/index.js";
import type { Checkpoint, RowStore, Store } from "../event-store/index.js";
import type { ChangeHub } from "./change-hub.js";
import type { Changes, Projector } from "./projector.js";

/** Events per transaction. */
const batchSize = 500;
/** Bounds of the wait for new events, in milliseconds: doubles while nothing comes. */
const minWait = 5;
const maxWait = 250;
/** Bound of the wait after a failure, in milliseconds. */
const maxRetryWait = 30_000;
/**
 * The checkpoint of an inline projection that has caught up: from then on every append keeps it, so there
 * is no position left to follow.
 */
const keptInline = Number.MAX_SAFE_INTEGER;

/** How a projection stands. */
export interface ProjectionStatus {
  /** Full name of the read model. */
  readonly name: string;
  readonly version: number;
  readonly mode: "async" | "inline";
  readonly state: Checkpoint["state"];
  /** All events up to here are applied. Infinity: kept by every append. */
  readonly position: number;
  /** Why the last try failed; it is tried again until it succeeds. */
  readonly error: unknown;
}

export interface RunnerOptions {
  readonly store: Store;
  readonly hub: ChangeHub;
  readonly logger: Logger;
}

/** Follows the events of all streams and keeps one projection up to date, each event exactly once. */
export class ProjectionRunner {
  private readonly projector: Projector;
  private readonly options: RunnerOptions;
  private readonly stopped = new AbortController();
  private checkpoint: Checkpoint;
  private running: Promise<void> = Promise.resolve();
  private wake: () => void = () => {};
  private readonly waiters: (() => void)[] = [];
  private error: unknown;

  private constructor(projector: Projector, options: RunnerOptions, checkpoint: Checkpoint) {
    this.projector = projector;
    this.options = options;
    this.checkpoint = checkpoint;
  }

  /** Registers the projection; an inline one is brought up to date before anything is appended. */
  static async open(projector: Projector, options: RunnerOptions): Promise<ProjectionRunner> {
    const { name, version } = projector.table;
    await projector.target.prepare?.(options.store, projector.build);
    const checkpoint = await options.store.rows.register(name, version);
    const runner = new ProjectionRunner(projector, options, checkpoint);
    const inline = projector.part.mode === "inline";
    if (!inline && checkpoint.position === keptInline) {
      throw new Error(
        `${name} version ${version} was kept inline so far: raise the version of the projection to make it async`,
      );
    }
    if (inline && checkpoint.position !== keptInline) {
      while (await runner.step()) {}
      await runner.move(keptInline);
    }
    return runner;
  }

  get status(): ProjectionStatus {
    const { name, version, state, position } = this.checkpoint;
    const mode = this.projector.part.mode;
    return {
      name,
      version,
      mode,
      state,
      position: position === keptInline ? Number.POSITIVE_INFINITY : position,
      error: this.error,
    };
  }

  /** Begins to follow, in the background. */
  start(): void {
    if (this.projector.part.mode === "async") this.running = this.follow();
  }

  /** Resolves when all events are applied that were visible at the time of the call. */
  caughtUp(): Promise<void> {
    if (this.projector.part.mode === "inline") return Promise.resolve();
    return new Promise((resolve) => {
      this.waiters.push(resolve);
      this.wake();
    });
  }

  /** Lets the batch under way end, and follows no more. */
  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake();
    await this.running;
  }

  private async follow(): Promise<void> {
    const forget = this.options.store.events.onAppend(() => this.wake());
    let wait = minWait;
    let failures = 0;
    while (!this.stopped.signal.aborted) {
      // Armed before the read: an append during it must not be slept through.
      const pause = this.pause();
      const waiters = this.waiters.splice(0);
      try {
        const progressed = await this.step();
        this.error = undefined;
        failures = 0;
        if (progressed) {
          this.waiters.unshift(...waiters);
          wait = minWait;
          continue;
        }
        for (const resolve of waiters) resolve();
        await pause.until(wait);
        wait = Math.min(wait * 2, maxWait);
      } catch (error) {
        this.waiters.unshift(...waiters);
        this.fail(error);
        failures++;
        await this.sleep(Math.min(100 * 2 ** failures, maxRetryWait));
      }
    }
    forget();
  }

  /** Applies the next batch. false: there was none. */
  private async step(): Promise<boolean> {
    const { position } = this.checkpoint;
    const slice = await this.options.store.events.readAll(position, batchSize);
    if (slice.position === position) {
      await this.promoteIfBuilt();
      return false;
    }
    let changes: Changes | undefined;
    const moved = await this.move(slice.position, async (transaction) => {
      changes = await this.projector.apply(slice.events, transaction);
    });
    if (moved && changes !== undefined) this.options.hub.publish(changes);
    return true;
  }

  private async move(to: number, apply: Parameters<RowStore["commit"]>[1] = async () => {}): Promise<boolean> {
    const { name, version, position: from } = this.checkpoint;
    const moved = await this.options.store.rows.commit({ name, version, from, to }, apply);
    this.checkpoint = moved
      ? { ...this.checkpoint, position: to }
      : await this.options.store.rows.register(name, version);
    if (to === keptInline) await this.promoteIfBuilt();
    return moved;
  }

  private async promoteIfBuilt(): Promise<void> {
    const { name, version, state } = this.checkpoint;
    if (state !== "building") return;
    await this.options.store.rows.promote(name, version);
    this.checkpoint = { ...this.checkpoint, state: "live" };
    this.options.logger.info("projection is live", { projection: name, version });
  }

  private fail(error: unknown): void {
    this.error = error;
    const { name, version, position } = this.checkpoint;
    this.options.logger.error("projection failed, will try again", { projection: name, version, position, error });
  }

  /** Waits whatever comes, unless the runner is stopped. */
  private sleep(milliseconds: number): Promise<void> {
    const { signal } = this.stopped;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
    });
  }

  private pause(): { until(milliseconds: number): Promise<void> } {
    const woken = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    if (this.stopped.signal.aborted || this.waiters.length > 0) this.wake();
    return {
      async until(milliseconds) {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const elapsed = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, milliseconds);
        });
        await Promise.race([woken, elapsed]);
        clearTimeout(timer);
      },
    };
  }
}
