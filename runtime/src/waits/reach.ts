import type { EventCatalog } from "../aggregate/index.js";
import { onAbort, sleep } from "../async/index.js";
import type { Logger } from "../cqrs/index.js";
import { isPotterError, PotterError } from "../errors/index.js";
import type { RecordedEvent } from "../store/ports/index.js";
import type { EventTail } from "../store/subscriptions/index.js";
import type { Goal } from "./goal.js";
import type { AwaitedProjection } from "./targets.js";

/** Pause before a paused projection is looked at again, in milliseconds. */
const pausedInterval = 200;

/** The most waits of a process at the same time. */
const maxWaiting = 10_000;

/** What a wait needs of its app. */
export interface ReachDependencies {
  readonly catalog: EventCatalog;
  readonly tail: EventTail;
  readonly logger: Logger;
  /** The stored types of the events that are read as one of this type: its own, and those of superseded versions. */
  storedTypesOf(type: string): readonly string[];
  /** The projection of a read model, by its full name. */
  projection(name: string): AwaitedProjection;
}

/** How a wait has ended. */
export interface Reached {
  readonly reached: boolean;
  /** The first of the events, if some were waited for. */
  readonly event?: RecordedEvent;
}

/** Waits for what commands lead to, until their time is over or all waits are ended. Leaves no listener behind. */
export class Reach {
  private readonly dependencies: ReachDependencies;
  private readonly waiting = new Set<AbortController>();
  private ended = false;

  constructor(dependencies: ReachDependencies) {
    this.dependencies = dependencies;
  }

  /** Ends all waits, and those that begin from now on: the app is stopping. */
  end(): void {
    this.ended = true;
    for (const one of this.waiting) one.abort();
  }

  /** Throws `unavailable` when one of the read models does not keep up with the callers that wait for it, or too many callers wait. */
  checkLoad(models: readonly string[]): void {
    if (this.waiting.size >= maxWaiting) {
      throw new PotterError("unavailable", "too many calls wait: try again later", { retryAfter: 1_000 });
    }
    for (const name of models) this.dependencies.projection(name).checkLoad();
  }

  /** Waits until read models include a position. Rejects with `unavailable` when they do not in time, in milliseconds. */
  async include(
    models: readonly string[],
    position: number,
    time: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (models.length === 0) return;
    this.checkLoad(models);
    const projections = models.map((name) => this.dependencies.projection(name));
    const reached = await this.within(time, signal, (end) =>
      Promise.all(projections.map((projection) => untilReached(projection, position, end))),
    );
    if (reached !== undefined) return;
    signal?.throwIfAborted();
    const names = models.map((name) => name.slice(name.lastIndexOf(".") + 1)).join(", ");
    const message = `${names} does not include the position of potter-after yet: try again later`;
    throw new PotterError("unavailable", message, { retryAfter: 1_000 });
  }

  /** Waits for a goal. Never rejects, since the command has taken effect: a failure leaves it pending, and is logged. */
  async reach(goal: Goal, time: number, signal: AbortSignal | undefined): Promise<Reached> {
    try {
      const done = await this.within(time, signal, async (end) => {
        const [event] = await Promise.all([
          goal.events.length === 0 ? undefined : this.firstEvent(goal, end),
          ...goal.models.map((name) => untilReached(this.dependencies.projection(name), goal.position, end)),
        ]);
        return { event };
      });
      if (done === undefined) return { reached: false };
      return { reached: true, ...(done.event && { event: done.event }) };
    } catch (error) {
      this.dependencies.logger.warn("a wait for the effects of a command has failed", { error });
      return { reached: false };
    }
  }

  /** Resolves with undefined when the time is over, the signal aborts, or all waits are ended. */
  private async within<Result>(
    time: number,
    signal: AbortSignal | undefined,
    wait: (end: AbortSignal) => Promise<Result>,
  ): Promise<Result | undefined> {
    const end = new AbortController();
    const abort = () => end.abort();
    this.waiting.add(end);
    const timer = setTimeout(abort, time);
    const stopListening = onAbort(signal, abort);
    if (this.ended) abort();
    try {
      return await wait(end.signal);
    } catch (error) {
      if (end.signal.aborted) return undefined;
      throw error;
    } finally {
      clearTimeout(timer);
      stopListening();
      this.waiting.delete(end);
      // Ends the waits that another one has made needless.
      end.abort();
    }
  }

  private async firstEvent({ tenant, correlationId, events, from }: Goal, end: AbortSignal): Promise<RecordedEvent> {
    const { catalog, tail } = this.dependencies;
    const known = new Set(events);
    const eventTypes = new Set(events.flatMap((type) => this.dependencies.storedTypesOf(type)));
    const followed = { tenant, eventTypes };
    const toItem = (event: RecordedEvent) => event;
    for await (const event of tail.follow(followed, { after: from, toItem, signal: end })) {
      if (event.correlationId !== correlationId) continue;
      const found = catalog.find(event.type, event.schemaVersion);
      if (found !== undefined && known.has(found.definition.type)) return event;
    }
    throw new PotterError("cancelled", "the wait has ended");
  }
}

/** A paused projection may be resumed while there is time. */
async function untilReached(projection: AwaitedProjection, position: number, end: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await projection.reached(position, end);
    } catch (error) {
      if (end.aborted || !isPotterError(error) || error.code !== "failed_precondition") throw error;
    }
    await sleep(pausedInterval, end);
    end.throwIfAborted();
  }
}
