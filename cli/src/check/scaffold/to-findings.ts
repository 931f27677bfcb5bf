import type { ScaffoldGap } from "../../scaffold/index.js";
import { entryOf, type Finding, type FindingCode } from "../findings/index.js";

const codes: Readonly<Record<ScaffoldGap["kind"], FindingCode>> = {
  missing: "scaffold-missing",
  undeclared: "scaffold-undeclared",
  lost: "scaffold-lost",
  unlisted: "scaffold-unlisted",
  unreadable: "scaffold-unreadable",
  hidden: "scaffold-hidden",
  unclear: "scaffold-unclear",
};

/** Turns gaps of users' files into findings. */
export function toScaffoldFindings(gaps: readonly ScaffoldGap[]): readonly Finding[] {
  return gaps.map(({ kind, element, place, message }) => {
    const code = codes[kind];
    const entry = entryOf(code);
    return {
      code,
      surface: entry.surface,
      severity: entry.severity,
      element,
      place: undefined,
      ...(place && { file: place.path }),
      ...(place?.line !== undefined && { at: { line: place.line, column: place.column ?? 1 } }),
      message: entry.message(message, element),
      effect: entry.effect(message, element),
      remedy: entry.remedy(message, element),
    };
  });
}
