// What is passed over must still be said: else the exception has become idle.
import { describe, expect, it } from "vitest";
import { writeDocuments } from "./documents.js";
import { listProblems } from "./find-problems.js";
import { contracts } from "./sources.js";
import { tools } from "./tools.js";

describe.each(tools.filter(({ except }) => except !== undefined).map((tool) => [tool.name, tool] as const))(
  "%s",
  (_, tool) => {
    it.each(tool.except ?? [])("says what is passed over: $problem, because $why", async ({ problem, contract }) => {
      const request = new Map(contracts).get(contract);
      const documents = request === undefined ? [] : writeDocuments(request(), "3.1");
      const said = await Promise.all(documents.map((document) => listProblems(tool, document)));
      expect(said.flat()).toContainEqual(expect.stringMatching(problem));
    });
  },
);
