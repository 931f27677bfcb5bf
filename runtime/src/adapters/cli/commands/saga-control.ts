import { PotterError } from "../../../errors/index.js";
import type { SagaChange, SagaControl, SagaOwner } from "../../../saga/index.js";
import type { Command } from "../command.js";
import { suggestion } from "../suggestion.js";
import { findSaga, readOwner, tenant } from "./find-saga.js";

/** Why a demand had no effect, for people. */
const reasons: Readonly<Record<string, string>> = {
  ended: "it has ended",
  pivoted: "its pivot is done or may be, so it can only go forward: retry or skip the step that failed",
  not_running: "the step is not under way, or a command of it is: wait until the command has ended",
  unknown_step: "it has no such step in its version",
  unknown_saga: "there is no saga with this id",
  newer_version: "it runs in a newer version: use the release that has it",
};

interface Demand {
  readonly verb: string;
  readonly summary: string;
  readonly step?: "required" | "optional";
  /** What is printed: `paused`. */
  readonly done: string;
  /** Why a demand that leaves the saga as it is has no effect; skipping never does. */
  readonly unchanged?: string;
  run(control: SagaControl, id: string, owner: SagaOwner, step: string | undefined): Promise<SagaChange>;
}

function toCommand({ verb, summary, step, done, unchanged, run }: Demand): Command {
  const operand = step === undefined ? "" : step === "required" ? " <step>" : " [step]";
  return {
    name: `saga ${verb}`,
    summary,
    operands: `<saga> <id>${operand}`,
    arity: [step === "required" ? 3 : 2, step === undefined ? 2 : 3],
    options: { tenant, json: { help: "print one line of JSON" } },
    async run(invocation) {
      const { options, terminal } = invocation;
      const [name = "", id = "", stepName] = options.operands;
      const control = await findSaga(invocation);
      const owner = readOwner(invocation);
      const change = await run(control, id, owner, stepName);
      if (options.has("json")) await terminal.write(`${JSON.stringify(change)}\n`);
      if (!change.applied) {
        const { steps = [] } = (change.reason === "unknown_step" && (await control.get(id, owner))) || {};
        const known = steps.map((one) => one.name);
        const hint = stepName !== undefined && known.length > 0 ? suggestion(stepName, known) : "";
        const why = change.reason === "unchanged" ? unchanged : reasons[change.reason ?? ""];
        const reason = `${why ?? change.reason ?? "for an unknown reason"}${hint}`;
        throw new PotterError("failed_precondition", `${name} ${id} was not ${done}: ${reason}`);
      }
      if (!options.has("json")) terminal.log(`${name} ${id} ${done}\n`);
    },
  };
}

export const sagaPause: Command = toCommand({
  verb: "pause",
  summary: "Begins no more steps, attempts and compensations of a saga until it is resumed.",
  done: "paused",
  unchanged: "it is paused already",
  run: (control, id, owner) => control.pause(id, owner),
});

export const sagaResume: Command = toCommand({
  verb: "resume",
  summary: "Continues a paused or suspended saga.",
  done: "resumed",
  unchanged: "it is neither paused nor suspended",
  run: (control, id, owner) => control.resume(id, owner),
});

export const sagaRetry: Command = toCommand({
  verb: "retry",
  summary: "Repeats at once what waits for an attempt or a person: of one step, or of all.",
  step: "optional",
  done: "retried",
  unchanged: "nothing there waits for an attempt or a person",
  run: (control, id, owner, step) => control.retry(id, { ...owner, ...(step !== undefined && { step }) }),
});

export const sagaSkip: Command = toCommand({
  verb: "skip",
  summary: "Passes over a step, or the compensation of a step, that waits or is suspended.",
  step: "required",
  done: "continued without the step",
  run: (control, id, owner, step = "") => control.skip(id, step, owner),
});

export const sagaCancel: Command = toCommand({
  verb: "cancel",
  summary: "Compensates a saga whose pivot is not done.",
  done: "cancelled",
  unchanged: "it is being compensated already; resume it if it is suspended",
  run: (control, id, owner) => control.cancel(id, owner),
});
