import { type Config, createConfig, lintFromString, type NormalizedProblem } from "@redocly/openapi-core";
import type { Checker } from "./tool.js";

/** The rules of the specification, and recommendations for good documents. */
const rulesets = ["spec", "recommended-strict"];

let configs: Promise<readonly Config[]> | undefined;

/** Redocly's linter. */
export const redocly: Checker = {
  name: "redocly",
  versions: ["3.0", "3.1", "3.2"],
  kind: "checker",
  async check({ text }) {
    configs ??= Promise.all(rulesets.map((ruleset) => createConfig({ extends: [ruleset] })));
    const lines = new Set<string>();
    for (const config of await configs) {
      const problems = await lintFromString({ source: text, absoluteRef: "/openapi.yaml", config });
      for (const problem of problems) lines.add(print(problem));
    }
    return [...lines];
  },
};

function print({ ruleId, message, location: [location] }: NormalizedProblem): string {
  const place = location === undefined || !("pointer" in location) ? "" : (location.pointer ?? "");
  return `${ruleId}: ${message} ${place}`;
}
