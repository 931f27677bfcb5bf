// Committed transitions of sagas: what each of them must not do.
import { isLocalStep } from "./sagas.mjs";

/** Codes after which another attempt may succeed. */
const passing = new Set(["unavailable", "resource_exhausted", "deadline_exceeded"]);
const underWay = new Set(["sent", "undoing"]);
/** What a command is that was carried out, whatever followed. */
const succeeded = new Set(["done", "undo_waiting", "undoing", "undo_blocked", "undone"]);

/** A saga as its row has it. undefined: there is no row. */
export function toSaga(row) {
  return (
    row && {
      ...(row.journal.saga ?? JSON.parse(row.journal.text)),
      row,
      status: row.status,
      started: row.started,
      data: row.data,
      paused: row.paused,
    }
  );
}

/** Adds what a transition breaks. `was` undefined: the saga is new. `at`: when it was committed, by the store's clock. */
export function checkTransition(was, is, at, violations) {
  if (is.status === "suspended" && is.pivoted && passing.has(is.failure?.code)) {
    violations.add("ends", "a saga whose pivot is done was suspended for a failure that passes");
  }
  if (was === undefined) return;
  if (was.started !== is.started) violations.add("once", "a saga was started a second time");
  if (was.status === "compensated" || (was.status === "completed" && is.status !== "compensating")) {
    violations.add("ends", "a saga has changed after its end");
  }
  for (const [step, { timerAt, status }] of Object.entries(was.steps)) {
    const isDone = status === "running" && is.steps[step]?.status === "done";
    if (timerAt !== undefined && isDone && timerAt > at) {
      violations.add("timers", `a timer was stored as over ${Math.ceil(timerAt - at)} ms early`);
    }
  }
}

/** The commands that were under way before a commit, and are not after it or were begun again. It may be of several transitions. */
export function endedCommands(id, was, is) {
  return Object.entries(was?.steps ?? {}).flatMap(([step, { commands }]) => {
    const nextOf = (element) => is.steps[step]?.commands[element];
    // Under another epoch it was taken over, or it has ended and was begun again.
    const isAgain = ({ status, epoch, left }, element) =>
      left !== "unsent" && nextOf(element)?.status === status && nextOf(element).epoch !== epoch;
    const takenOver = ({ history }) => history.filter((one) => one.event === "taken_over" && one.step === step).length;
    const again = commands.filter((one, element) => underWay.has(one.status) && isAgain(one, element));
    const hasEndedAgain = again.length > takenOver(is) - takenOver(was);
    return commands.flatMap((one, element) => {
      const { status, epoch } = one;
      const next = nextOf(element)?.status;
      const hasEnded = next !== status || (hasEndedAgain && isAgain(one, element));
      return underWay.has(status) && hasEnded
        ? [{ name: commandName(id, step, element, epoch), step, element, epoch, next }]
        : [];
    });
  });
}

/** What the local commands that have ended with success between two versions of a saga did, in the order of its steps. It may be of several transitions. */
export function localEffects(id, was, is) {
  return Object.entries(is.steps).flatMap(([step, { commands }]) =>
    isLocalStep(id, step)
      ? commands.flatMap(({ status }, element) => {
          const before = was?.steps[step]?.commands[element]?.status;
          const phases = [];
          // What is done while its saga is compensated is undone at once; a local command is never compensated in doubt.
          if (succeeded.has(status) && !succeeded.has(before)) phases.push("do");
          if (status === "undone" && before !== "undone") phases.push("undo");
          return phases.map((phase) => `${is.data.id} ${step} ${element} ${phase}`);
        })
      : [],
  );
}

export function commandName(id, step, element, epoch) {
  return `${id} ${step} ${element} ${epoch}`;
}
