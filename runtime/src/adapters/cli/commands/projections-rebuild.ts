import { setTimeout as sleep } from "node:timers/promises";
import { PotterError } from "../../../errors/index.js";
import type { Command } from "../command.js";
import { Progress, printCountOf } from "../terminal/index.js";
import { Interrupted } from "../usage-error.js";
import { openProjection } from "./projections.js";

/** How often the progress of the build is read, in milliseconds. */
const interval = 100;

export const projectionsRebuild: Command = {
  name: "projections rebuild",
  summary: "Rebuilds a read model next to the live one, and promotes the new build when it has caught up.",
  operands: "<read model>",
  arity: [1, 1],
  options: { "no-wait": { help: "only begin the build: the processes of the service run it" } },
  examples: ["potter projections rebuild OrderView"],
  async run(invocation) {
    const { options, terminal } = invocation;
    const { app, name } = await openProjection(invocation);
    const { generation } = await app.projection(name).rebuild();
    if (options.has("no-wait")) {
      terminal.log(`build ${generation} started\n`);
      return;
    }
    // No process of the service may run, or it cannot beside this one. No other part of the app works here.
    await app.open({ work: [name] });
    const control = app.projection(name);
    const head = control.status?.head ?? 0;
    const progress = new Progress(terminal, { verb: "rebuilt", from: 0, to: head });
    for (;;) {
      const build = control.builds.find((one) => one.generation === generation);
      const position = build?.position ?? 0;
      if (build?.state === "live") return progress.end(`rebuilt ${progress.rate(position)}, new build promoted`);
      if (build !== undefined && build.deadLetters > 0 && build.lag === 0) {
        progress.clear();
        throw new PotterError(
          "failed_precondition",
          `the build has ${printCountOf(build.deadLetters, "dead letter")} and is not promoted: run potter projections dead-letters ${options.operands[0]}`,
        );
      }
      if (build?.paused === true) {
        progress.clear();
        throw new PotterError(
          "failed_precondition",
          `the projection is paused, so the build makes no progress: run potter projections resume ${options.operands[0]}`,
        );
      }
      progress.update(position, position);
      if (terminal.signal.aborted) {
        progress.clear();
        throw new Interrupted("stopped waiting: the processes of the service continue the build");
      }
      await sleep(interval);
    }
  },
};
