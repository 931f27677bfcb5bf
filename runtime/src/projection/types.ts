import type { ReadModelDefinition, ReadModelTypes } from "../cqrs/index.js";
import type { MessageTypes } from "../message/index.js";
import type { EventMeta } from "./event-meta.js";
import type { ExternalEmitter, ExternalTarget } from "./foreign-target.js";
import type { ProjectionTarget } from "./target.js";

/** The rows of a read model, as a projection changes them. Changes are applied in order, and need not be awaited. */
export interface RowWriter<R extends ReadModelTypes = ReadModelTypes> {
  get(key: R["key"]): Promise<R["row"]["message"] | undefined>;
  /** Writes a whole row, new or not. */
  upsert(row: R["row"]["init"] | R["row"]["message"]): Promise<void>;
  /** Sets some fields of a row that exists; does nothing if there is none. */
  update(
    key: R["key"],
    change: Partial<R["row"]["init"]> | ((row: R["row"]["message"]) => R["row"]["init"] | R["row"]["message"]),
  ): Promise<void>;
  delete(key: R["key"]): Promise<void>;
}

/** How a projection runs, whatever it writes. */
export interface ProjectionSettings {
  /** Raise it to build the read model anew: beside the old one, which answers until the new one has caught up. Default 1. */
  readonly version?: number;
  /** `async` (default): soon after the append, in a transaction of its own. `inline`: within the append's transaction. */
  readonly mode?: "async" | "inline";
  /**
   * Into how many parts the work is split, by streams, so that several processes, or several tasks of one, share it. Default
   * 1, at most 256. Fixed when a version is first built: another number counts from the next version or rebuild on.
   */
  readonly shards?: number;
  /**
   * Says that no row is changed by streams of different shards, as where a row stands for one stream. Saves locks. Without
   * it, shards take turns at rows that they share.
   */
  readonly exclusiveRows?: boolean;
  /** How often an event that could not be applied is tried again by itself. Default 5. */
  readonly retries?: number;
  /**
   * What to do with an event whose type the read model handles and whose version no part of this app knows, as while a new
   * release is rolled out. `dead-letter` (default): keep it with those that could not be applied. `fail`: wait until it is known.
   * `skip`: pass it over, with a warning in the log.
   */
  readonly unknownEvents?: "fail" | "dead-letter" | "skip";
}

/** What each event of the read model's `from` changes. */
export type ProjectionHandlers<R extends ReadModelTypes, Handle> = {
  readonly [K in keyof R["events"]]: (
    event: R["events"][K] extends MessageTypes ? R["events"][K]["message"] : never,
    handle: Handle,
    meta: EventMeta,
  ) => void | Promise<void>;
};

type AnyEvent<R extends ReadModelTypes> = {
  readonly [K in keyof R["events"]]: R["events"][K] extends MessageTypes ? R["events"][K]["message"] : never;
}[keyof R["events"]];

/** How a read model follows from events. */
export type Projection<R extends ReadModelTypes, Handle = RowWriter<R>> = ProjectionSlots<R, Handle> &
  (R extends { readonly mode: "inline" } ? InlineOnly : ProjectionSettings);

/** Of a read model whose events no log keeps. */
interface InlineOnly {
  /** It cannot be built anew. */
  readonly version?: 1;
  /** Within the transaction that stores the state. */
  readonly mode: "inline";
}

interface ProjectionSlots<R extends ReadModelTypes, Handle> {
  /** Where it writes. Default: the rows of the read model, which its views read. */
  readonly target?: ProjectionTarget<Handle>;
  /**
   * What belongs together: behind an event that could not be applied, those of the same key wait, all others flow. Default:
   * the stream. Only without shards.
   */
  readonly key?: (event: AnyEvent<R>, meta: EventMeta) => string;
  /** May run more than once for an event, so it must have no effect but on what it is handed. */
  readonly on: ProjectionHandlers<R, Handle>;
}

/** How another system follows from events. Its changes reach it at least once, in order. */
export interface ExternalProjection<R extends ReadModelTypes, Change>
  extends Omit<ProjectionSettings, "mode" | "exclusiveRows"> {
  readonly target: ExternalTarget<Change>;
  readonly key?: (event: AnyEvent<R>, meta: EventMeta) => string;
  readonly on: ProjectionHandlers<R, ExternalEmitter<Change>>;
}

/** A projection, as it goes into `createApp({ parts })`. */
export interface ProjectionPart extends ProjectionSettings {
  readonly kind: "projection";
  readonly readModel: ReadModelDefinition;
  readonly version: number;
  readonly mode: "async" | "inline";
  /** Absent: the rows of the read model. */
  readonly target?: ProjectionTarget | ExternalTarget;
  readonly key?: (event: never, meta: EventMeta) => string;
  readonly on: { readonly [name: string]: (event: never, handle: never, meta: EventMeta) => void | Promise<void> };
}

/** A read model of the contract: declares its projection. */
export interface ReadModel<R extends ReadModelTypes> {
  readonly definition: ReadModelDefinition;
  projection<Change>(projection: ExternalProjection<R, Change>): ProjectionPart;
  projection<Handle = RowWriter<R>>(projection: Projection<R, Handle>): ProjectionPart;
}
