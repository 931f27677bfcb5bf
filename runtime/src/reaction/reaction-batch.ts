import { isTemporary } from "../errors/index.js";
import type { ExternalChange, PartialWrite, RefusedChange } from "../projection/index.js";

/** If handlers of so many streams fail temporarily and none succeeds, the cause is elsewhere: the whole batch waits. */
const outageSize = 8;

/** Runs the handler of an event. */
export type RunHandler<Change> = (change: ExternalChange<Change>) => Promise<void>;

interface Waiting<Change> {
  readonly change: ExternalChange<Change>;
  readonly stream: string;
}

/** Handles the events of a batch: those of a stream in order, others at the same time. */
export class ReactionBatch<Change> {
  private readonly run: RunHandler<Change>;
  private readonly concurrency: number;
  private readonly signal: AbortSignal;
  private waiting: readonly Waiting<Change>[];
  private readonly running = new Set<Promise<void>>();
  /** Streams of which an event is being handled. */
  private readonly busy = new Set<string>();
  /** Streams of which an event has failed. */
  private readonly failed = new Set<string>();
  private readonly refused: RefusedChange<Change>[] = [];
  /** Positions of events whose handlers were interrupted. */
  private readonly interrupted: number[] = [];
  private succeeded = 0;
  /** The highest position of an event whose handler was started. */
  private started = 0;

  constructor(
    changes: readonly ExternalChange<Change>[],
    concurrency: number,
    signal: AbortSignal,
    run: RunHandler<Change>,
  ) {
    this.waiting = changes.map((change) => ({ change, stream: streamOf(change) }));
    this.concurrency = concurrency;
    this.signal = signal;
    this.run = run;
  }

  /** Rejects with a temporary error if nothing can be handled at present. */
  async handle(): Promise<PartialWrite<Change>> {
    for (;;) {
      this.startSome();
      if (this.running.size === 0) break;
      await Promise.race(this.running);
    }
    const unhandled = this.waiting.map(({ change }) => change.event.position);
    const unfinished = Math.min(...this.interrupted, ...unhandled);
    if (unfinished !== Number.POSITIVE_INFINITY) return { refused: this.refused, through: unfinished - 1 };
    this.throwOutage();
    return { refused: this.refused };
  }

  /** Starts handlers in the order of their events, as many as may run. */
  private startSome(): void {
    const left: Waiting<Change>[] = [];
    const waiting = new Set<string>();
    for (const entry of this.waiting) {
      const { change, stream } = entry;
      if (this.failed.has(stream)) this.refused.push({ change, error: undefined });
      else if (!waiting.has(stream) && this.mayStart(entry)) this.start(entry);
      else {
        left.push(entry);
        waiting.add(stream);
      }
    }
    this.waiting = left;
  }

  /** After a stop only events that later ones have overtaken are handled, so that none of those is handled again. */
  private mayStart({ change, stream }: Waiting<Change>): boolean {
    if (this.running.size >= this.concurrency || this.busy.has(stream)) return false;
    return !this.signal.aborted || change.event.position < this.started;
  }

  private start({ change, stream }: Waiting<Change>): void {
    const { position } = change.event;
    this.started = Math.max(this.started, position);
    this.busy.add(stream);
    const failed = (error: unknown) => {
      if (this.signal.aborted && isTemporary(error)) this.interrupted.push(position);
      else this.refused.push({ change, error });
      this.failed.add(stream);
    };
    const running = this.run(change)
      .then(() => {
        this.succeeded++;
      }, failed)
      .finally(() => {
        this.running.delete(running);
        this.busy.delete(stream);
      });
    this.running.add(running);
  }

  private throwOutage(): void {
    if (this.succeeded > 0) return;
    const errors = this.refused.flatMap(({ error }) => (error === undefined ? [] : [error]));
    if (errors.length >= outageSize && errors.every(isTemporary)) throw errors[0];
  }
}

function streamOf({ event: { stream } }: ExternalChange<unknown>): string {
  return JSON.stringify([stream.tenant, stream.type, stream.id]);
}
