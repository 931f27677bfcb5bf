import { validate } from "@scalar/openapi-parser";
import type { Tool } from "./tool.js";

/** Scalar's parser, of the documentation pages of the same name. Its schema of 3.2 refuses every schema object. */
export const scalar: Tool = {
  name: "scalar",
  versions: ["3.0", "3.1"],
  weight: "light",
  async check({ text }) {
    const { valid, errors = [] } = await validate(text);
    return valid ? [] : errors.map(({ message, path }) => `${JSON.stringify(path ?? "")} ${message}`);
  },
};
