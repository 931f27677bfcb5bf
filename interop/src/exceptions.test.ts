// An exception is needed as long as its tool still reports the problem. Those of client generators: client-generators.test.ts.
import { describe, expect, it } from "vitest";
import { writeDocuments } from "./documents.js";
import { listProblems } from "./find-problems.js";
import { contracts } from "./sources.js";
import { checkers } from "./tools.js";

const withExceptions = checkers.filter(({ except }) => except !== undefined);

describe.each(withExceptions.map((tool) => [tool.name, tool] as const))("%s", (_, tool) => {
  it.each(tool.except ?? [])("needs its exception $problem, because $why", async ({ problem, contract }) => {
    const request = new Map(contracts).get(contract);
    const documents = request === undefined ? [] : writeDocuments(request(), "3.1");
    const problems = await listProblems(tool, documents);
    expect(problems.flat()).toContainEqual(expect.stringMatching(problem));
  });
});
