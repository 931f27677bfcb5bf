import SwaggerParser from "@apidevtools/swagger-parser";
import type { OpenAPI } from "openapi-types";
import type { Checker } from "./tool.js";

/** APIDevTools' parser, which much of the JavaScript ecosystem uses: it resolves all references and validates. */
export const swaggerParser: Checker = {
  name: "swagger-parser",
  versions: ["3.0", "3.1"],
  kind: "checker",
  async check({ value }) {
    try {
      const api = structuredClone(value) as unknown as OpenAPI.Document;
      await SwaggerParser.validate(api, { resolve: { external: false } });
      return [];
    } catch (error) {
      return [String(error)];
    }
  },
};
