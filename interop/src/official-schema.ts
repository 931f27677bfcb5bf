import { Validator } from "@seriousme/openapi-schema-validator";
import type { Tool } from "./tool.js";

// It keeps the compiled schemas.
const validator = new Validator();

/** The schemas that the OpenAPI Initiative publishes, and whether each reference leads somewhere. */
export const officialSchema: Tool = {
  name: "official schema",
  versions: ["3.0", "3.1", "3.2"],
  weight: "light",
  async check({ value }) {
    const { valid, errors = [] } = await validator.validate({ ...structuredClone(value) });
    if (valid) return [];
    if (typeof errors === "string") return [errors];
    return errors.map(
      ({ instancePath, message, params }) => `${instancePath} ${message ?? "is wrong"} ${JSON.stringify(params)}`,
    );
  },
};
