// Guards of sagas. Each entry removes one: a simulation without it must find a violation.

const edit = (file, from, to) => ({ file, from, to });

/**
 * `edits`: texts of `runtime/dist` that are replaced; `bank`: a guard that the commanded service has to have; `guards`: those of a store
 * that commits events and rows together.
 */
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
    edits: [edit("saga/commands/command-options.js", "phase, element);", "phase, element, action.epoch);")],
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
  "pivot under way": {
    edits: [
      edit("saga/machine/advance.js", 'return status === "running" && others.some(', "return false && others.some("),
    ],
  },
  "nothing is compensated after the pivot": {
    edits: [edit("saga/machine/begin-step.js", "if (step.definition.pivot)", "if (false)")],
  },
  "steps wait for those before them": {
    edits: [edit("saga/machine/advance.js", "step.after.every((name) => isPassed(draft.state(name)))", "true")],
  },
  "compensations run in reverse order": {
    edits: [
      edit(
        "saga/machine/advance.js",
        "if (!step.dependents.every((name) => isOver(draft.steps.get(name))))",
        "if (false)",
      ),
    ],
  },
  "retries after the pivot": {
    edits: [edit("saga/machine/outcome.js", "(pivoted || !isFinal)", "!isFinal")],
  },
  "timers are not early": {
    edits: [edit("saga/machine/due.js", "state.timerAt <= now", "state.timerAt <= now + 3_000")],
  },
  "the store's clock": {
    edits: [edit("saga/transaction/store-clock.js", "Math.floor(this.elapsed)", "Date.now()")],
  },
  "idempotent start": {
    edits: [
      edit(
        "saga/transaction/transitions.js",
        '!== undefined)\n            return "exists";',
        '=== null)\n            return "exists";',
      ),
    ],
  },
  "takeover of lost commands": {
    edits: [edit("saga/machine/due.js", "note(command.lease)", "void 0")],
  },
  "early events are kept": {
    edits: [edit("saga/machine/reduce.js", '(status === "waiting" && !definition.ignoreEarly)', "false")],
  },
  "an ended saga stays as it is": {
    edits: [
      edit(
        "saga/machine/reduce.js",
        'if (status === "completed" || status === "compensated")\n        return "ended";',
        "",
      ),
    ],
  },
  "due in the row": {
    edits: [edit("saga/row/saga-table.js", ": dueOf(saga)", ": 0")],
  },
  "children are compensated": {
    edits: [edit("saga/machine/advance.js", 'definition.kind === "saga" || (definition', "(definition")],
  },
  "parents hear of their children": {
    edits: [edit("saga/machine/advance.js", 'draft.related.push({ kind: "tell_parent"', 'void ({ kind: "tell_parent"')],
  },
  "an outcome is stored until the store answers": {
    edits: [
      edit("saga/commands/command-runner.js", "!isTemporary(error) ||", "true ||"),
      edit("saga/machine/due.js", "note(command.lease)", "void 0"),
    ],
  },
  "events of a local step with its transition": {
    edits: [edit("aggregate/commands/command-run.js", "const join = joined &&", "const join = undefined &&")],
  },
  "a local step of an old epoch is refused": {
    edits: [edit("saga/commands/joined-commands.js", "throw new Fenced(reason);", "return;")],
  },
  "a local step has no doubt": {
    edits: [edit("saga/machine/outcome.js", 'outcome === "unknown" && !step.isLocal', 'outcome === "unknown"')],
  },
  "expected version of a stream": {
    edits: [edit("store/memory/memory-refusals.js", "actualVersion === expectedVersion", "true")],
  },
  "record of a command": {
    edits: [edit("store/memory/memory-commands.js", "known = commands.recorded.get(command.id)", "known = undefined")],
  },
  "an event reaches all sagas that wait for it": {
    edits: [edit("saga/transaction/keyed-events.js", "ids.map(deliver)", "ids.slice(0, 1).map(deliver)")],
  },
  "an event looks for sagas once more after it was kept": {
    edits: [
      edit(
        "saga/transaction/keyed-events.js",
        "(await deliverToAll(rows, saga, received, deliver)) ? undefined : ignored",
        "ignored",
      ),
    ],
  },
  "a saga that begins to wait takes the event that was kept": {
    edits: [edit("saga/transaction/transitions.js", "if (event !== undefined)", "if (false)")],
  },
  "rows of joined commands": { guards: { joined: false } },
  "row versions of joined commands": { guards: { rows: false } },
  "command record of the receiver": { bank: { forgetful: true } },
  "bar of a late command": { bank: { naive: true } },
};
