import { existsSync } from "node:fs";
import { findRunning } from "../../write/index.js";
import { type Check, ok, warning } from "../findings/index.js";

/** Whether another potter writes into the project. */
export const runLock: Check = {
  name: "run-lock",
  step: "looking for other runs",
  run: (folder) => {
    const running = existsSync(folder) ? findRunning(folder) : undefined;
    if (running === undefined) return [ok("no other potter is writing into this folder")];
    return [
      warning(
        `process ${running.pid} has been writing into this folder for ${Math.round(running.milliseconds / 1000)} s`,
        `wait for it. If it hangs, end process ${running.pid}, and delete ${running.path}`,
      ),
    ];
  },
};
