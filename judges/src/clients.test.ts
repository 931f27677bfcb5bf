// Clients that others write from the documents of the repository's own contracts compile.
import { describe, expect, it } from "vitest";
import { ask } from "./ask.js";
import { versions } from "./document.js";
import { writeDocuments } from "./documents.js";
import { judges } from "./judges.js";
import { contracts } from "./sources.js";

const heavy = judges.filter(({ weight }) => weight === "heavy");

describe.each(heavy.map((judge) => [judge.name, judge] as const))("%s", (_, judge) => {
  it.each(contracts)("writes clients of %s", async (_contract, request) => {
    const asked = versions.filter((version) => judge.versions.includes(version));
    const documents = asked.flatMap((version) => writeDocuments(request(), version));
    expect(documents).toHaveLength(asked.length);
    const complaints = await Promise.all(documents.map((document) => ask(judge, document)));
    expect(complaints.flat()).toEqual([]);
  });
});
