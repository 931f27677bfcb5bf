import { isRequestBound, onAbort, PollDelay, WakeSignal } from "../../async/index.js";
import { PotterError } from "../../errors/index.js";
import type { ProjectionBuildState } from "../../store/ports/index.js";
import type { CommitListener } from "../apply/index.js";
import type { ChangeHub, Changes } from "../views/index.js";
import type { Builds } from "./builds.js";

/** How long a caller waits for workers of this process before it checks that they still run, in milliseconds. */
const localWait = 1000;
/** Shortest interval between reads of what other processes have reached, in milliseconds, however many callers wait. */
const refreshInterval = 10;

/** When callers wait in vain: so many for one projection, and the oldest for so long, in milliseconds. */
const overload = { callers: 100, wait: 1000 };
/** The same while only watchers of rows want to know. */
const watchInterval = 250;

/** What the workers of this process do. */
interface Shards {
  positionOf(build: ProjectionBuildState): number;
  runsAll(build: ProjectionBuildState): boolean;
}

export interface ProgressDependencies {
  readonly hub: ChangeHub;
  readonly builds: Builds;
  shards(): Shards;
  /** Makes the process look for the events that callers wait for. */
  wakeLog(): void;
  /** Saves the positions of shards soon. */
  saveSoon(): void;
}

/** A projection that callers wait for; with a version: its builds of that version. */
export interface Awaited {
  readonly name: string;
  readonly version?: number;
}

interface Waiting extends Awaited {
  readonly position: number;
  /** Since when, by `performance.now()`. */
  readonly since: number;
  readonly wakeSignal: WakeSignal;
  /** Whether workers of this process will bring the projection there. */
  isLocal: boolean;
}

/** How far a projection has come. */
interface Reached {
  readonly position: number;
  readonly paused: boolean;
}

/**
 * What the workers of this process have committed: publishes changed rows, and answers the callers that wait for a position. Those
 * who wait for the work of other processes share one poll.
 */
export class Progress implements CommitListener {
  private readonly dependencies: ProgressDependencies;
  private readonly waiting = new Set<Waiting>();
  private refreshing: Promise<void> | undefined;
  /** When the last refresh ended, by `performance.now()`. */
  private refreshedAt = Number.NEGATIVE_INFINITY;
  private hasEnded = false;

  constructor(dependencies: ProgressDependencies) {
    this.dependencies = dependencies;
  }

  /** The highest position that a caller waits for and workers of this process have to reach. */
  get expected(): number {
    let expected = 0;
    for (const { position, isLocal } of this.waiting) if (isLocal) expected = Math.max(expected, position);
    return expected;
  }

  committed(changes: Changes): void {
    this.dependencies.hub.publish(changes);
    this.notify();
  }

  passed(): void {
    this.dependencies.saveSoon();
    this.notify();
  }

  /** Wakes the callers whose wait is over. */
  notify(): void {
    if (this.waiting.size === 0) return;
    const known = new Map<string, Reached>();
    for (const waiting of this.waiting) {
      const key = `${waiting.version} ${waiting.name}`;
      const { position, paused } = known.get(key) ?? this.reachedBy(waiting);
      known.set(key, { position, paused });
      if (position < waiting.position && !paused) continue;
      waiting.wakeSignal.notify();
      if (waiting.wakeSignal.isAbandoned) this.waiting.delete(waiting);
    }
  }

  /** Ends all waits: the app is stopping. */
  end(): void {
    this.hasEnded = true;
    for (const { wakeSignal } of this.waiting) wakeSignal.notify();
  }

  /** Throws `unavailable` when so many callers wait for so long that one more would only lengthen the queue. */
  checkLoad(name: string): void {
    if (this.waiting.size < overload.callers) return;
    const callers = [...this.waiting].filter((waiting) => waiting.name === name);
    const longest = performance.now() - (callers[0]?.since ?? Number.POSITIVE_INFINITY);
    if (callers.length < overload.callers || longest < overload.wait) return;
    throw new PotterError(
      "unavailable",
      `${callers.length} calls wait for the projection ${name}, which does not keep up: try again later`,
      { retryAfter: Math.ceil(longest) },
    );
  }

  /** Resolves when the live build has come to a position. Rejects with the reason of the signal, and while it is paused. */
  async waitFor(awaited: Awaited, position: number, signal?: AbortSignal): Promise<void> {
    const waiting = { ...awaited, position, since: performance.now(), wakeSignal: new WakeSignal(), isLocal: false };
    this.waiting.add(waiting);
    const unsubscribe = onAbort(signal, () => waiting.wakeSignal.notify());
    try {
      await this.waitUntilOver(waiting, signal);
    } finally {
      unsubscribe();
      this.waiting.delete(waiting);
    }
  }

  private async waitUntilOver(waiting: Waiting, signal: AbortSignal | undefined): Promise<void> {
    const { name, wakeSignal } = waiting;
    const delay = new PollDelay();
    for (;;) {
      wakeSignal.arm();
      signal?.throwIfAborted();
      if (this.hasEnded) throw new PotterError("cancelled", "the app is stopping");
      const { position, paused } = this.reachedBy(waiting);
      if (position >= waiting.position) return;
      if (paused) throw new PotterError("failed_precondition", `the projection ${name} is paused`);
      waiting.isLocal = this.isLocal(name);
      if (waiting.isLocal) {
        this.dependencies.wakeLog();
        await wakeSignal.wait(localWait);
      } else {
        await wakeSignal.wait(delay.next());
        await this.refresh();
      }
    }
  }

  /** Reads what other processes have reached soon, although no caller waits. */
  refreshSoon(): void {
    if (performance.now() - this.refreshedAt < watchInterval) return;
    // The next heartbeat reports the failure.
    this.refresh().catch(() => {});
  }

  /** How far the live build of a projection has come, as far as this process knows. */
  private reachedBy({ name, version }: Awaited): Reached {
    const { builds, shards } = this.dependencies;
    const all = builds.all.filter((build) => build.name === name);
    const own = all.filter((build) => version === undefined || build.version === version);
    // A version that was replaced is not kept any more.
    if (version !== undefined && own.every(({ state }) => state === "retired")) {
      return { position: Number.POSITIVE_INFINITY, paused: false };
    }
    const live = own.find(({ state }) => state === "live");
    const position = live === undefined ? -1 : shards().positionOf(live);
    return { position, paused: all.some(({ paused }) => paused) };
  }

  /** Whether this process alone brings the live build forward. */
  private isLocal(name: string): boolean {
    const { builds, shards } = this.dependencies;
    const live = builds.all.find((build) => build.name === name && build.state === "live");
    return live !== undefined && shards().runsAll(live);
  }

  /** Reads what other processes have reached. */
  private async refresh(): Promise<void> {
    const { builds } = this.dependencies;
    // Where promises are bound to their request, no request may wait for the read of another one.
    if (isRequestBound) return builds.refresh();
    if (this.refreshing === undefined) {
      if (performance.now() - this.refreshedAt < refreshInterval) return;
      this.refreshing = builds.refresh().finally(() => {
        this.refreshing = undefined;
        this.refreshedAt = performance.now();
      });
      this.refreshing.then(
        () => this.notify(),
        () => {},
      );
    }
    await this.refreshing;
  }
}
