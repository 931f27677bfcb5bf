import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { EventModel, MethodModel, Named } from "../model.js";

/** A saga: what starts it, and its steps. */
export interface SagaModel extends Named {
  /** Distinguishes the elements of the model. */
  readonly kind: "saga";
  /** The message that declares it: its data. */
  readonly desc: DescMessage;
  /** The field with the id of an instance. */
  readonly id: DescField;
  /** The version of new instances, from 1. */
  readonly version: number;
  /** The event that starts an instance; undefined: code or another saga does. */
  readonly startsOn: EventModel | undefined;
  /** The steps of all versions, in source order. */
  readonly steps: readonly SagaStepModel[];
  /** Milliseconds. */
  readonly deadline: number | undefined;
  /** Whether its data, or a command that it sends, contains personal data. */
  readonly holdsPersonal: boolean;
}

/** What all kinds of steps have in common. Its `name` is the proto name. */
export interface AnySagaStep extends Named {
  /** The steps that must be complete before this one starts. Empty: it starts with the saga. */
  readonly after: readonly SagaStepModel[];
  /** Whether a function of the saga decides if the step runs. */
  readonly when: boolean;
  /** Whether it is the point of no return: later steps are retried until they succeed. */
  readonly pivot: boolean;
  /** Milliseconds. */
  readonly timeout: number | undefined;
  /** What happens after a timeout. */
  readonly onTimeout: "compensate" | "retry" | "continue";
  /** The first version of the saga that has the step; undefined: 1. */
  readonly sinceVersion: number | undefined;
  /** The last version of the saga that has the step; undefined: it was not removed. */
  readonly untilVersion: number | undefined;
}

/** Delays in milliseconds. */
export interface RetryModel {
  /** Attempts, including the first. */
  readonly maxAttempts: number;
  /** Whether the contract sets the number of attempts. */
  readonly isLimited: boolean;
  /** The upper bound of the first delay. */
  readonly initialDelay: number;
  /** The upper bound of all delays. */
  readonly maxDelay: number;
}

/** A step that sends a command. */
export interface CommandStepModel extends AnySagaStep {
  /** Distinguishes the kinds of steps. */
  readonly kind: "command";
  /** The command to send. */
  readonly command: MethodModel;
  /** The command that undoes the step; undefined: none. */
  readonly compensation: MethodModel | undefined;
  /** Whether the step has a compensation, or has no effect to undo. */
  readonly compensable: boolean;
  /** Whether it sends a command for each element of a list. */
  readonly forEach: boolean;
  /** How failed attempts are retried. */
  readonly retry: RetryModel;
}

/** A step that waits for an event. */
export interface EventStepModel extends AnySagaStep {
  /** Distinguishes the kinds of steps. */
  readonly kind: "event";
  /** The event to wait for. */
  readonly event: EventModel;
  /** The fields that are equal in the event and in the data of the saga. */
  readonly match: { readonly event: DescField; readonly saga: DescField };
  /** Whether it ignores events that are recorded before it starts. */
  readonly ignoreEarly: boolean;
}

/** A step that waits for a time. */
export interface TimerStepModel extends AnySagaStep {
  /** Distinguishes the kinds of steps. */
  readonly kind: "timer";
  /** Milliseconds from the start of the step, or the field of the data with the time. */
  readonly time: number | DescField;
}

/** A step that runs another saga. */
export interface ChildStepModel extends AnySagaStep {
  /** Distinguishes the kinds of steps. */
  readonly kind: "saga";
  /** The other saga. */
  readonly saga: SagaModel;
  /** How failed starts are retried. */
  readonly retry: RetryModel;
}

/** A step whose action has an error, which is reported. Rules about the order of steps also apply to it; no target sees it. */
export interface UnresolvedStepModel extends AnySagaStep {
  /** Distinguishes the kinds of steps. */
  readonly kind: "unresolved";
}

/** A step that targets can emit. */
export type ResolvedStepModel = CommandStepModel | EventStepModel | TimerStepModel | ChildStepModel;

/** A step of a saga. */
export type SagaStepModel = ResolvedStepModel | UnresolvedStepModel;
