import { defineMachine, type Machine } from "../../fsm/index.js";
import type { CommandStatus, SagaStatus, StepStatus } from "./instance.js";

export interface LifecycleMachine {
  state: SagaStatus;
  event: { type: "finish" | "fail" | "undone" | "block" | "cancel" | "compensate" | "resume" };
  data: { readonly pivoted: boolean; readonly before: "running" | "compensating" | undefined };
  action: never;
}

const mayCompensate = ({ pivoted }: LifecycleMachine["data"]): boolean => !pivoted;
const toCompensating = { to: "compensating", when: mayCompensate, label: "no pivot is done" } as const;

/** The life of a saga. Only a child saga is compensated after its completion. */
export const lifecycle: Machine<LifecycleMachine> = defineMachine<LifecycleMachine>()({
  name: "saga",
  initial: "running",
  states: {
    running: {
      on: {
        finish: "completed",
        fail: toCompensating,
        cancel: toCompensating,
        compensate: toCompensating,
        block: "suspended",
      },
    },
    compensating: { on: { undone: "compensated", block: "suspended" } },
    suspended: {
      on: {
        resume: [
          { when: ({ before }) => before === "compensating", label: "it was compensating", to: "compensating" },
          { to: "running" },
        ],
        cancel: toCompensating,
        compensate: toCompensating,
      },
    },
    completed: { on: { compensate: toCompensating } },
    compensated: { final: true },
  },
});

export interface StepMachine {
  state: StepStatus;
  event: { type: "begin" | "skip" | "succeed" | "fail" | "expire" | "undo" | "undone" };
  data: undefined;
  action: never;
}

/** One step of a saga. */
export const stepMachine: Machine<StepMachine> = defineMachine<StepMachine>()({
  name: "step",
  initial: "waiting",
  states: {
    waiting: { on: { begin: "running", skip: "skipped" } },
    running: { on: { succeed: "done", fail: "failed", expire: "timed_out", skip: "skipped" } },
    done: { on: { undo: "undoing" } },
    timed_out: { on: { undo: "undoing" } },
    // An element that was under way may still be done.
    failed: { on: { undo: "undoing" } },
    undoing: { on: { undone: "undone" } },
    skipped: { final: true },
    undone: { final: true },
  },
});

export interface CommandMachine {
  state: CommandStatus;
  event: {
    type: "send" | "succeed" | "refuse" | "lose" | "wait" | "block" | "skip" | "undo" | "undone";
  };
  data: undefined;
  action: never;
}

/** One command of a step, with its compensation. */
export const commandMachine: Machine<CommandMachine> = defineMachine<CommandMachine>()({
  name: "command",
  initial: "idle",
  states: {
    idle: { on: { send: "sent", refuse: "refused", skip: "skipped" } },
    // Sent again when another process takes over.
    sent: {
      on: { succeed: "done", refuse: "refused", lose: "unknown", wait: "waiting", block: "blocked", send: "sent" },
    },
    waiting: { on: { send: "sent", refuse: "refused", lose: "unknown", block: "blocked", skip: "skipped" } },
    blocked: { on: { send: "sent", refuse: "refused", lose: "unknown", skip: "skipped" } },
    done: { on: { undo: "undoing" } },
    unknown: { on: { undo: "undoing" } },
    undoing: { on: { undone: "undone", wait: "undo_waiting", block: "undo_blocked", undo: "undoing" } },
    undo_waiting: { on: { undo: "undoing", block: "undo_blocked", skip: "undone" } },
    undo_blocked: { on: { undo: "undoing", skip: "undone" } },
    refused: { final: true },
    skipped: { final: true },
    undone: { final: true },
  },
});

export type LifecycleEvent = LifecycleMachine["event"]["type"];
export type StepEvent = StepMachine["event"]["type"];
export type CommandEvent = CommandMachine["event"]["type"];
