import type { MessageTypes } from "../../message/index.js";
import type { EventMeta } from "../../projection/index.js";
import type { SagaDefinition } from "./saga-definition.js";

/** The types of a step that sends a command. */
export interface CommandStepTypes {
  /** Distinguishes the kinds of steps. */
  readonly kind: "command";
  /** Its request. */
  readonly request: MessageTypes;
  /** Its response. */
  readonly response: MessageTypes;
  /** The request of its compensation. */
  readonly compensation?: MessageTypes;
  /** It sends a command for each element of a list. */
  readonly forEach?: true;
  /** A guard decides whether it runs. */
  readonly when?: true;
}

/** The types of a step that waits for an event. */
export interface EventStepTypes {
  /** Distinguishes the kinds of steps. */
  readonly kind: "event";
  /** The event. */
  readonly event: MessageTypes;
  /** A guard decides whether it runs. */
  readonly when?: true;
}

/** The types of a step that waits for a time. */
export interface TimerStepTypes {
  /** Distinguishes the kinds of steps. */
  readonly kind: "timer";
  /** A guard decides whether it runs. */
  readonly when?: true;
}

/** The types of a step that runs another saga. */
export interface ChildStepTypes {
  /** Distinguishes the kinds of steps. */
  readonly kind: "saga";
  /** The data of the other saga. */
  readonly data: MessageTypes;
  /** A guard decides whether it runs. */
  readonly when?: true;
}

/** The types of a step. */
export type StepTypes = CommandStepTypes | EventStepTypes | TimerStepTypes | ChildStepTypes;

/** The types of a saga, as the generator prints them. */
export interface SagaTypes {
  /** Its data. */
  readonly data: MessageTypes;
  /** The event that starts it; `undefined`: none does. */
  readonly start: MessageTypes | undefined;
  /** Its steps, by local name. */
  readonly steps: { readonly [localName: string]: StepTypes };
}

/** The data of a saga. */
export type SagaData<S extends SagaTypes> = S["data"]["message"];
/** The next data of a saga: a message, or the value that one is created from. */
export type NewData<S extends SagaTypes> = S["data"]["message"] | S["data"]["init"];

/** Decides whether to run a step. A step that does not run is recorded as skipped. */
export type StepGuard<S extends SagaTypes, Step> = Step extends { readonly when: true }
  ? { readonly when: (data: SagaData<S>) => boolean }
  : object;

/** What the contract leaves to TypeScript for a step that sends a command. */
export type CommandBehaviour<S extends SagaTypes, Step extends CommandStepTypes> = (Step extends {
  readonly forEach: true;
}
  ? {
      /** Returns the commands to send, one for each element. At most 1,000. */
      readonly commands: (data: SagaData<S>) => readonly (Step["request"]["message"] | Step["request"]["init"])[];
      /** Adds a response to the saga's data. Default: the data stays as it is. */
      readonly response?: (data: SagaData<S>, response: Step["response"]["message"], index: number) => NewData<S>;
    }
  : {
      /** Returns the command to send. */
      readonly command: (data: SagaData<S>) => Step["request"]["message"] | Step["request"]["init"];
      /** Adds the response to the saga's data. Default: the data stays as it is. */
      readonly response?: (data: SagaData<S>, response: Step["response"]["message"]) => NewData<S>;
    }) &
  (Step["compensation"] extends MessageTypes
    ? {
        /** Returns the command that undoes the step; `index` is that of the element, 0 without elements. */
        readonly compensation: (
          data: SagaData<S>,
          index: number,
        ) => Step["compensation"]["message"] | Step["compensation"]["init"];
      }
    : object);

/** What the contract leaves to TypeScript for a step that waits for an event. */
export interface EventBehaviour<S extends SagaTypes, Step extends EventStepTypes> {
  /** Adds the event to the saga's data. Default: the data stays as it is. */
  readonly event?: (data: SagaData<S>, event: Step["event"]["message"]) => NewData<S>;
}

/** What the contract leaves to TypeScript for a step that runs another saga. */
export interface ChildBehaviour<S extends SagaTypes, Step extends ChildStepTypes> {
  /** Returns the data that the other saga starts with. */
  readonly start: (data: SagaData<S>) => Step["data"]["message"] | Step["data"]["init"];
  /** Adds the data of the completed saga to the data of this one. Default: the data stays as it is. */
  readonly completed?: (data: SagaData<S>, child: Step["data"]["message"]) => NewData<S>;
}

/** What the contract leaves to TypeScript for one step. */
export type StepBehaviour<S extends SagaTypes, Step> = StepGuard<S, Step> &
  (Step extends CommandStepTypes
    ? CommandBehaviour<S, Step>
    : Step extends EventStepTypes
      ? EventBehaviour<S, Step>
      : Step extends ChildStepTypes
        ? ChildBehaviour<S, Step>
        : object);

/** What the contract leaves to TypeScript. All functions are pure: they run again after a crash or a conflict. */
export type SagaBehaviour<S extends SagaTypes> = (S["start"] extends MessageTypes
  ? {
      /** Returns the data that a saga starts with; undefined: this event starts none. */
      readonly start: (event: S["start"]["message"], meta: EventMeta) => NewData<S> | undefined;
    }
  : object) & {
  /** One entry for each step. A timer without a guard needs none. */
  readonly steps: {
    readonly [K in keyof S["steps"] as object extends StepBehaviour<S, S["steps"][K]> ? never : K]: StepBehaviour<
      S,
      S["steps"][K]
    >;
  } & {
    readonly [K in keyof S["steps"] as object extends StepBehaviour<S, S["steps"][K]> ? K : never]?: StepBehaviour<
      S,
      S["steps"][K]
    >;
  };
};

/** A declared saga, for `createApp({ parts })`. */
export interface SagaPart {
  /** Distinguishes the parts of an app. */
  /** Distinguishes the kinds of steps. */
  readonly kind: "saga";
  /** The saga of the contract. */
  readonly saga: SagaDefinition;
  /** The behaviour, whose types only the declaration knows. */
  readonly behaviour: AnySagaBehaviour;
}

/** A behaviour without the types of its messages. */
export interface AnySagaBehaviour {
  /** Returns the data that a saga starts with. */
  readonly start?: (event: never, meta: EventMeta) => unknown;
  /** The steps, by local name. */
  readonly steps: { readonly [localName: string]: AnyStepBehaviour | undefined };
}

/** A step's behaviour without the types of its messages. */
export interface AnyStepBehaviour {
  /** Decides whether to run the step. */
  readonly when?: (data: never) => boolean;
  /** Returns the command to send. */
  readonly command?: (data: never) => unknown;
  /** Returns the commands to send, one for each element. */
  readonly commands?: (data: never) => readonly unknown[];
  /** Returns the data with the response. */
  readonly response?: (data: never, response: never, index: number) => unknown;
  /** Returns the command that undoes the step. */
  readonly compensation?: (data: never, index: number) => unknown;
  /** Returns the data with the event. */
  readonly event?: (data: never, event: never) => unknown;
  /** Returns the data that the other saga starts with. */
  readonly start?: (data: never) => unknown;
  /** Returns the data with that of the completed saga. */
  readonly completed?: (data: never, child: never) => unknown;
}

/** A saga of the contract, from which its behaviour is declared. */
export interface Saga<S extends SagaTypes> {
  /** The saga as data, for the runtime. */
  readonly definition: SagaDefinition;
  /** Declares its behaviour. */
  saga(behaviour: SagaBehaviour<S>): SagaPart;
}
