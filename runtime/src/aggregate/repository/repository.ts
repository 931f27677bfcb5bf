import type { AppendRequest, StateWriteResult, StreamId } from "../../store/ports/index.js";
import type { Loaded } from "../decision/index.js";
import type { NewEvent } from "../declaration/index.js";

/** The caller and command of a recording, and what must happen in its transaction. */
export type RecordContext = Omit<AppendRequest, "stream" | "expectedVersion" | "events">;

/** A decision on a loaded state. */
export interface Step<L extends Loaded = Loaded> {
  readonly stream: StreamId;
  readonly loaded: L;
  readonly events: readonly NewEvent[];
  /** The state after the events. Computed when it is needed. */
  after(): unknown;
  /** A new id for each event. */
  newId(): string;
  readonly context: RecordContext;
}

/** Loads the state of aggregates, and records decisions. */
export interface Repository<L extends Loaded = Loaded> {
  /** The state of a new aggregate. */
  fresh(): L;
  /** The present state. With `known`, only later events are read. */
  load(stream: StreamId, known?: L): Promise<L>;
  record(step: Step<L>): Promise<StateWriteResult>;
  /** The append of a decision, for a caller that makes it in another transaction; undefined: that is not possible. */
  toAppend(step: Step<L>): AppendRequest | undefined;
  /** Is called when an append of {@link toAppend} is committed. */
  appended(step: Step<L>): void;
  /** Whether the decision can be recorded together with others, by {@link recordAll}. */
  fits(step: Step<L>): boolean;
  /**
   * Records the decisions of several commands on one stream, each made on the state after the one before: all or nothing.
   * Returns the position of the last event of each. undefined: nothing was recorded, because of a conflict or of one command.
   */
  recordAll(steps: readonly Step<L>[], inline: RecordContext["inline"]): Promise<readonly number[] | undefined>;
  /** The loaded state after these events were recorded on an earlier one. */
  next(loaded: L, events: readonly NewEvent[], state: unknown, version: number): L;
}
