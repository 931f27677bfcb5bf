import { it } from "vitest";
import { coordinatorLogConformance } from "../conformance/two-phase-commit/index.js";
import { memoryCoordinatorLog } from "./memory-log.js";

const open = async () => {
  const log = memoryCoordinatorLog();
  return { log, peer: () => log, close: async () => {} };
};

for (const { name, run } of coordinatorLogConformance(open)) it(name, run);
