// Third-party checkers find no problem in the documents of the repository's own contracts.
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { versions } from "./document.js";
import { outputs, writeDocuments, writeTexts } from "./documents.js";
import { findProblems } from "./find-problems.js";
import { contracts } from "./sources.js";
import { checkers } from "./tools.js";

describe.each(contracts)("the documents of %s", (_, request) => {
  it.each(versions)("are correct OpenAPI %s in every output mode", async (version) => {
    const merged = writeDocuments(request(), version);
    expect(merged).toHaveLength(1);
    // A split document that equals a merged one except for its name is not checked twice.
    const texts = new Set(merged.map(({ text }) => text));
    const others = (["file", "service"] as const).flatMap((output) => writeDocuments(request(), version, output));
    const different = others.filter(({ text }) => texts.size < texts.add(text).size);
    expect(others).not.toEqual([]);
    const problems: string[] = [];
    for (const tool of checkers.filter(({ versions: supported }) => supported.includes(version))) {
      problems.push(...(await findProblems(tool, [...merged, ...different])));
    }
    expect(problems).toEqual([]);
  });

  it.each(versions)("of %s have the same content in JSON, in YAML 1.2 and in YAML 1.1", (version) => {
    for (const output of outputs) {
      const json = writeTexts(request(), version, output, "json");
      const yaml = writeTexts(request(), version, output, "yaml");
      expect(yaml.map(({ name }) => name.replace(/yaml$/, "json"))).toEqual(json.map(({ name }) => name));
      for (const [at, { content }] of yaml.entries()) {
        const value: unknown = JSON.parse(json[at]?.content ?? "");
        expect(parse(content)).toEqual(value);
        expect(parse(content, { version: "1.1" })).toEqual(value);
      }
    }
  });
});

it.each(versions)("the documents of apps whose clients wait are correct OpenAPI %s", async (version) => {
  const waiting = contracts.filter(([name]) => ["shop", "annotated", "streaming"].includes(name));
  const documents = waiting.flatMap(([, request]) => [
    ...writeDocuments(request(), version, "merged", { waits: "on" }),
    ...writeDocuments(request(), version, "service", { waits: "on" }),
  ]);
  expect(documents.filter(({ text }) => text.includes("/potter/v1/waits/{token}")).length).toBeGreaterThan(3);
  const problems: string[] = [];
  for (const tool of checkers.filter(({ versions: supported }) => supported.includes(version))) {
    problems.push(...(await findProblems(tool, documents)));
  }
  expect(problems).toEqual([]);
});
