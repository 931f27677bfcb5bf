/** What a saga is doing, or how it ended. */
export type SagaStatus =
  /** Runs forward. */
  | "running"
  /** Undoes what was done. */
  | "compensating"
  /** Ended: all steps are done or skipped. */
  | "completed"
  /** Ended: everything that was done is undone. */
  | "compensated"
  /** A person must act: `reason` says why. */
  | "suspended";

/** The state of a step. */
export type StepStatus = "waiting" | "running" | "done" | "skipped" | "timed_out" | "failed" | "undoing" | "undone";

/** The state of one command of a step, or of its child saga. */
export type CommandStatus =
  | "idle"
  /** Under way. */
  | "sent"
  /** Waits for its next attempt. */
  | "waiting"
  | "done"
  /** It had no effect. */
  | "refused"
  /** It may have had its effect, so it is undone. */
  | "unknown"
  /** Needs a decision: of a person, or of the pivot that is still under way. */
  | "blocked"
  | "skipped"
  /** Its compensation is under way. */
  | "undoing"
  | "undo_waiting"
  | "undo_blocked"
  | "undone";

/** Why something failed. Contains no text of messages, which may quote personal fields. */
export interface SagaFailure {
  /** Code of the error: `failed_precondition`. */
  readonly code: string;
  /** Full name of the declared error, or what went wrong in words of the engine. */
  readonly reason?: string;
}

/** One command of a step: of its only element, or of one element of its list. */
export interface CommandState {
  readonly status: CommandStatus;
  /** How often it was sent, without the processes that it lost; starts again with the compensation. */
  readonly attempts: number;
  /** How many processes have ended while they ran it; starts again with each outcome. */
  readonly losses?: number;
  /** Of the process that runs it. */
  readonly epoch?: number;
  /** When that process loses it, in milliseconds since 1970 by the store's clock. */
  readonly lease?: number;
  /** How that process has left it to others: it has not sent it, or has stopped in order. Absent: it runs it, or has died. */
  readonly left?: "unsent" | "stopped";
  /** When the next attempt is due. */
  readonly retryAt?: number;
  /** An attempt may have had its effect although there was no response. */
  readonly doubt?: true;
  /** The last attempt was refused. */
  readonly refused?: true;
  readonly failure?: SagaFailure;
}

/** A step, as its saga's journal has it. */
export interface StepState {
  readonly status: StepStatus;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** When its limit is over. */
  readonly timeoutAt?: number;
  /** When its timer is due. */
  readonly timerAt?: number;
  /** Its commands, in the order of the elements; one for a child saga; none for events and timers. */
  readonly commands: readonly CommandState[];
  /** The id of its child saga. */
  readonly child?: string;
  readonly failure?: SagaFailure;
}

/** Something that happened to a saga. */
export interface SagaHistoryEntry {
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
  /** What happened: `started`, `step_done`, `step_failed`, `cancelled`. */
  readonly event: string;
  /** The step that it happened to. */
  readonly step?: string;
  /** What went wrong. */
  readonly failure?: SagaFailure;
}

/** The saga that waits for the end of another. */
export interface SagaParent {
  /** Full proto name of its data. */
  readonly type: string;
  readonly id: string;
  readonly step: string;
}

/** What stays the same while a saga runs. */
export interface SagaOrigin {
  readonly correlationId: string;
  /** The id of the event or command that started it. */
  readonly causationId?: string;
  /** The user for whom its commands are sent. */
  readonly user?: string;
  readonly parent?: SagaParent;
  /** How many sagas are above it. Absent: none, or it was started by an earlier release. */
  readonly depth?: number;
  /** The position of the event that started it. */
  readonly position?: number;
}

/** A saga, as its row has it. Immutable. */
export interface SagaInstance {
  readonly id: string;
  readonly tenant: string;
  /** The version of the definition that it started with, and keeps. */
  readonly version: number;
  readonly status: SagaStatus;
  /** Of a suspended saga: what it was doing. */
  readonly before?: "running" | "compensating";
  /** Of a suspended saga: the step whose function or limit has suspended it, and that no command shows. */
  readonly suspendedBy?: string;
  /** Of a suspended saga: steps that a person has retried. Their commands go on, although the saga waits for a person to decide others. */
  readonly retried?: readonly string[];
  readonly paused: boolean;
  /** A pivot is done: nothing is compensated any more. */
  readonly pivoted: boolean;
  readonly data: unknown;
  /** By proto name. */
  readonly steps: Readonly<Record<string, StepState>>;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly deadlineAt?: number;
  /** Grows whenever a process begins commands. */
  readonly epoch: number;
  readonly origin: SagaOrigin;
  /** Why it is compensated or suspended. */
  readonly failure?: SagaFailure;
  /** The newest entries, the oldest first. */
  readonly history: readonly SagaHistoryEntry[];
  /** Requests of commands under way, and events that arrived early: encoded, since an attempt sends the same bytes again. */
  readonly frozen: ReadonlyMap<string, Uint8Array>;
}

/** Whether a saga is over. Only its parent can continue it, to compensate it. */
export function hasEnded({ status }: SagaInstance): boolean {
  return status === "completed" || status === "compensated";
}

/** The key of a frozen request. */
export function requestKey(step: string, element: number, phase: Phase): string {
  return `${step}/${element}/${phase}`;
}

/** The key of an event that arrived before its step. */
export function eventKey(step: string): string {
  return `${step}/event`;
}

/** Whether a command does the work of its step or undoes it. */
export type Phase = "do" | "undo";
