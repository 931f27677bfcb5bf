import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainWatchError } from "../../watch-error.js";
import { type Check, error, type Finding, messageOf, ok, warning } from "../findings/index.js";

/** How long an event of the file system may take, in milliseconds. */
const patience = 5000;

/** Writes a file and waits for its event, as `potter watch` does. */
export const watchProbe: Check = {
  name: "watch",
  step: "waiting for an event of the file system",
  run: async (folder) => {
    let probe: string;
    try {
      probe = mkdtempSync(join(folder, ".potter-doctor-"));
    } catch (thrown) {
      return [error(`cannot write into ${folder}: ${messageOf(thrown)}`, "run potter as a user that may write there")];
    }
    try {
      return [await waitForEvent(probe)];
    } finally {
      rmSync(probe, { recursive: true, force: true });
    }
  },
};

async function waitForEvent(probe: string): Promise<Finding> {
  const { watch } = await import("chokidar");
  const watcher = watch(probe, { ignoreInitial: true });
  try {
    return await new Promise<Finding>((done) => {
      const timer = setTimeout(() => {
        done(
          warning(
            "no event came for a file that was written here: a mount of Docker or WSL may send none",
            "npx potter watch --poll",
          ),
        );
      }, patience);
      const finish = (finding: Finding): void => {
        clearTimeout(timer);
        done(finding);
      };
      watcher.on("error", (thrown) => finish(error(explainWatchError(thrown).message, "npx potter watch --poll")));
      watcher.on("add", () => finish(ok("the file system reports changes")));
      watcher.on("ready", () => writeFileSync(join(probe, "probe.txt"), "written by potter doctor\n"));
    });
  } finally {
    await watcher.close();
  }
}
