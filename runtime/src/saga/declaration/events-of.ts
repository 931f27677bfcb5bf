import type { EventDefinition } from "../../message/index.js";
import type { SagaDeclaration } from "./saga-definition.js";

/** The events that a saga reads, each once: the one that starts it, and those that its steps wait for. */
export function eventsOf({ startsOn, steps }: SagaDeclaration): readonly EventDefinition[] {
  const found = new Map<string, EventDefinition>();
  for (const one of [
    startsOn,
    ...Object.values(steps).map((step) => (step.kind === "event" ? step.event : undefined)),
  ]) {
    if (one !== undefined) found.set(`${one.type} ${one.version}`, one);
  }
  return [...found.values()];
}
