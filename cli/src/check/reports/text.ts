import { placeText, type Report, type ReportedFinding, summarize } from "./report.js";

/** Prints a report for people. Compatible changes take one line each. */
export function printText(report: Report): string {
  const accepted = report.accepted.map(
    ({ finding, acceptance }) =>
      `${placeText(finding)}: accepted ${finding.code}: ${finding.message}\n  until ${acceptance.expires}: ${acceptance.reason}`,
  );
  return [...report.findings.map(printFinding), ...accepted, summarize(report)].join("\n");
}

function printFinding(finding: ReportedFinding): string {
  const { severity, code, message, frame, effect, remedy, element } = finding;
  const first = `${placeText(finding)}: ${severity} ${code}: ${message}`;
  if (severity === "compatible") return first;
  return [
    first,
    ...frame.map((line) => `    ${line}`),
    `  element: ${element}`,
    `  effect: ${effect}`,
    `  remedy: ${remedy}`,
  ].join("\n");
}
