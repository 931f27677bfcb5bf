import type { EventDefinition } from "../../message/index.js";
import type { EventMeta } from "./event-meta.js";
import type { ExternalTarget } from "./external-target.js";
import type { ProjectionPart, ProjectionSettings } from "./projection.js";
import { RowsTarget } from "./rows-target.js";
import type { ProjectionTarget } from "./target.js";

/** What handles events under a checkpoint of its own: a projection, or what acts on events. */
export interface EventConsumer extends ProjectionSettings {
  /** Name of its checkpoint, unique in a store: for a projection the full name of its read model. */
  readonly name: string;
  /** The name that people may use instead. */
  readonly localName: string;
  /** For messages: `the projection of shop.v1.OrderView`. */
  readonly title: string;
  readonly version: number;
  readonly mode: "async" | "inline";
  /** The events that it handles, by the name of their handler. */
  readonly events: { readonly [name: string]: EventDefinition };
  readonly target: ProjectionTarget | ExternalTarget;
  /** Groups events, for dead letters. Default: the stream. */
  readonly key?: (event: never, meta: EventMeta) => string;
  readonly on: { readonly [name: string]: (event: never, handle: never, meta: EventMeta) => void | Promise<void> };
  /**
   * Its handlers act, by commands for example. So it handles no event a second time if that can be avoided: it is never
   * rebuilt, works in small batches, and ends its work before the app refuses calls.
   */
  readonly acts?: {
    /** Where a new one begins: at the first event of the log, or after the last one. */
    readonly from: "beginning" | "now";
  };
}

/** Resolves a declared projection. */
export function toConsumer(part: ProjectionPart): EventConsumer {
  const { readModel, target, ...others } = part;
  const name = readModel.codec.typeName;
  return {
    ...others,
    name,
    localName: readModel.name,
    title: `the projection of ${name}`,
    events: readModel.events,
    target: target ?? new RowsTarget(readModel),
  };
}
