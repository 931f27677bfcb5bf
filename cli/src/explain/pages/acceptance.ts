import type { Severity } from "../../check/findings/index.js";
import { fence } from "./page.js";

const meanings: Readonly<Record<Severity, string>> = {
  breaking: "It is breaking: it fails the run.",
  dangerous: "It is dangerous: it fails the run only with `--fail-on dangerous`.",
  compatible: "It is compatible: it fails no run.",
};

/** Says what a severity means for a run of `potter check`. */
export function explainSeverity(severity: Severity): string {
  return meanings[severity];
}

/** Says how a review accepts a finding; undefined: it fails no run. */
export function explainAcceptance(code: string, severity: Severity, element: string): string | undefined {
  if (severity === "compatible") return undefined;
  const entry = [
    "accepted:",
    `  - code: ${code}`,
    `    element: ${quote(element)}`,
    "    reason: why nothing that matters fails",
    "    expires: 2027-06-30",
  ];
  return [
    "How to accept it: if it breaks nothing that exists, a review adds it to `potter.accepted.yaml`, with the element that the",
    `report prints. It counts again after the last day.\n\n${fence(entry.join("\n"), "yaml")}`,
  ].join(" ");
}

/** A text as YAML reads it: quoted where it would mean something else. */
function quote(text: string): string {
  return /^[\w./][\w./@ ]*$/.test(text) ? text : JSON.stringify(text);
}
