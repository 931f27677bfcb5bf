import { StructSchema } from "@bufbuild/protobuf/wkt";
import type { AnyMethod } from "../cqrs/index.js";
import { es } from "../message/index.js";
import type { AggregateDefinition } from "./types.js";

/** An event of an aggregate, as those who follow it are told. */
export interface FollowedEvent {
  /** Place in the order of all events: go on after it. */
  readonly position: number;
  /** The id of the aggregate. */
  readonly id: string;
  /** Place among the events of that id, from 1. */
  readonly version: number;
  readonly at: Date;
  /** The local name of the event, as the code of today understands it. */
  readonly name: string;
  /** Its message. */
  readonly message: unknown;
}

const known = new WeakMap<AggregateDefinition, AnyMethod>();

/**
 * The method by which an app lets the events of an aggregate be followed, through the same middleware as any call. Its
 * request is a google.protobuf.Struct of `id` (default: all) and `after` (a position; default: from now on); its answer is a
 * stream of {@link FollowedEvent}, each with its position as event id; the stream has that of where it begins, and is taken up again by
 * `lastEventId`. It is no rpc of any service.
 */
export function eventsMethod(definition: AggregateDefinition): AnyMethod {
  let method = known.get(definition);
  if (method === undefined) {
    const codec = es(StructSchema) as unknown as AnyMethod["request"];
    method = {
      service: definition.type,
      name: "Events",
      kind: "query",
      stream: "server",
      request: codec,
      response: codec,
      http: [],
      errors: {},
      endless: true,
    };
    known.set(definition, method);
  }
  return method;
}
