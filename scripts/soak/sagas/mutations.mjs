// Guards of sagas that are removed to see that the test notices. Most are those of the simulation.
import { mutations as simulated } from "../../simulate/mutations.mjs";

const edit = (file, from, to) => ({ file, from, to });
const transactions = "sql/rows/sql-row-transactions.js";

const shared = [
  "epoch of outcomes",
  "deterministic command id",
  "frozen request",
  "compensations run in reverse order",
  "compensation of commands in doubt",
  "doubt after an unknown outcome",
  "compensation waits for commands under way",
  "steps wait for those before them",
  "timers are not early",
  "the store's clock",
  "takeover of lost commands",
  "an ended saga stays as it is",
  "due in the row",
  "children are compensated",
  "parents hear of their children",
  "command record of the receiver",
  "bar of a late command",
];

/** `edits` and `bank`: as in the simulation. */
export const mutations = {
  "compare and set": {
    edits: [
      edit(transactions, "if (read === undefined)", "if (true)"),
      edit(transactions, "rows.map(({ read }) => read !== undefined)", "rows.map(() => false)"),
      edit("sql/append/inline-values.js", "rows.map(({ read }) => read !== undefined)", "rows.map(() => false)"),
    ],
  },
  "record of a command": {
    edits: [edit("aggregate/commands/command-run.js", "if (record !== undefined)", "if (false)")],
  },
  ...Object.fromEntries(shared.map((name) => [name, simulated[name]])),
};
