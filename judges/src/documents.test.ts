// What judges of any document say of the documents of the repository's own contracts.
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ask } from "./ask.js";
import { versions } from "./document.js";
import { outputs, writeDocuments, writeTexts } from "./documents.js";
import { judges } from "./judges.js";
import { contracts } from "./sources.js";

const light = judges.filter(({ weight }) => weight === "light");

describe.each(contracts)("the documents of %s", (_, request) => {
  it.each(versions)("are good OpenAPI %s, however they are cut", async (version) => {
    const asked = light.filter((judge) => judge.versions.includes(version));
    const merged = writeDocuments(request(), version);
    expect(merged).toHaveLength(1);
    // What is cut is not judged again where it is the same but for its name.
    const texts = new Set(merged.map(({ text }) => text));
    const others = (["file", "service"] as const).flatMap((output) => writeDocuments(request(), version, output));
    const different = others.filter(({ text }) => texts.size < texts.add(text).size);
    expect(others).not.toEqual([]);
    const complaints: string[] = [];
    for (const document of [...merged, ...different]) {
      for (const judge of asked) {
        const said = await ask(judge, document);
        complaints.push(...said.map((text) => `${judge.name} of ${text}`));
      }
    }
    expect(complaints).toEqual([]);
  });

  it.each(versions)("of %s mean the same in JSON, in YAML 1.2 and in YAML 1.1", (version) => {
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
