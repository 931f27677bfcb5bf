import { setTimeout as sleep } from "node:timers/promises";
import { PotterError } from "../../../errors/index.js";
import type { Command } from "../command.js";
import { Progress } from "../progress.js";
import { printCount } from "../time.js";
import { Interrupted } from "../usage-error.js";
import { findProjection } from "./projections.js";

/** How often to look how far it is, in milliseconds. */
const interval = 100;

export const eventsRebuild: Command = {
  name: "events rebuild",
  summary: "Builds a read model anew beside the one that answers, and swaps when it has caught up.",
  operands: "<read model>",
  arity: [1, 1],
  options: { "no-wait": { help: "only begin: processes of the service go on with it" } },
  examples: ["potter events rebuild OrderView"],
  async run(invocation) {
    const { options, terminal } = invocation;
    const control = await findProjection(invocation);
    const { generation } = await control.rebuild();
    if (options.has("no-wait")) {
      terminal.tell(`build ${generation} has begun\n`);
      return;
    }
    const head = control.status?.head ?? 0;
    const progress = new Progress(terminal, { verb: "rebuilt", from: 0, to: head });
    for (;;) {
      const build = control.builds.find((one) => one.generation === generation);
      const position = build?.position ?? 0;
      if (build?.state === "live") return progress.end(`rebuilt ${progress.rate(position)}, and swapped in`);
      if (build !== undefined && build.deadLetters > 0 && build.lag === 0) {
        progress.clear();
        throw new PotterError(
          "failed_precondition",
          `${printCount(build.deadLetters)} events could not be applied, so the build is not swapped in: see potter projections dead-letters ${options.operands[0]}`,
        );
      }
      if (build?.paused === true) {
        progress.clear();
        throw new PotterError(
          "failed_precondition",
          `the projection is paused, so the build waits: potter projections resume ${options.operands[0]}`,
        );
      }
      progress.update(position, position);
      if (terminal.signal.aborted) {
        progress.clear();
        throw new Interrupted("stopped waiting: the build goes on wherever the service runs");
      }
      await sleep(interval);
    }
  },
};
