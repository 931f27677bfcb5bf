// Clients that third-party tools generate from the documents of the repository's own contracts compile.
import { beforeAll, describe, expect, it } from "vitest";
import { type ApiDocument, versions } from "./document.js";
import { writeDocuments } from "./documents.js";
import { listProblems, withoutExceptions } from "./find-problems.js";
import { contracts } from "./sources.js";
import { clientGenerators } from "./tools.js";

type Case = readonly [...(typeof contracts)[number], options: Readonly<Record<string, string>>];

const cases: readonly Case[] = [
  ...contracts.map(([name, request]): Case => [name, request, {}]),
  ...contracts
    .filter(([name]) => name === "shop")
    .map(([, request]): Case => ["the shop, whose clients wait", request, { waits: "on" }]),
];

describe.each(clientGenerators.map((tool) => [tool.name, tool] as const))("%s", (_, tool) => {
  const supported = versions.filter((version) => tool.versions.includes(version));
  const results = new Map<string, { document: ApiDocument; problems: readonly string[] }[]>();

  beforeAll(async () => {
    const documents = cases.flatMap(([contract, request, options]) =>
      supported.flatMap((version) =>
        writeDocuments(request(), version, "merged", options).map((document) => ({ contract, document })),
      ),
    );
    const problems = await listProblems(
      tool,
      documents.map(({ document }) => document),
    );
    for (const [at, { contract, document }] of documents.entries()) {
      results.set(contract, [...(results.get(contract) ?? []), { document, problems: problems[at] ?? [] }]);
    }
  });

  it.each(cases)("generates clients of %s that compile", (contract) => {
    const result = results.get(contract) ?? [];
    expect(result).toHaveLength(supported.length);
    const problems = result.flatMap(({ document, problems }) => withoutExceptions(tool, document, problems));
    expect(problems).toEqual([]);
  });

  it.each(tool.except ?? [])("needs its exception $problem, because $why", ({ problem, contract }) => {
    const problems = (results.get(contract) ?? []).flatMap((result) => result.problems);
    expect(problems).toContainEqual(expect.stringMatching(problem));
  });
});
