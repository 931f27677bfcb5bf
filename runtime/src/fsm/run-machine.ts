import type { Machine, MachineSnapshot, MachineTypes, Step } from "./machine.js";

/** Options of `runMachine`. */
export interface RunOptions<Types extends MachineTypes> {
  /**
   * Performs one action. `send` sends an event to the machine: it is handled after the current one. A promise is not
   * awaited: work that takes time sends its outcome as an event.
   */
  readonly perform?: (action: Types["action"], send: (event: Types["event"]) => void) => void;
  /** Continues from a stored snapshot; its entry actions are not performed again. Default: a new start. */
  readonly snapshot?: MachineSnapshot<Types>;
  /** How many steps `history` keeps, the newest. Default 100; 0: none. */
  readonly historySize?: number;
  /** The source of the times in `history`. Default: the system time. */
  readonly now?: () => Date;
}

/** A step with its time. */
export type HistoryEntry<Types extends MachineTypes> = Step<Types> & {
  /** When the event was handled. */
  readonly at: Date;
};

/** A machine that keeps its snapshot in memory and performs its actions. */
export interface RunningMachine<Types extends MachineTypes> {
  /** The snapshot after all events that were handled. */
  readonly snapshot: MachineSnapshot<Types>;
  /** The newest steps, oldest first; refused events included. */
  readonly history: readonly HistoryEntry<Types>[];
  /**
   * Handles an event and all that its actions send, in their order, each to its end before the next. Returns these steps,
   * the one of `event` first. Called from `perform`, it only queues the event and returns none. An error of a function
   * of the machine leaves it as it was; an error of `perform` leaves the transition taken. Either is thrown, and drops
   * the events that are still queued.
   */
  send(event: Types["event"]): readonly Step<Types>[];
}

/** Starts a machine in memory, for what need not survive the process. */
export function runMachine<Types extends MachineTypes>(
  machine: Machine<Types>,
  data: Types["data"],
  options: RunOptions<Types> = {},
): RunningMachine<Types> {
  const { perform = () => {}, historySize = 100, now = () => new Date() } = options;
  const queue: Types["event"][] = [];
  const history: HistoryEntry<Types>[] = [];
  let running = false;

  const drain = (actions: readonly Types["action"][], steps: Step<Types>[]): readonly Step<Types>[] => {
    running = true;
    try {
      for (const action of actions) perform(action, send);
      for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
        const step = machine.next(snapshot, event);
        snapshot = step.snapshot;
        steps.push(step);
        history.push({ ...step, at: now() });
        if (history.length > historySize) history.shift();
        if (step.kind === "taken") for (const action of step.actions) perform(action, send);
      }
      return steps;
    } finally {
      queue.length = 0;
      running = false;
    }
  };
  const send = (event: Types["event"]): readonly Step<Types>[] => {
    queue.push(event);
    return running ? [] : drain([], []);
  };

  const begun = options.snapshot === undefined ? machine.start(data) : { snapshot: options.snapshot, actions: [] };
  let { snapshot } = begun;
  drain(begun.actions, []);
  return {
    get snapshot() {
      return snapshot;
    },
    get history() {
      return history;
    },
    send,
  };
}
