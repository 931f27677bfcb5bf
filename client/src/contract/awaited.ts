import type { AnyCodec } from "./codec.js";

/** A read model that a command can be awaited in. */
export interface ReadModel<Row = unknown> {
  /** Full name of the message of its rows: `shop.orders.v1.OrderView`. */
  readonly typeName: string;
  /** Only for types: the rows. */
  readonly row?: Row;
}

/** An event that a command can be awaited with. */
export interface EventType<Event = unknown, Name extends string = string> {
  /** Full name of the event: `shop.orders.v1.OrderPlaced`. */
  readonly typeName: Name;
  /** Codec of the event. Absent: events are ProtoJSON. */
  readonly codec?: AnyCodec;
  /** Only for types: the event. */
  readonly event?: Event;
}

/** Describes a read model by its full name or its codec. For generated code. */
export function readModel<Row>(type: string | AnyCodec): ReadModel<Row> {
  return { typeName: typeof type === "string" ? type : type.typeName };
}

/** Describes an event by its full name. `codec`: absent, events are ProtoJSON. For generated code. */
export function eventType<Event, Name extends string = string>(
  typeName: Name,
  codec?: AnyCodec,
): EventType<Event, Name> {
  return codec === undefined ? { typeName } : { typeName, codec };
}
