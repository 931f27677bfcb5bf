import type { AnyMethod } from "../../cqrs/index.js";
import type { SagaDefinition } from "../declaration/index.js";
import type { Phase, SagaFailure, SagaInstance, SagaParent } from "./instance.js";

/** One command of a saga, as the process that runs it names it. */
export interface CommandAddress {
  readonly step: string;
  readonly element: number;
  readonly phase: Phase;
  /** The epoch under which it was begun. */
  readonly epoch: number;
}

/** How a command failed. */
export type FailureKind =
  /** It had no effect, and never will. */
  | "refused"
  /** It had no effect, and may be sent again. */
  | "temporary"
  /** It may have had its effect. */
  | "unknown";

/** What happens to a saga. */
export type SagaMessage =
  | ({ readonly kind: "response"; readonly response: unknown } & CommandAddress)
  | ({
      readonly kind: "failure";
      readonly outcome: FailureKind;
      readonly failure: SagaFailure;
      /** The earliest time of the next attempt, in milliseconds from now. */
      readonly retryAfter?: number;
    } & CommandAddress)
  /** An event that a step may wait for. `stream`: the id of its stream. */
  | { readonly kind: "event"; readonly step: string; readonly event: unknown; readonly stream?: string }
  /** Time has passed: timers, timeouts, retries, and leases of processes that do not answer. */
  | { readonly kind: "due" }
  | {
      readonly kind: "child_ended";
      readonly step: string;
      readonly status: "completed" | "compensated";
      readonly data: unknown;
    }
  /** A child saga could not be started or compensated. */
  | { readonly kind: "child_refused"; readonly step: string; readonly failure: SagaFailure }
  /** What happened to a step cannot be stored. */
  | { readonly kind: "unstorable"; readonly step: string; readonly failure: SagaFailure }
  /** The parent undoes the step. */
  | { readonly kind: "compensate" }
  | { readonly kind: "cancel" }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "retry"; readonly step?: string }
  | { readonly kind: "skip"; readonly step: string }
  /** The process still runs these commands. */
  | { readonly kind: "renew"; readonly epochs: ReadonlySet<number> }
  /** The process stops: others may take over its commands at once. */
  | { readonly kind: "release"; readonly epochs: ReadonlySet<number> }
  /** The process has not sent these commands, and will not: others may. */
  | { readonly kind: "return"; readonly epochs: ReadonlySet<number> };

/** Why a message changed nothing. */
export type IgnoredReason =
  /** The saga has ended. */
  | "ended"
  /** Another process has taken over the command. */
  | "fenced"
  /** The command, step or timer is no longer under way. */
  | "not_running"
  /** No step waits for it, or one has received it before. */
  | "not_expected"
  /** Nothing is due yet. */
  | "not_due"
  /** The pivot is done or may be. */
  | "pivoted"
  /** The saga is in that state already. */
  | "unchanged"
  /** The definition has no such step. */
  | "unknown_step";

/** What is to be done after a transition is stored. */
export type SagaAction =
  | ({
      readonly kind: "command";
      readonly method: AnyMethod;
      readonly request: Uint8Array;
      readonly attempt: number;
      /** No process can have sent it before. */
      readonly isFirst: boolean;
      /** The command and the transition that its response leads to are one transaction. */
      readonly isLocal: boolean;
      /** When its step ends, by the store's clock. */
      readonly timeoutAt?: number;
    } & CommandAddress)
  | { readonly kind: "suspended"; readonly step?: string; readonly failure: SagaFailure };

/** What is to be done in the same transaction: other sagas that a transition concerns. */
export type RelatedAction =
  | {
      readonly kind: "start_child";
      readonly step: string;
      readonly saga: SagaDefinition;
      readonly id: string;
      readonly data: unknown;
    }
  | { readonly kind: "compensate_child"; readonly step: string; readonly saga: SagaDefinition; readonly id: string }
  | {
      readonly kind: "tell_parent";
      readonly parent: SagaParent;
      readonly status: "completed" | "compensated";
      readonly data: unknown;
    };

/** What the reducer may know of the world. */
export interface MachineContext {
  /** Milliseconds since 1970, by the store's clock; never ahead of it. */
  readonly now: number;
  /** The latest time that it may be instead: timers and limits begin then, so that none is early. Default: `now`. */
  readonly latest?: number;
  /** When commands that begin now are lost to other processes. */
  readonly lease: number;
  /** This process sends no commands: those that begin now are left to others. */
  readonly sendsNothing?: true;
  /** A number from 0 to below 1, for the jitter of retries. */
  random(): number;
}

/** What a message led to. */
export type Transition =
  | {
      readonly kind: "changed";
      readonly instance: SagaInstance;
      readonly actions: readonly SagaAction[];
      readonly related: readonly RelatedAction[];
      /** Commands whose process did not answer, and that are in other hands now. */
      readonly takenOver: number;
    }
  | { readonly kind: "ignored"; readonly reason: IgnoredReason };
