import { type RulesetDefinition, Spectral } from "@stoplight/spectral-core";
import { oas } from "@stoplight/spectral-rulesets";
import type { Judge } from "./judge.js";

/** Spectral with its ruleset `oas` as it is recommended, warnings and hints included. */
export const spectral: Judge = {
  name: "spectral",
  versions: ["3.0", "3.1", "3.2"],
  weight: "light",
  async judge({ value }) {
    const linter = new Spectral();
    linter.setRuleset({ extends: [[oas as RulesetDefinition, "recommended"]] });
    const results = await linter.run({ ...structuredClone(value) });
    return results.map(({ code, message, path }) => `${code}: ${message} ${path.join("/")}`);
  },
};
