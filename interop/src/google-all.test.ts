// Documents of all of Google's APIs by the official schema, which is fast enough for them.
import { describe, expect, it } from "vitest";
import { groupGoogleProtos, requestGoogleProtos } from "../../generator/dist/testing/index.js";
import { type Version, versions } from "./document.js";
import { readDocument, writeTexts } from "./documents.js";
import { findProblems } from "./find-problems.js";
import { officialSchema } from "./official-schema.js";

describe("all documents of Google", () => {
  const groups = [...groupGoogleProtos()];
  // The generations of Google Ads differ little, so each is checked in a different OpenAPI version.
  const rows = groups.map(([name, folders], at): [string, Version, readonly string[]] => [
    name,
    name === "all others" ? "3.0" : (versions[at % versions.length] ?? "3.1"),
    folders,
  ]);

  it.each(rows)(
    "%s: are OpenAPI %s by its official schema",
    async (name, version, folders) => {
      const files = writeTexts(requestGoogleProtos(folders), version, "file", "json");
      expect(files.length).toBeGreaterThan(name === "all others" ? 1000 : 100);
      const problems: string[] = [];
      // One after the other: together they are more than a hundred megabytes.
      for (const file of files) problems.push(...(await findProblems(officialSchema, readDocument(file, version))));
      expect(problems).toEqual([]);
    },
    400_000,
  );
});
