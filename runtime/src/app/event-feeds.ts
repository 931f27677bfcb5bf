import type { JsonObject } from "@bufbuild/protobuf";
import { type AggregateDefinition, type EventCatalog, eventsMethod, type FollowedEvent } from "../aggregate/index.js";
import { type AnyMethod, type CallContext, type Handle, withEventId } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { type EventStore, type RecordedEvent, subscribe } from "../event-store/index.js";
import type { Part } from "./parts.js";

/** The handlers of the methods by which events are followed, one for each aggregate whose events are stored. */
export function createEventFeeds(
  parts: readonly Part[],
  catalog: EventCatalog,
  events: EventStore,
): ReadonlyMap<AnyMethod, Handle> {
  const feeds = new Map<AnyMethod, Handle>();
  for (const part of parts) {
    if (part.kind !== "decider" || part.aggregate.persistence === "state") continue;
    const { aggregate } = part;
    feeds.set(eventsMethod(aggregate), async ({ request, context }) => {
      const json = eventsMethod(aggregate).request.toJson(request) as JsonObject;
      const from = context.lastEventId ?? json["after"];
      // Where it begins is settled now, so that nothing is missed that happens until the first is asked for.
      const after = from === undefined ? await events.head() : readPosition(from);
      const id = typeof json["id"] === "string" && json["id"] !== "" ? json["id"] : undefined;
      return { response: withEventId(follow(aggregate, catalog, events, { id, after }, context), String(after)) };
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

async function* follow(
  aggregate: AggregateDefinition,
  catalog: EventCatalog,
  events: EventStore,
  { id, after }: { readonly id: string | undefined; readonly after: number },
  { tenant, signal }: CallContext,
): AsyncGenerator<FollowedEvent> {
  const filter = { tenant, streamTypes: [aggregate.type] };
  for await (const slice of subscribe(events, { after, filter, ...(signal && { signal }) })) {
    for (const event of slice.events) {
      if (id === undefined || event.stream.id === id) {
        yield withEventId(toFollowed(aggregate, catalog, event), String(event.position));
      }
    }
  }
}

function toFollowed(aggregate: AggregateDefinition, catalog: EventCatalog, event: RecordedEvent): FollowedEvent {
  const { definition, read } = catalog.reader(event);
  const [name = ""] = Object.entries(aggregate.events).find(([, one]) => one === definition) ?? [];
  const { position, stream, version, at } = event;
  return { position, id: stream.id, version, at: new Date(at), name, message: read(event) };
}
