import type { Command } from "../command.js";

export const subjectsErase: Command = {
  name: "subjects erase",
  summary: "Deletes the encryption key of a data subject: its personal data becomes unreadable, permanently.",
  operands: "<subject>",
  arity: [1, 1],
  options: { tenant: { value: "tenant", help: "tenant of the subject; required if the contract has tenants" } },
  async run({ options, terminal, target }) {
    const app = await (await target()).open();
    const subject = options.operands[0] ?? "";
    const erased = await app.eraseSubject(subject, options.text("tenant"));
    terminal.log(erased ? "erased\n" : "no personal data of this subject exists; it is marked as erased\n");
  },
};
