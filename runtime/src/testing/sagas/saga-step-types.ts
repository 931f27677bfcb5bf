import type { MessageTypes } from "../../message/index.js";
import type { ChildStepTypes, CommandStepTypes, EventStepTypes, SagaTypes } from "../../saga/declaration/index.js";

/** What a message of a test is created from. */
export type SagaMessageInit<M> = M extends MessageTypes ? M["init"] | M["message"] : never;

/** The local names of the steps of one kind. */
export type SagaStepNames<S extends SagaTypes, Kind> = {
  [K in keyof S["steps"] & string]: S["steps"][K] extends Kind ? K : never;
}[keyof S["steps"] & string];

/** The local names of the steps that send commands. */
export type SagaCommandNames<S extends SagaTypes> = SagaStepNames<S, CommandStepTypes>;

/** The local names of the steps with a compensation. */
export type SagaCompensationNames<S extends SagaTypes> = SagaStepNames<
  S,
  CommandStepTypes & { readonly compensation: MessageTypes }
>;

/** The local names of all steps. */
export type SagaStepName<S extends SagaTypes> = keyof S["steps"] & string;

/** The response of the command of a step. */
export type SagaResponseOf<S extends SagaTypes, K extends SagaStepName<S>> = S["steps"][K] extends CommandStepTypes
  ? S["steps"][K]["response"]
  : never;

/** The request of the command of a step. */
export type SagaRequestOf<S extends SagaTypes, K extends SagaStepName<S>> = S["steps"][K] extends CommandStepTypes
  ? S["steps"][K]["request"]
  : never;

/** The request of the compensation of a step. */
export type SagaCompensationOf<S extends SagaTypes, K extends SagaStepName<S>> = S["steps"][K] extends CommandStepTypes
  ? S["steps"][K]["compensation"]
  : never;

/** The event that a step waits for. */
export type SagaEventOf<S extends SagaTypes, K extends SagaStepName<S>> = S["steps"][K] extends EventStepTypes
  ? S["steps"][K]["event"]
  : never;

/** The data of the saga that a step runs. */
export type SagaDataOf<S extends SagaTypes, K extends SagaStepName<S>> = S["steps"][K] extends ChildStepTypes
  ? S["steps"][K]["data"]
  : never;
