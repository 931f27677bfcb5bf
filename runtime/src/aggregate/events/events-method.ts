import { StructSchema } from "@bufbuild/protobuf/wkt";
import type { AnyMethod } from "../../cqrs/index.js";
import { es } from "../../message/index.js";
import type { AggregateDefinition } from "../declaration/index.js";

/** An event of an aggregate, as followers receive it. */
export interface FollowedEvent {
  /** Position in the log: resume after it. */
  readonly position: number;
  /** The id of the aggregate. */
  readonly id: string;
  /** Number among the events of that aggregate, from 1. */
  readonly version: number;
  readonly at: Date;
  /** The local name of the event, in the current contract. */
  readonly name: string;
  /** Its message, upcast to the current contract. */
  readonly message: unknown;
}

const known = new WeakMap<AggregateDefinition, AnyMethod>();

/**
 * The method that follows the events of an aggregate, through the same middleware as any call. Its request is a
 * google.protobuf.Struct of `id` (default: all) and `after` (a position; default: from now on). Its response is a stream of
 * {@link FollowedEvent}, each with its position as event id; the stream itself has the position where it begins, and resumes
 * after `lastEventId`. It is no rpc of a service.
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
