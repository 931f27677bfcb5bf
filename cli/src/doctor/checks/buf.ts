import { BufNotStarted, findBuf, runBuf } from "../../buf/index.js";
import { type Check, error, messageOf, ok } from "../findings/index.js";
import { isInRange } from "../packages/index.js";

/** The releases of buf that read version v2 of its files. */
const range = ">=1.32.0";

/** The program buf, which compiles the contract. */
export const buf: Check = {
  name: "buf",
  step: "starting buf",
  run: async (folder) => {
    const remedy = "npm install --save-dev @bufbuild/buf@latest";
    try {
      const { status, stdout, stderr } = await runBuf(["--version"], folder);
      const version = stdout.toString("utf8").trim();
      if (status !== 0) return [error(`buf ends with exit code ${status}: ${stderr.trim()}`, remedy)];
      const where = findBuf(folder).version === undefined ? "from the PATH" : "of @bufbuild/buf";
      return isInRange(version, range) === false
        ? [error(`buf ${version} ${where} is too old: ${range} is needed`, remedy)]
        : [ok(`buf ${version} ${where}`)];
    } catch (thrown) {
      if (thrown instanceof BufNotStarted) return [error(thrown.reason, thrown.remedy)];
      return [error(messageOf(thrown), remedy)];
    }
  },
};
