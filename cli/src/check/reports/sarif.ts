import { createHash } from "node:crypto";
import { version } from "@potter/generator/tooling";
import { catalogue, type Severity } from "../findings/index.js";
import type { Report, ReportedFinding } from "./report.js";

const levels: Readonly<Record<Severity, string>> = { breaking: "error", dangerous: "warning", compatible: "note" };

/** Prints a report as a log of SARIF 2.1.0, for code scanning. Accepted changes are suppressed results. */
export function printSarif({ findings, accepted }: Report): string {
  const all = [...findings, ...accepted.map(({ finding }) => finding)];
  const rules = [...new Map(all.map((finding) => [finding.code, toRule(finding)])).values()];
  const ids = rules.map(({ id }) => id);
  const results = [
    ...findings.map((finding) => toResult(finding, ids)),
    ...accepted.map(({ finding, acceptance }) => ({
      ...toResult(finding, ids),
      suppressions: [{ kind: "external", status: "accepted", justification: acceptance.reason }],
    })),
  ];
  const driver = { name: "potter check", version, rules };
  const run = { tool: { driver }, columnKind: "utf16CodeUnits", results };
  return JSON.stringify(
    { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] },
    undefined,
    2,
  );
}

function toRule({ code, surface, severity, remedy }: ReportedFinding) {
  const summary = code in catalogue ? catalogue[code as keyof typeof catalogue].summary : `A change of the ${surface}`;
  return {
    id: code,
    shortDescription: { text: `${summary}.` },
    help: { text: remedy },
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: [surface] },
  };
}

function toResult(
  { code, severity, element, place, file, range, message, effect, remedy }: ReportedFinding,
  ids: readonly string[],
) {
  const region = range !== undefined && place?.side !== "base" ? toRegion(range) : undefined;
  const physicalLocation = file && { artifactLocation: { uri: encodeURI(file) }, ...(region && { region }) };
  return {
    ruleId: code,
    ruleIndex: ids.indexOf(code),
    level: levels[severity],
    message: { text: `${message}. Effect: ${effect}. Remedy: ${remedy}.` },
    locations: [
      {
        ...(physicalLocation && { physicalLocation }),
        logicalLocations: [{ fullyQualifiedName: element }],
      },
    ],
    // The same change keeps its identity when lines move.
    partialFingerprints: { "potterChange/v1": createHash("sha256").update(`${code}\n${element}`).digest("hex") },
  };
}

function toRegion({ line, column, endLine, endColumn }: NonNullable<ReportedFinding["range"]>) {
  return { startLine: line, startColumn: column, endLine, endColumn };
}
