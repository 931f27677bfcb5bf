import { onAbort } from "../async/index.js";
import { PotterError } from "../errors/index.js";
import type { DeadLetter, ProjectionBuildId, ProjectionBuildState, Store } from "../store/ports/index.js";
import type { ProjectionHost } from "./projection-host.js";
import type { Projector } from "./projector.js";
import type { ProjectionStatus } from "./status.js";

/** Steers one projection, on behalf of all processes that run it. */
export interface ProjectionControl {
  /** How the build stands that answers queries, or is to. */
  readonly status: ProjectionStatus | undefined;
  /** All builds of this app's version: the live one first, then one that is rebuilt beside it. */
  readonly builds: readonly ProjectionStatus[];
  /** Stops it, for all processes, until it is resumed. Once this resolves, nothing more is written. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /**
   * Builds it anew beside the rows that answer, and swaps when it has caught up. Resolves when the build has begun; `status`
   * and `builds` tell how far it is. A build of the same version that was under way is given up.
   */
  rebuild(): Promise<ProjectionBuildId>;
  /** Events that could not be applied, and those that wait behind them, by key and position. */
  deadLetters(options?: { readonly key?: string; readonly limit?: number }): Promise<readonly DeadLetter[]>;
  /** Has parked events tried again soon, of one key or of all. Gives the number of keys. */
  retry(key?: string): Promise<number>;
  /** Forgets the events that are parked under a key; later ones are applied again. Gives the number of events. */
  discard(key: string): Promise<number>;
  /** Resolves when all events up to a position are applied or parked. */
  waitFor(position: number, options?: { readonly timeout?: number; readonly signal?: AbortSignal }): Promise<void>;
}

/** The default bound of a wait for a projection, in milliseconds. */
export const defaultWait = 10_000;

export class HostedControl implements ProjectionControl {
  private readonly host: ProjectionHost;
  private readonly projector: Projector;
  private readonly store: Store;

  constructor(host: ProjectionHost, projector: Projector, store: Store) {
    this.host = host;
    this.projector = projector;
    this.store = store;
  }

  get status(): ProjectionStatus | undefined {
    return this.builds[0];
  }

  get builds(): readonly ProjectionStatus[] {
    return this.host.statusOf(this.projector);
  }

  async pause(): Promise<void> {
    this.refuseInline("paused");
    await this.store.projections.setPaused(this.projector.name, true);
    await this.host.beatSoon();
  }

  async resume(): Promise<void> {
    await this.store.projections.setPaused(this.projector.name, false);
    await this.host.beatSoon();
  }

  async rebuild(): Promise<ProjectionBuildId> {
    this.refuseInline("rebuilt");
    const { name, part } = this.projector;
    const build = await this.store.projections.rebuild({ name, version: part.version, shards: part.shards ?? 1 });
    await this.host.beatSoon();
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
    this.host.lookForDue(this.projector.name);
    return keys;
  }

  async discard(key: string): Promise<number> {
    let events = 0;
    for (const build of await this.present()) events += await this.store.projections.discard(build, key);
    await this.host.beatSoon();
    return events;
  }

  async waitFor(
    position: number,
    { timeout = defaultWait, signal }: { readonly timeout?: number; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const { name } = this.projector;
    const controller = new AbortController();
    const abort = () => controller.abort(new PotterError("cancelled", `nobody waits for ${name} any more`));
    const timer = setTimeout(() => {
      controller.abort(
        new PotterError("deadline_exceeded", `${name} did not come to position ${position} within ${timeout} ms`),
      );
    }, timeout);
    const forget = onAbort(signal, abort);
    try {
      await this.host.reached(name, position, controller.signal);
    } finally {
      clearTimeout(timer);
      forget();
    }
  }

  /** The builds of this version that are worked on. */
  private async present(): Promise<readonly ProjectionBuildState[]> {
    const builds = await this.host.list(this.projector.name);
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
