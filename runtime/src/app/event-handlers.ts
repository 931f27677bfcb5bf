import type { JsonObject } from "@bufbuild/protobuf";
import { type AggregateDefinition, type EventCatalog, eventsMethod, type FollowedEvent } from "../aggregate/index.js";
import { type AnyMethod, type Next, withStreamItemId } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { EventStore, RecordedEvent } from "../store/ports/index.js";
import type { EventTail } from "../store/subscriptions/index.js";
import type { Part } from "./parts.js";

/** The handlers of the methods by which events are followed, one for each aggregate whose events are stored. */
export function createEventHandlers(
  parts: readonly Part[],
  catalog: EventCatalog,
  events: EventStore,
  tail: EventTail,
): ReadonlyMap<AnyMethod, Next> {
  const feeds = new Map<AnyMethod, Next>();
  for (const part of parts) {
    if (part.kind !== "decider" || part.aggregate.persistence === "state") continue;
    const { aggregate } = part;
    const toItem = createReader(aggregate, catalog);
    feeds.set(eventsMethod(aggregate), async ({ request, context }) => {
      const json = eventsMethod(aggregate).request.toJson(request) as JsonObject;
      const from = context.lastEventId ?? json["after"];
      // Where it begins is settled now, so that nothing is missed that happens until the first is asked for.
      const after = from === undefined ? await events.head() : readPosition(from);
      const id = typeof json["id"] === "string" && json["id"] !== "" ? json["id"] : undefined;
      const { tenant, signal } = context;
      const followed = { tenant, streamType: aggregate.type, id };
      return { response: withStreamItemId(tail.follow(followed, { after, toItem, signal }), String(after)) };
    });
  }
  return feeds;
}

function readPosition(given: unknown): number {
  const position = Number(given);
  if (Number.isSafeInteger(position) && position >= 0) return position;
  const violation = { field: "after", rule: "position", message: "must be the position of an event, or 0" };
  throw new PotterError("invalid_argument", `after ${violation.message}`, { violations: [violation] });
}

/** Makes of an event what is told of it. The events of the tail are the same objects for all, so they are read once. */
function createReader(aggregate: AggregateDefinition, catalog: EventCatalog): (event: RecordedEvent) => FollowedEvent {
  const known = new WeakMap<RecordedEvent, FollowedEvent>();
  return (event) => {
    let item = known.get(event);
    if (item === undefined) {
      item = withStreamItemId(toFollowed(aggregate, catalog, event), String(event.position));
      known.set(event, item);
    }
    return item;
  };
}

function toFollowed(aggregate: AggregateDefinition, catalog: EventCatalog, event: RecordedEvent): FollowedEvent {
  const { definition, read } = catalog.reader(event);
  const [name = ""] = Object.entries(aggregate.events).find(([, one]) => one === definition) ?? [];
  const { position, stream, version, at } = event;
  return { position, id: stream.id, version, at: new Date(at), name, message: read(event) };
}
