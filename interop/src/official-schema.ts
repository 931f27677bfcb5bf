import { Validator } from "@seriousme/openapi-schema-validator";
import type { Checker } from "./tool.js";

// It keeps the compiled schemas.
const validator = new Validator();

/** The schemas that the OpenAPI Initiative publishes, and whether each reference leads somewhere. */
export const officialSchema: Checker = {
  name: "official schema",
  versions: ["3.0", "3.1", "3.2"],
  kind: "checker",
  async check({ value }) {
    const { valid, errors = [] } = await validator.validate({ ...structuredClone(value) });
    if (valid) return [];
    if (typeof errors === "string") return [errors];
    return errors.map(
      ({ instancePath, message, params }) => `${instancePath} ${message ?? "is wrong"} ${JSON.stringify(params)}`,
    );
  },
};
