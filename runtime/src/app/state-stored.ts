import type { AnyDeciderPart } from "../aggregate/index.js";
import type { HandlersPart } from "../cqrs/index.js";
import { holdsPersonal } from "../message/index.js";
import type { ProjectionPart } from "../projection/index.js";

/** What cannot be had of aggregates that store their state: a log to follow, and personal data that can be forgotten. */
export function checkStateStored(parts: readonly (AnyDeciderPart | ProjectionPart | HandlersPart)[]): string[] {
  const deciders = parts.filter((part) => part.kind === "decider");
  const stored = deciders.filter(({ aggregate }) => aggregate.persistence === "state");
  const projections = parts.filter((part) => part.kind === "projection");
  return [
    ...projections.flatMap((projection) => checkProjection(projection, stored)),
    ...stored.flatMap((decider) => checkPersonal(decider, projections)),
  ];
}

/** Projections that would have to read events which no log keeps. */
function checkProjection({ readModel, mode, version }: ProjectionPart, stored: readonly AnyDeciderPart[]): string[] {
  for (const { type } of Object.values(readModel.events)) {
    const owner = stored.find(({ aggregate }) => Object.values(aggregate.events).some((event) => event.type === type));
    if (owner === undefined) continue;
    const why = `${type} is an event of ${owner.aggregate.name}, which stores its state: no log keeps it`;
    const name = `the projection of ${readModel.codec.typeName}`;
    if (mode !== "inline") return [`${name} has to be inline: ${why}`];
    if (version !== 1) return [`${name} cannot be built anew as version ${version}: ${why}`];
  }
  return [];
}

/** A state is stored as its decider encodes it, with what is written in its transaction: nothing of it is encrypted. */
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
