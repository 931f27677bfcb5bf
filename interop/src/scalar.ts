import { validate } from "@scalar/openapi-parser";
import type { Checker } from "./tool.js";

/** Scalar's parser, of the documentation pages of the same name. Its schema of 3.2 refuses every schema object. */
export const scalar: Checker = {
  name: "scalar",
  versions: ["3.0", "3.1"],
  kind: "checker",
  async check({ text }) {
    const { valid, errors = [] } = await validate(text);
    return valid ? [] : errors.map(({ message, path }) => `${JSON.stringify(path ?? "")} ${message}`);
  },
};
