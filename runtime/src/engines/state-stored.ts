import type { AnyDeciderPart } from "../aggregate/index.js";
import { holdsPersonal } from "../message/index.js";
import type { ProjectionPart } from "../projection/index.js";
import type { ReactionPart } from "../reaction/index.js";
import { eventsOf, type SagaPart } from "../saga/declaration/index.js";
import type { Part } from "./part.js";

/** Reports what aggregates that store their state cannot support: async projections, rebuilds and erasable personal data. */
export function checkStateStored(parts: readonly Part[]): string[] {
  const deciders = parts.filter((part) => part.kind === "decider");
  const stored = deciders.filter(({ aggregate }) => aggregate.persistence === "state");
  const projections = parts.filter((part) => part.kind === "projection");
  return [
    ...projections.flatMap((projection) => checkProjection(projection, stored)),
    ...parts.flatMap((part) => (part.kind === "reaction" ? checkReaction(part, stored) : [])),
    ...parts.flatMap((part) => (part.kind === "saga" ? checkSaga(part, stored) : [])),
    ...stored.flatMap((decider) => checkPersonal(decider, projections)),
  ];
}

/** Reports a projection that would have to read events that no log keeps. */
function checkProjection({ readModel, mode, version }: ProjectionPart, stored: readonly AnyDeciderPart[]): string[] {
  for (const { type } of Object.values(readModel.events)) {
    const why = whyNotKept(type, stored);
    if (why === undefined) continue;
    const name = `the projection of ${readModel.codec.typeName}`;
    if (mode !== "inline") return [`${name} has to be inline: ${why}`];
    if (version !== 1) return [`${name} cannot be rebuilt as version ${version}: ${why}`];
  }
  return [];
}

/** Reports events of a reaction that it would never get. */
function checkReaction({ name, on }: ReactionPart, stored: readonly AnyDeciderPart[]): string[] {
  return on.flatMap(({ event }) => {
    const why = whyNotKept(event.type, stored);
    return why === undefined ? [] : [`the reaction ${name} would never get an event: ${why}, use the outbox`];
  });
}

/** Reports events of a saga that it would never get. */
function checkSaga({ saga }: SagaPart, stored: readonly AnyDeciderPart[]): string[] {
  return eventsOf(saga).flatMap(({ type }) => {
    const why = whyNotKept(type, stored);
    return why === undefined ? [] : [`the saga ${saga.name} would never get an event: ${why}`];
  });
}

function whyNotKept(type: string, stored: readonly AnyDeciderPart[]): string | undefined {
  const owner = stored.find(({ aggregate }) => Object.values(aggregate.events).some((event) => event.type === type));
  return owner && `${type} is an event of ${owner.aggregate.name}, which stores its state: no log keeps it`;
}

/** Reports personal fields: a state and the rows written in its transaction are stored without encryption. */
function checkPersonal({ aggregate }: AnyDeciderPart, projections: readonly ProjectionPart[]): string[] {
  const events = Object.values(aggregate.events);
  const types = new Set(events.map(({ type }) => type));
  const rows = projections.filter(({ readModel }) =>
    Object.values(readModel.events).some(({ type }) => types.has(type)),
  );
  const codecs = [
    ...events.map(({ codec }) => codec),
    ...Object.values(aggregate.commands()).map(({ method }) => method.response),
    ...rows.map(({ readModel }) => readModel.codec),
  ];
  const personal = codecs.find(({ schema }) => holdsPersonal(schema));
  if (personal === undefined) return [];
  const advice = "store its events, or keep personal data out of it";
  return [
    `${aggregate.name} stores its state, where nothing is encrypted, but ${personal.typeName} has personal fields: ${advice}`,
  ];
}
