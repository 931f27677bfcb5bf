import { countFindings, type Report, type ReportedFinding } from "./report.js";

/** Prints a report for tools: one JSON object. */
export function printJson({ base, findings, accepted }: Report): string {
  const document = {
    base,
    counts: countFindings(findings),
    findings: findings.map(toJson),
    accepted: accepted.map(({ finding, acceptance }) => ({
      ...toJson(finding),
      reason: acceptance.reason,
      expires: acceptance.expires,
    })),
  };
  return JSON.stringify(document, undefined, 2);
}

function toJson({ code, surface, severity, element, place, file, range, message, effect, remedy }: ReportedFinding) {
  return { code, surface, severity, element, side: place?.side, file, ...range, message, effect, remedy };
}
