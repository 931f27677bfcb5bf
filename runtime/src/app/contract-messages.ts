import type { Part } from "../engines/index.js";
import type { AnyCodec } from "../message/index.js";
import type { ContractMessages } from "../personal/index.js";
import { eventsOf } from "../saga/declaration/index.js";

/** The messages that an app with these parts stores. `rows`: of tables that no part declares. */
export function toContractMessages(parts: readonly Part[], rows: readonly AnyCodec[]): ContractMessages {
  const deciders = parts.filter((part) => part.kind === "decider");
  const readModels = parts.flatMap((part) => (part.kind === "projection" ? [part.readModel] : []));
  return {
    events: [
      ...readModels.flatMap(({ events }) => Object.values(events)),
      ...parts.flatMap((part) => (part.kind === "reaction" ? part.on.map(({ event }) => event) : [])),
      ...parts.flatMap((part) => (part.kind === "saga" ? eventsOf(part.saga) : [])),
    ],
    streams: deciders.map(({ aggregate }) => ({
      type: aggregate.type,
      events: [...Object.values(aggregate.events), ...Object.values(aggregate.upcasts ?? {}).map(({ from }) => from)],
    })),
    rows: [...readModels.map(({ codec }) => codec), ...rows],
    answers: [
      ...deciders.flatMap(({ aggregate }) => Object.values(aggregate.commands()).map(({ method }) => method.response)),
      ...parts.flatMap((part) =>
        part.kind === "commands"
          ? Object.keys(part.handlers).flatMap((name) => part.service.methods[name]?.response ?? [])
          : [],
      ),
    ],
  };
}
