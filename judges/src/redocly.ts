import { type Config, createConfig, lintFromString, type NormalizedProblem } from "@redocly/openapi-core";
import type { Judge } from "./judge.js";

/** What the specification says, and what makes a good document. */
const rulesets = ["spec", "recommended-strict"];

let configs: Promise<readonly Config[]> | undefined;

/** Redocly's linter. */
export const redocly: Judge = {
  name: "redocly",
  versions: ["3.0", "3.1", "3.2"],
  weight: "light",
  async judge({ text }) {
    configs ??= Promise.all(rulesets.map((ruleset) => createConfig({ extends: [ruleset] })));
    const complaints = new Set<string>();
    for (const config of await configs) {
      const problems = await lintFromString({ source: text, absoluteRef: "/openapi.yaml", config });
      for (const problem of problems) complaints.add(print(problem));
    }
    return [...complaints];
  },
};

function print({ ruleId, message, location: [location] }: NormalizedProblem): string {
  const place = location === undefined || !("pointer" in location) ? "" : (location.pointer ?? "");
  return `${ruleId}: ${message} ${place}`;
}
