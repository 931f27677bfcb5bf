import type { AggregateDefinition } from "../aggregate/index.js";
import type { ReadModelDefinition } from "../cqrs/index.js";
import {
  type AggregatesEngine,
  isAggregates,
  isPersonalData,
  isReactions,
  isReadModels,
  isSagas,
  isSchedules,
  type Part,
  type PersonalDataEngine,
  type ReactionsEngine,
  type ReadModelsEngine,
  type SagasEngine,
  type SchedulesEngine,
} from "../engines/index.js";
import type { Engine } from "../message/index.js";
import type { SagaDefinition } from "../saga/declaration/index.js";

/** The engines of an app. undefined: no part brings it. */
export interface Engines {
  readonly aggregates: AggregatesEngine | undefined;
  readonly readModels: ReadModelsEngine | undefined;
  readonly personalData: PersonalDataEngine | undefined;
  readonly reactions: ReactionsEngine | undefined;
  readonly sagas: SagasEngine | undefined;
  readonly schedules: SchedulesEngine | undefined;
}

/** Returns the engines that the definitions of an app bring, and those of its options. */
export function enginesOf(parts: readonly Part[], ...given: readonly (Engine | undefined)[]): Engines {
  const brought = [...given, ...parts.flatMap(broughtBy)].filter((engine) => engine !== undefined);
  const aggregates = brought.find(isAggregates);
  const reactions = brought.find(isReactions);
  const sagas = brought.find(isSagas);
  const readModels = brought.find(isReadModels) ?? reactions?.readModels ?? sagas?.readModels;
  const schedules = brought.find(isSchedules);
  const personalData = [...brought, schedules?.personalOf(parts)]
    .filter((one) => one !== undefined)
    .find(isPersonalData);
  return { aggregates, readModels, personalData, reactions, sagas, schedules };
}

function broughtBy(part: Part): readonly (Engine | undefined)[] {
  if (part.kind === "decider") return broughtByAggregate(part.aggregate);
  if (part.kind === "projection") return broughtByReadModel(part.readModel);
  if (part.kind === "reaction") return [part.engine, ...part.on.map(({ event }) => event.personal)];
  if (part.kind === "scheduled commands" || part.kind === "schedule") return [part.engine];
  if (part.kind === "saga") return broughtBySaga(part.saga);
  const { methods, views } = part.service;
  return [
    ...Object.values(views()).map(({ definition }) => definition.engine),
    ...Object.keys(part.handlers).map((name) => methods[name]?.personal),
  ];
}

function broughtByAggregate({ engine, events, upcasts = {}, commands }: AggregateDefinition): (Engine | undefined)[] {
  return [
    engine,
    ...Object.values(events).map(({ personal }) => personal),
    ...Object.values(upcasts).map(({ from }) => from.personal),
    ...Object.values(commands()).map(({ method }) => method.personal),
  ];
}

function broughtBySaga({ engine, personal, startsOn, steps }: SagaDefinition): (Engine | undefined)[] {
  const events = Object.values(steps).flatMap((step) => (step.kind === "event" ? [step.event] : []));
  return [engine, personal, startsOn?.personal, ...events.map((event) => event.personal)];
}

function broughtByReadModel({ engine, personal, events }: ReadModelDefinition): (Engine | undefined)[] {
  return [engine, personal, ...Object.values(events).map((event) => event.personal)];
}
