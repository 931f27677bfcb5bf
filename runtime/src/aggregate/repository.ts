import type { AppendRequest, StateWriteResult, StreamId } from "../store/ports/index.js";
import type { NewEvent } from "./types.js";

/** The state of an aggregate, and how many events have led to it. */
export interface Loaded {
  readonly state: unknown;
  readonly version: number;
}

/** On whose behalf is recorded, and what must happen with it. */
export type RecordContext = Omit<AppendRequest, "stream" | "expectedVersion" | "events">;

/** What was decided on a state that was loaded. */
export interface Step<L extends Loaded = Loaded> {
  readonly stream: StreamId;
  readonly loaded: L;
  readonly events: readonly NewEvent[];
  /** The state after the events. Worked out when somebody asks for it. */
  after(): unknown;
  /** A new id for each event. */
  newId(): string;
  readonly context: RecordContext;
}

/** Where the state of aggregates comes from, and what is decided on goes to. */
export interface Repository<L extends Loaded = Loaded> {
  /** What is there of an aggregate that is new. */
  fresh(): L;
  /** The present state; with one that is known, from there on. */
  load(stream: StreamId, known?: L): Promise<L>;
  record(step: Step<L>): Promise<StateWriteResult>;
  /** Whether what one command led to can be recorded together with that of others, by {@link recordAll}. */
  fits(step: Step<L>): boolean;
  /**
   * Records what several commands on one stream led to, each decided on the state after the one before: all or nothing. Gives the
   * position of the last event of each. undefined: nothing was recorded, be it for a conflict or on account of one of them.
   */
  recordAll(steps: readonly Step<L>[], inline: RecordContext["inline"]): Promise<readonly number[] | undefined>;
  /** What is loaded now that these events were recorded on a state that was. */
  next(loaded: L, events: readonly NewEvent[], state: unknown, version: number): L;
}
