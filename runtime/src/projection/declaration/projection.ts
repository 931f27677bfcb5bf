import type { ReadModelDefinition, ReadModelTypes } from "../../cqrs/index.js";
import type { MessageTypes } from "../../message/index.js";
import type { EventMeta } from "./event-meta.js";
import type { ExternalEmitter, ExternalTarget } from "./external-target.js";
import type { ProjectionTarget } from "./target.js";

/** Changes the rows of a read model. Changes are applied in the order of the calls, and need not be awaited. */
export interface RowWriter<R extends ReadModelTypes = ReadModelTypes> {
  /** Reads a row, with the changes of earlier events; undefined if there is none. */
  get(key: R["key"]): Promise<R["row"]["message"] | undefined>;
  /** Creates or replaces a row. */
  upsert(row: R["row"]["init"] | R["row"]["message"]): Promise<void>;
  /** Changes a row; does nothing if it does not exist. */
  update(
    key: R["key"],
    change: Partial<R["row"]["init"]> | ((row: R["row"]["message"]) => R["row"]["init"] | R["row"]["message"]),
  ): Promise<void>;
  /** Deletes a row; does nothing if it does not exist. */
  delete(key: R["key"]): Promise<void>;
}

/** How a projection runs. */
export interface ProjectionSettings {
  /** Increase it to rebuild the read model: the old build answers until the new one has caught up. Default 1. */
  readonly version?: number;
  /** `async` (default): soon after the append, in a separate transaction. `inline`: in the transaction of the append. */
  readonly mode?: "async" | "inline";
  /**
   * Into how many shards the streams are divided, so that several processes or several tasks of one share the work. Default 1,
   * at most 256. A build keeps its number: a new one takes effect with the next version or rebuild.
   */
  readonly shards?: number;
  /**
   * Declares that streams of different shards never change the same row, for example because each row belongs to one stream.
   * Without it, shards lock the rows that they change.
   */
  readonly exclusiveRows?: boolean;
  /** How often an event that could not be applied is retried automatically. Default 5. */
  readonly retries?: number;
  /**
   * What to do with an event whose type the read model handles and whose version no part of this app knows, as during a rolling
   * deployment. `dead-letter` (default): keep it as a dead letter. `fail`: wait until it is known. `skip`: ignore it, with a
   * warning in the log.
   */
  readonly unknownEvents?: "fail" | "dead-letter" | "skip";
}

/** One handler for each event of the read model's `from`. */
export type ProjectionHandlers<R extends ReadModelTypes, Handle> = {
  readonly [K in keyof R["events"]]: (
    event: R["events"][K] extends MessageTypes ? R["events"][K]["message"] : never,
    handle: Handle,
    meta: EventMeta,
  ) => void | Promise<void>;
};

/** Any event of the read model's `from`. */
export type ProjectionEvent<R extends ReadModelTypes> = {
  readonly [K in keyof R["events"]]: R["events"][K] extends MessageTypes ? R["events"][K]["message"] : never;
}[keyof R["events"]];

/** Declares how events change a read model. */
export type Projection<R extends ReadModelTypes, Handle = RowWriter<R>> = ProjectionDeclaration<R, Handle> &
  (R extends { readonly mode: "inline" } ? InlineProjectionSettings : ProjectionSettings);

/** Settings of a read model whose events are not stored. */
export interface InlineProjectionSettings {
  /** It cannot be rebuilt. */
  readonly version?: 1;
  /** In the transaction that stores the state. */
  readonly mode: "inline";
}

/** The parts of a projection: its target, its key and its handlers. */
export interface ProjectionDeclaration<R extends ReadModelTypes, Handle> {
  /** Where the handlers write. Default: the rows of the read model, which its views read. */
  readonly target?: ProjectionTarget<Handle>;
  /**
   * Groups events: an event that could not be applied blocks later events of the same key only. Default: the stream. Only
   * without shards.
   */
  readonly key?: (event: ProjectionEvent<R>, meta: EventMeta) => string;
  /** A handler may run more than once for an event, so it must change nothing but its `handle`. */
  readonly on: ProjectionHandlers<R, Handle>;
}

/** Declares how events change an external target. Changes reach it at least once, in order. */
export interface ExternalProjection<R extends ReadModelTypes, Change>
  extends Omit<ProjectionSettings, "mode" | "exclusiveRows"> {
  /** Receives the changes that the handlers emit. */
  readonly target: ExternalTarget<Change>;
  /**
   * Groups events: an event that could not be applied blocks later events of the same key only. Default: the stream. Only
   * without shards.
   */
  readonly key?: (event: ProjectionEvent<R>, meta: EventMeta) => string;
  /** A handler may run more than once for an event, so it must do nothing but emit. */
  readonly on: ProjectionHandlers<R, ExternalEmitter<Change>>;
}

/** A declared projection, for `createApp({ parts })`. */
export interface ProjectionPart extends ProjectionSettings {
  /** Distinguishes the parts of an app. */
  readonly kind: "projection";
  /** The read model whose events it handles. */
  readonly readModel: ReadModelDefinition;
  /** The version of the projection; a higher one rebuilds the read model. */
  readonly version: number;
  /** `async`: soon after the append, in a separate transaction. `inline`: in the transaction of the append. */
  readonly mode: "async" | "inline";
  /** Default: the rows of the read model. */
  readonly target?: ProjectionTarget | ExternalTarget;
  /** Groups events, for dead letters. Default: the stream. */
  readonly key?: (event: never, meta: EventMeta) => string;
  /** The handlers, by local name of the event. */
  readonly on: { readonly [name: string]: (event: never, handle: never, meta: EventMeta) => void | Promise<void> };
}

/** A read model of the contract, from which its projection is declared. */
export interface ReadModel<R extends ReadModelTypes> {
  /** The read model as data, for the runtime. */
  readonly definition: ReadModelDefinition;
  /** Declares how its events change an external target. */
  projection<Change>(projection: ExternalProjection<R, Change>): ProjectionPart;
  /** Declares how its events change its rows, or another target in the store's database. */
  projection<Handle = RowWriter<R>>(projection: Projection<R, Handle>): ProjectionPart;
}
