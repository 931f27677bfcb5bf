import { eventsOf } from "../saga/declaration/index.js";
import type { KnownEvents } from "../schemas/index.js";
import type { Part } from "./part.js";

/**
 * The events that an app records, including those that they supersede, and the events of other apps that its projections,
 * reactions and sagas read.
 */
export function knownEvents(parts: readonly Part[]): KnownEvents {
  const recorded = parts.flatMap((part) =>
    part.kind === "decider"
      ? [
          ...Object.values(part.aggregate.events),
          ...Object.values(part.aggregate.upcasts ?? {}).map(({ from }) => from),
        ]
      : [],
  );
  const names = new Set(recorded.map(({ type, version }) => `${version} ${type}`));
  const read = parts
    .flatMap((part) => {
      if (part.kind === "projection") return Object.values(part.readModel.events);
      if (part.kind === "saga") return eventsOf(part.saga);
      return part.kind === "reaction" ? part.on.map(({ event }) => event) : [];
    })
    .filter(({ type, version }) => !names.has(`${version} ${type}`));
  return { recorded, read };
}
