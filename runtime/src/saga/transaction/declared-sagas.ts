import type { EventStepDefinition, SagaDefinition, SagaPart } from "../declaration/index.js";
import { type IsLocal, ResolvedSaga } from "../machine/index.js";
import { EarlyTable, KeyTable, SagaTable } from "../row/index.js";

/** A saga of an app, with what the engine needs of it. */
export interface DeclaredSaga {
  readonly definition: SagaDefinition;
  readonly part: SagaPart;
  readonly resolved: ResolvedSaga;
  readonly table: SagaTable;
  /** Its steps that wait for events by a value of the data. */
  readonly keyed: readonly EventStepDefinition[];
  readonly keys: KeyTable;
  /** Its steps that wait for events by the id of the saga, and keep those that come early. */
  readonly early: readonly EventStepDefinition[];
  readonly events: EarlyTable;
}

/** The sagas of an app, by the full name of their data. */
export type DeclaredSagas = ReadonlyMap<string, DeclaredSaga>;

/** `retention`: how long after its end a saga is due to be removed; undefined: never. */
export function declareSagas(parts: readonly SagaPart[], isLocal: IsLocal, retention?: number): DeclaredSagas {
  return new Map(
    parts.map((part) => [
      part.saga.name,
      {
        definition: part.saga,
        part,
        resolved: new ResolvedSaga(part, isLocal),
        table: new SagaTable(part.saga, retention),
        keyed: Object.values(part.saga.steps).filter(
          (step): step is EventStepDefinition => step.kind === "event" && step.key !== undefined,
        ),
        keys: new KeyTable(part.saga),
        early: Object.values(part.saga.steps).filter(
          (step): step is EventStepDefinition => step.kind === "event" && step.key === undefined && !step.ignoreEarly,
        ),
        events: new EarlyTable(part.saga),
      },
    ]),
  );
}
