import { type Call, type CallResult, commandKeyOf, type Next } from "../../cqrs/index.js";
import { fingerprintOf } from "../../message/index.js";
import type { EventStore } from "../../store/ports/index.js";
import { type Behaviour, CommandDecision } from "../decision/index.js";
import type { CommandDefinition } from "../declaration/index.js";
import { type CommandKind, CommandRun, type RunRecord } from "./command-run.js";
import type { StreamQueue } from "./stream-queue.js";
import { unitOfWorkOf } from "./unit-of-work.js";

/** What the commands of an aggregate share. */
export interface ExecutionOptions {
  readonly queue: StreamQueue;
  readonly commands: Pick<EventStore, "findCommand">;
}

/** The handler of one command of an aggregate: load, decide, record, and again when another writer was faster. */
export function createCommandHandler(
  behaviour: Behaviour,
  name: string,
  command: CommandDefinition,
  { queue, commands }: ExecutionOptions,
): Next {
  const execution = new Execution(
    { behaviour, command, commands, decision: new CommandDecision(behaviour, name, command) },
    queue,
  );
  return (call) => execution.run(call);
}

class Execution {
  private readonly kind: CommandKind;
  private readonly queue: StreamQueue;

  constructor(kind: CommandKind, queue: StreamQueue) {
    this.kind = kind;
    this.queue = queue;
  }

  /** Not async, so that the promise of the queue is passed on without another one. */
  run(call: Call): Promise<CallResult> {
    try {
      const { context } = call;
      const { command } = this.kind;
      const isNew = command.id(call.request) === "";
      const record: RunRecord | undefined = context.explicitCommandId
        ? { id: commandKeyOf(context), requestHash: this.hash(call.request) }
        : undefined;
      const run = new CommandRun(this.kind, call, isNew, record);
      const unit = unitOfWorkOf(context);
      if (unit !== undefined) return this.queue.within(run, unit);
      const done = isNew ? this.queue.begin(run) : this.queue.run(run);
      // A repeated command is recognized when it would be recorded again, so that others need no look-up.
      return record === undefined ? done : done.catch((error: unknown) => run.failed(error));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  private hash(request: unknown): string {
    const { service, name, request: codec } = this.kind.command.method;
    return `${service}.${name}:${fingerprintOf(codec, request)}`;
  }
}
