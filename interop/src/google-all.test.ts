// The documents of all of Google's APIs pass the official schema.
import { describe, expect, it } from "vitest";
import { groupGoogleProtos, requestGoogleProtos } from "../../generator/dist/testing/index.js";
import { type Version, versions } from "./document.js";
import { readDocument, writeTexts } from "./documents.js";
import { findProblems } from "./find-problems.js";
import { officialSchema } from "./official-schema.js";

describe("the documents of all of Google's APIs", () => {
  const groups = [...groupGoogleProtos()];
  // The generations of Google Ads differ little, so each is checked in a different OpenAPI version.
  const rows = groups.map(([name, folders], at): [string, Version, readonly string[]] => [
    name,
    name === "all others" ? "3.0" : (versions[at % versions.length] ?? "3.1"),
    folders,
  ]);

  it.each(rows)("%s: pass the official schema of OpenAPI %s", async (name, version, folders) => {
    const files = writeTexts(requestGoogleProtos(folders), version, "file", "json");
    expect(files.length).toBeGreaterThan(name === "all others" ? 1000 : 100);
    const problems: string[] = [];
    // One at a time: together they exceed a hundred megabytes.
    for (const file of files) problems.push(...(await findProblems(officialSchema, [readDocument(file, version)])));
    expect(problems).toEqual([]);
  });
});
