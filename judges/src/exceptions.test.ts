// What is passed over must still be said: else the exception has become idle.
import { describe, expect, it } from "vitest";
import { listComplaints } from "./ask.js";
import { writeDocuments } from "./documents.js";
import { judges } from "./judges.js";
import { contracts } from "./sources.js";

describe.each(judges.filter(({ except }) => except !== undefined).map((judge) => [judge.name, judge] as const))(
  "%s",
  (_, judge) => {
    it.each(judge.except ?? [])(
      "says what is passed over: $complaint, because $why",
      async ({ complaint, contract }) => {
        const request = new Map(contracts).get(contract);
        const documents = request === undefined ? [] : writeDocuments(request(), "3.1");
        const said = await Promise.all(documents.map((document) => listComplaints(judge, document)));
        expect(said.flat()).toContainEqual(expect.stringMatching(complaint));
      },
    );
  },
);
