import type { Severity } from "../findings/index.js";
import type { Report, ReportedFinding } from "./report.js";
import { summarize } from "./report.js";

const levels: Readonly<Record<Severity, string>> = { breaking: "error", dangerous: "warning", compatible: "notice" };

/** Prints a report as annotations of GitHub Actions. */
export function printGithub(report: Report): string {
  return [...report.findings.map(printAnnotation), summarize(report)].join("\n");
}

function printAnnotation({ severity, code, file, range, place, message, effect, remedy }: ReportedFinding): string {
  // A range of the base means nothing in the files that GitHub shows.
  const at = range !== undefined && place?.side !== "base" ? range : undefined;
  const properties = {
    ...(file !== undefined && { file }),
    ...(at && { line: `${at.line}`, endLine: `${at.endLine}`, col: `${at.column}`, endColumn: `${at.endColumn}` }),
    title: `${severity}: ${code}`,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${levels[severity]} ${list.join(",")}::${escapeData(`${message}\neffect: ${effect}\nremedy: ${remedy}`)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
