// Engines: what the definitions of a contract bring to an app. Generated code refers to them through `codegen`; `app` imports
// their types only, so that an app contains no engine that its parts do not need.
export { type AggregatesEngine, aggregates, isAggregates } from "./aggregates.js";
export type { AppAccess } from "./app-access.js";
export type { DecodedEvent } from "./event-content.js";
export type { EventLog } from "./event-log.js";
export type { HistoryEntry } from "./history.js";
export type { CommandOutcome, EventMessage, InvokeOptions, ResumeOptions, WaitResult } from "./invoke.js";
export type { Part } from "./part.js";
export { isPersonalData, type PersonalDataEngine, personalData } from "./personal-data.js";
export { isReactions, type Reactions, type ReactionsEngine, reaction } from "./reactions.js";
export type { ReadModelReference } from "./read-model-reference.js";
export { isReadModels, type ReadModelsEngine, readModels } from "./read-models.js";
export type { ReadSide } from "./read-side.js";
export { isSagas, type Sagas, type SagasEngine, sagas } from "./sagas.js";
export { isSchedules, type SchedulesEngine, type Scheduling, schedule, scheduledCommands } from "./schedules.js";
export type { SendOptions } from "./send-and-wait.js";
export { type Waiting, type WaitOptions, type WaitsEngine, waits } from "./waits.js";
