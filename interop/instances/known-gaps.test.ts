import type { JsonValue } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { truthContract } from "./contract.js";
import { versions } from "./documents.js";
import { findGap, knownGaps } from "./known-gaps.js";
import { findSurplus, knownSurplus } from "./known-surplus.js";
import { Oracle } from "./oracle.js";
import { SchemaValidator } from "./schema-validator.js";

const truth = truthContract();
const validators = versions.map((version) => new SchemaValidator(truth, version));

describe("known gaps of schemas", () => {
  it.each(knownGaps)("$name: the runtime rejects it and the schema accepts it", async (gap) => {
    const { message, json, label = "" } = gap.example;
    const index = truth.messages.findIndex(({ typeName }) => typeName === `truth.v1.${message}`);
    const desc = truth.messages[index];
    if (desc === undefined) throw new Error(`there is no ${message}`);
    const verdict = (await Oracle.create(desc)).decide(json);
    expect(verdict.refused).toBe(true);
    if (!verdict.refused) return;
    for (const validator of validators) {
      const accepted = validator.complaint(index, "output", json) === undefined;
      expect(accepted).toBe((gap.versions ?? versions).includes(validator.version));
      if (accepted) expect(findGap({ ...verdict, version: validator.version, label, json })?.name).toBe(gap.name);
    }
  });
});

describe("known surplus of the runtime", () => {
  it.each(knownSurplus)("$name: the runtime reads and writes it and the schema rejects it", async (surplus) => {
    const { message, json } = surplus.example;
    const index = truth.messages.findIndex(({ typeName }) => typeName === `truth.v1.${message}`);
    const desc = truth.messages[index];
    if (desc === undefined) throw new Error(`there is no ${message}`);
    const oracle = await Oracle.create(desc);
    const verdict = oracle.decide(json);
    if (verdict.refused) throw new Error("it is refused");
    expect(findSurplus(desc, verdict.message)?.name).toBe(surplus.name);
    expect(oracle.write(verdict.message)).toEqual(json);
    for (const validator of validators.filter(({ version }) => message === "Enums" || version !== "3.0")) {
      expect(validator.complaint(index, "output", json)).toBeDefined();
    }
  });
});

it("schemas accept a tree of the greatest depth that the codec reads", async () => {
  const index = truth.messages.findIndex(({ typeName }) => typeName === "truth.v1.Tree");
  const desc = truth.messages[index];
  if (desc === undefined) throw new Error("there is no Tree");
  let tree: JsonValue = {};
  for (let level = 1; level < 100; level++) tree = { label: `${level}`, child: tree };
  const verdict = (await Oracle.create(desc)).decide(tree);
  expect(verdict.refused).toBe(false);
  for (const validator of validators) expect(validator.complaint(index, "output", tree)).toBeUndefined();
});
