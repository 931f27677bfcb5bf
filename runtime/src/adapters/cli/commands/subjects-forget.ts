import type { Command } from "../command.js";

export const subjectsForget: Command = {
  name: "subjects forget",
  summary: "Deletes the key of a subject's personal data: nobody can read that any more, anywhere.",
  operands: "<subject>",
  arity: [1, 1],
  options: { tenant: { value: "tenant", help: "of which the subject is; required where the contract has tenants" } },
  async run({ options, terminal, target }) {
    const app = await (await target()).start();
    const subject = options.operands[0] ?? "";
    const forgotten = await app.eraseSubject(subject, options.text("tenant"));
    terminal.tell(forgotten ? "forgotten\n" : "nothing is known of this subject; it stays so\n");
  },
};
