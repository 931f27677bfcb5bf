import { surfaces } from "../findings/index.js";
import { placeText, type Report, type ReportedFinding, summarize } from "./report.js";

/** Prints a report for a comment or a job summary: a table for each surface. */
export function printMarkdown(report: Report): string {
  const parts = ["## Changes of the contract", "", `${escapeCell(summarize(report))}.`];
  for (const surface of surfaces) {
    const findings = report.findings.filter((finding) => finding.surface === surface);
    if (findings.length === 0) continue;
    parts.push("", `### ${surface}`, "", "| | change | effect | remedy |", "| --- | --- | --- | --- |");
    parts.push(...findings.map(printRow));
  }
  if (report.accepted.length > 0) {
    parts.push("", "### Accepted", "", "| change | until | reason |", "| --- | --- | --- |");
    for (const { finding, acceptance } of report.accepted) {
      parts.push(
        `| \`${finding.code}\`: ${escapeCell(finding.message)} | ${acceptance.expires} | ${escapeCell(acceptance.reason)} |`,
      );
    }
  }
  return parts.join("\n");
}

function printRow(finding: ReportedFinding): string {
  const change = `\`${finding.code}\`: ${escapeCell(finding.message)}<br>${escapeCell(placeText(finding))}`;
  return `| **${finding.severity}** | ${change} | ${escapeCell(finding.effect)} | ${escapeCell(finding.remedy)} |`;
}

function escapeCell(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, "\\$&").replace(/\s+/g, " ");
}
