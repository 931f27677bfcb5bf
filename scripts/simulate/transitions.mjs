// Committed transitions of sagas: what each of them must not do.

/** Codes after which another attempt may succeed. */
const passing = new Set(["unavailable", "resource_exhausted", "deadline_exceeded"]);
const underWay = new Set(["sent", "undoing"]);

/** A saga as its row has it. undefined: there is no row. */
export function toSaga(row) {
  return (
    row && {
      ...(row.journal.value ?? JSON.parse(row.journal.text)),
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

/** The commands that were under way before a transition, and are not after it. */
export function endedCommands(id, was, is) {
  return Object.entries(was?.steps ?? {}).flatMap(([step, { commands }]) =>
    commands.flatMap(({ status, epoch }, element) => {
      const next = is.steps[step]?.commands[element]?.status;
      return underWay.has(status) && next !== status
        ? [{ name: commandName(id, step, element, epoch), step, element, epoch, next }]
        : [];
    }),
  );
}

export function commandName(id, step, element, epoch) {
  return `${id} ${step} ${element} ${epoch}`;
}
