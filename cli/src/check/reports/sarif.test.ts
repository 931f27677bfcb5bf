import { expect, it } from "vitest";
import type { ReportedFinding } from "./report.js";
import { printSarif } from "./sarif.js";

const base = { severity: "breaking", surface: "events", effect: "e", remedy: "r", frame: [] } as const;
const removed: ReportedFinding = {
  ...base,
  code: "event-removed",
  element: "order.placed version 1",
  message: "it is gone",
  place: { side: "base", location: { file: "shop.proto" } },
  file: "proto/a b/shop.proto",
  range: { line: 3, column: 1, endLine: 3, endColumn: 9 },
};
const misread: ReportedFinding = {
  ...base,
  code: "event-misread",
  element: "order.sent version 1",
  message: "it is misread",
  place: { side: "head", location: { file: "shop.proto" } },
  file: "proto/shop.proto",
  range: { line: 7, column: 10, endLine: 7, endColumn: 14 },
};
const onWire: ReportedFinding = {
  ...base,
  code: "wire-file-no-delete",
  surface: "wire",
  element: "shop.proto",
  message: "m",
  place: undefined,
  file: undefined,
  range: undefined,
};
const acceptance = {
  code: "event-removed",
  element: "order.placed version 1",
  reason: "never stored",
  expires: "2999-12-31",
};

interface Log {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly Readonly<Record<string, unknown>>[];
  }[];
}

function print(findings: readonly ReportedFinding[]): Log {
  return JSON.parse(printSarif({ base: "main", findings, accepted: [{ finding: removed, acceptance }] })) as Log;
}

it("a log has a rule for each code, a region for what is in the head, and accepted changes as suppressed results", () => {
  const { version, runs } = print([misread, onWire]);
  expect([version, runs.length]).toEqual(["2.1.0", 1]);
  const [{ tool, results } = { tool: undefined, results: [] }] = runs;
  expect(tool?.driver.rules.map(({ id }) => id)).toEqual(["event-misread", "wire-file-no-delete", "event-removed"]);
  expect(results).toEqual([
    {
      ruleId: "event-misread",
      ruleIndex: 0,
      level: "error",
      message: { text: "it is misread. Effect: e. Remedy: r." },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "proto/shop.proto" },
            region: { startLine: 7, startColumn: 10, endLine: 7, endColumn: 14 },
          },
          logicalLocations: [{ fullyQualifiedName: "order.sent version 1" }],
        },
      ],
      partialFingerprints: { "potterChange/v1": expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    },
    expect.objectContaining({
      ruleIndex: 1,
      locations: [{ logicalLocations: [{ fullyQualifiedName: "shop.proto" }] }],
    }),
    expect.objectContaining({
      ruleIndex: 2,
      // The line is one of the base, so a viewer would show another one.
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: "proto/a%20b/shop.proto" } },
          logicalLocations: [{ fullyQualifiedName: "order.placed version 1" }],
        },
      ],
      suppressions: [{ kind: "external", status: "accepted", justification: "never stored" }],
    }),
  ]);
});

it("a change keeps its fingerprint when lines move", () => {
  const printed = (finding: ReportedFinding) => print([finding]).runs[0]?.results[0]?.["partialFingerprints"];
  const moved = { ...misread, range: { line: 90, column: 10, endLine: 90, endColumn: 14 } };
  expect(printed(moved)).toEqual(printed(misread));
  expect(printed({ ...misread, element: "other" })).not.toEqual(printed(misread));
});
