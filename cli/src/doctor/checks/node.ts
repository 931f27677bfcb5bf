import { type Check, error, ok } from "../findings/index.js";
import { isInRange } from "../packages/index.js";

/** The releases of Node on which Potter runs, as its packages declare them. */
const range = ">=20.19";

/** The version of Node. */
export const node: Check = {
  name: "node",
  step: "looking at Node",
  run: () => [
    isInRange(process.versions.node, range) === true
      ? ok(`Node ${process.versions.node}`)
      : error(
          `Node ${process.versions.node} is too old: Potter needs ${range}`,
          "install a newer Node: https://nodejs.org",
        ),
  ],
};
