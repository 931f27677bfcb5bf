import type { JsonObject } from "@bufbuild/protobuf";
import { type AggregateDefinition, type EventCatalog, eventsMethod, type FollowedEvent } from "../aggregate/index.js";
import { type AnyMethod, type Next, withStreamItemId } from "../cqrs/index.js";
import type { EventStore, RecordedEvent } from "../store/ports/index.js";
import { presentPosition, readResumePosition, resumePositionOf } from "../store/subscriptions/index.js";
import type { EventLog } from "./event-log.js";
import type { Part } from "./part.js";

/** Creates the handlers of the methods that follow events, one for each aggregate that stores its events. */
export function createEventFeeds(
  parts: readonly Part[],
  { catalog, tail }: EventLog,
  events: EventStore,
): ReadonlyMap<AnyMethod, Next> {
  const feeds = new Map<AnyMethod, Next>();
  for (const part of parts) {
    if (part.kind !== "decider" || part.aggregate.persistence === "state") continue;
    const { aggregate } = part;
    const toItem = createReader(aggregate, catalog);
    feeds.set(eventsMethod(aggregate), async ({ request, context }) => {
      const json = eventsMethod(aggregate).request.toJson(request) as JsonObject;
      const from = context.lastEventId ?? json["after"];
      // Fixed now, so that events recorded before the first item is read are not missed.
      const { position: after, text: start } =
        from === undefined ? await presentPosition(events) : await readPosition(events, from);
      const id = typeof json["id"] === "string" && json["id"] !== "" ? json["id"] : undefined;
      const { tenant, signal } = context;
      const followed = { tenant, streamType: aggregate.type, id };
      return { response: withStreamItemId(tail.follow(followed, { after, toItem, signal }), start) };
    });
  }
  return feeds;
}

async function readPosition(events: EventStore, given: unknown): Promise<{ position: number; text: string }> {
  const text = String(given);
  return { position: await readResumePosition(events, text, "after"), text };
}

/** Converts an event to an item. All followers share the event objects of the tail, so each is decoded only once. */
function createReader(aggregate: AggregateDefinition, catalog: EventCatalog): (event: RecordedEvent) => FollowedEvent {
  const known = new WeakMap<RecordedEvent, FollowedEvent>();
  return (event) => {
    let item = known.get(event);
    if (item === undefined) {
      item = withStreamItemId(toFollowed(aggregate, catalog, event), resumePositionOf(event));
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
