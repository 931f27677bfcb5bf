import { PotterError } from "../../../errors/index.js";
import type { Command } from "../command.js";
import { printable, printCount, printCountOf, printTable } from "../terminal/index.js";
import { findSaga, readOwner, tenant } from "./find-saga.js";

export const sagaVerify: Command = {
  name: "saga verify",
  summary:
    "Compares the journals of sagas that have not ended with the definition of this app. Exits with 1 if one does not match.",
  operands: "<saga>",
  arity: [1, 1],
  options: { tenant, json: { help: "print lines of JSON" } },
  examples: ["potter saga verify Checkout"],
  async run(invocation) {
    const { options, terminal } = invocation;
    const [name = ""] = options.operands;
    const { checked, problems } = await (await findSaga(invocation)).verify(readOwner(invocation));
    if (options.has("json")) {
      for (const problem of problems) await terminal.write(`${JSON.stringify(problem)}\n`);
    } else if (problems.length > 0) {
      const rows = problems.map(({ id, version, problem }) => [printable(id), String(version), printable(problem)]);
      await terminal.write(printTable(["ID", "VERSION", "PROBLEM"], rows));
    }
    if (problems.length > 0) {
      const sagas = new Set(problems.map(({ id }) => id)).size;
      throw new PotterError(
        "failed_precondition",
        `${printCount(sagas)} of ${printCountOf(checked, "saga")} of ${name} do not match this definition`,
      );
    }
    terminal.log(
      `${printCountOf(checked, "saga")} of ${name} ${checked === 1 ? "matches" : "match"} this definition\n`,
    );
  },
};
