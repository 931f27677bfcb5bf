import { type RulesetDefinition, Spectral } from "@stoplight/spectral-core";
import { oas } from "@stoplight/spectral-rulesets";
import type { Checker } from "./tool.js";

/** Spectral with its ruleset `oas` as it is recommended, warnings and hints included. */
export const spectral: Checker = {
  name: "spectral",
  versions: ["3.0", "3.1", "3.2"],
  kind: "checker",
  except: [
    {
      problem: /^operation-description: /,
      why: "an operation is described by the comment of its rpc; one sentence is its summary, and is not said twice",
      contract: "shop",
    },
    {
      problem: /hasOwnProperty is not a function/,
      why: "its resolver of references takes a property of that name for the method of JavaScript",
      contract: "hostile-names",
    },
  ],
  async check({ value }) {
    const linter = new Spectral();
    linter.setRuleset({ extends: [[oas as RulesetDefinition, "recommended"]] });
    const results = await linter.run({ ...structuredClone(value) });
    return results.map(({ code, message, path }) => `${code}: ${message} ${path.join("/")}`);
  },
};
