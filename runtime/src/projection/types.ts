import type { ReadModelDefinition, ReadModelTypes } from "../cqrs/index.js";
import type { MessageTypes } from "../message/index.js";
import type { EventMeta } from "./event-meta.js";
import type { ProjectionTarget } from "./target.js";

/** The rows of a read model, as a projection changes them. Changes are applied in order, and need not be awaited. */
export interface Rows<R extends ReadModelTypes = ReadModelTypes> {
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

/** How a read model follows from events. */
export type Projection<R extends ReadModelTypes, Handle = Rows<R>> = ProjectionSlots<R, Handle> &
  (R extends { readonly mode: "inline" } ? InlineOnly : ProjectionChoice);

interface ProjectionChoice {
  /** Raise it to build the read model anew: beside the old one, which answers until the new one has caught up. Default 1. */
  readonly version?: number;
  /** `async` (default): soon after the append, in a transaction of its own. `inline`: within the append's transaction. */
  readonly mode?: "async" | "inline";
}

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
  /** What each event of the read model's `from` changes. */
  readonly on: {
    readonly [K in keyof R["events"]]: (
      event: R["events"][K] extends MessageTypes ? R["events"][K]["message"] : never,
      handle: Handle,
      meta: EventMeta,
    ) => void | Promise<void>;
  };
}

/** A projection, as it goes into `createApp({ parts })`. */
export interface ProjectionPart {
  readonly kind: "projection";
  readonly readModel: ReadModelDefinition;
  readonly version: number;
  readonly mode: "async" | "inline";
  /** Absent: the rows of the read model. */
  readonly target?: ProjectionTarget;
  readonly on: { readonly [name: string]: (event: never, handle: never, meta: EventMeta) => void | Promise<void> };
}

/** A read model of the contract: declares its projection. */
export interface ReadModel<R extends ReadModelTypes> {
  readonly definition: ReadModelDefinition;
  projection<Handle = Rows<R>>(projection: Projection<R, Handle>): ProjectionPart;
}
