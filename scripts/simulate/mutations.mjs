// Guards of sagas. Each entry removes one: a simulation without it must find a violation.

const edit = (file, from, to) => ({ file, from, to });

/** `edits`: texts of `runtime/dist` that are replaced; `bank`: a guard that the commanded service has to have. */
export const mutations = {
  "epoch of outcomes": {
    edits: [
      edit("saga/machine/outcome.js", "command.epoch !== undefined && command.epoch !== epoch", "false"),
      edit("saga/machine/outcome.js", '"undoing") && command.epoch === epoch', '"undoing")'),
    ],
  },
  "compare and set": {
    edits: [edit("store/memory/memory-row-store.js", "if (!used.every(isSame))", "if (false)")],
  },
  "deterministic command id": {
    edits: [edit("saga/engine/command-runner.js", "phase, element);", "phase, element, action.epoch);")],
  },
  "frozen request": {
    edits: [edit("saga/machine/begin-step.js", "request ?? recreate(", "recreate(")],
  },
  "compensation of commands in doubt": {
    edits: [edit("saga/machine/advance.js", '(status === "done" || status === "unknown")', '(status === "done")')],
  },
  "doubt after an unknown outcome": {
    edits: [edit("saga/machine/outcome.js", 'before.doubt || (outcome === "unknown" && !step.isLocal)', "false")],
  },
  "compensation waits for commands under way": {
    edits: [
      edit(
        "saga/machine/advance.js",
        'return draft.state(name).commands.some(({ status }) => status === "sent");',
        "return false;",
      ),
    ],
  },
  "nothing is compensated after the pivot": {
    edits: [edit("saga/machine/begin-step.js", "if (step.definition.pivot)", "if (false)")],
  },
  "steps wait for those before them": {
    edits: [edit("saga/machine/advance.js", "step.after.every((name) => isPassed(draft.state(name)))", "true")],
  },
  "timers are not early": {
    edits: [edit("saga/machine/due.js", "state.timerAt <= now", "state.timerAt <= now + 3_000")],
  },
};
