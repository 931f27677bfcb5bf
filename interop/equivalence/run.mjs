// Compares all surfaces by random calls: npm run equivalence -- --calls 100000 --seed 7 --surfaces REST
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { calls: { type: "string" }, seed: { type: "string" }, surfaces: { type: "string" } },
});
const env = {
  ...process.env,
  ...(values.calls !== undefined && { POTTER_CALLS: values.calls }),
  ...(values.seed !== undefined && { POTTER_SEED: values.seed }),
  ...(values.surfaces !== undefined && { POTTER_SURFACES: values.surfaces }),
};
const run = fileURLToPath(new URL("../run.mjs", import.meta.url));
const { status } = spawnSync(process.execPath, [run, "equivalence", "--silent=false"], { env, stdio: "inherit" });
process.exit(status ?? 1);
