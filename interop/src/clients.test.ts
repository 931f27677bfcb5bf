// Clients that others write from the documents of the repository's own contracts compile.
import { describe, expect, it } from "vitest";
import { versions } from "./document.js";
import { writeDocuments } from "./documents.js";
import { findProblems } from "./find-problems.js";
import { contracts } from "./sources.js";
import { tools } from "./tools.js";

const heavy = tools.filter(({ weight }) => weight === "heavy");

describe.each(heavy.map((tool) => [tool.name, tool] as const))("%s", (_, tool) => {
  it.each(contracts)("writes clients of %s", async (_contract, request) => {
    const asked = versions.filter((version) => tool.versions.includes(version));
    const documents = asked.flatMap((version) => writeDocuments(request(), version));
    expect(documents).toHaveLength(asked.length);
    const problems = await Promise.all(documents.map((document) => findProblems(tool, document)));
    expect(problems.flat()).toEqual([]);
  });
});
