import { entryOf, type Finding, type FindingCode, sortFindings } from "../findings/index.js";
import type { Acceptance } from "./read-accepted.js";

/** A change that an acceptance matches. */
export interface AcceptedFinding {
  /** The change. */
  readonly finding: Finding;
  /** The entry that accepts it. */
  readonly acceptance: Acceptance;
}

/** Findings that count, and those that are accepted. */
export interface Judged {
  /** Changes that no acceptance covers, and faults of acceptances. */
  readonly findings: readonly Finding[];
  /** Changes that are accepted. */
  readonly accepted: readonly AcceptedFinding[];
}

/**
 * Takes accepted changes out of findings. An entry that has expired accepts nothing and is a finding, and so is one that matches no
 * change, if changes of its code were looked for (`isChecked`). `file` contains the entries. `today` is a date such as `2026-12-31`.
 */
export function applyAccepted(
  findings: readonly Finding[],
  entries: readonly Acceptance[],
  today: string,
  file: string,
  isChecked: (code: string) => boolean,
): Judged {
  const used = new Set<Acceptance>();
  const accepted: AcceptedFinding[] = [];
  const left = findings.filter((finding) => {
    const acceptance = entries.find(({ code, element }) => code === finding.code && element === finding.element);
    if (acceptance === undefined) return true;
    used.add(acceptance);
    if (acceptance.expires < today) return true;
    accepted.push({ finding, acceptance });
    return false;
  });
  const faults = entries.flatMap((entry) => {
    if (!used.has(entry)) return isChecked(entry.code) ? [fault("acceptance-unused", entry, file)] : [];
    return entry.expires < today ? [fault("acceptance-expired", entry, file)] : [];
  });
  return { findings: sortFindings([...left, ...faults]), accepted };
}

function fault(code: FindingCode, { code: accepted, element, expires }: Acceptance, file: string): Finding {
  const entry = entryOf(code);
  const args = [`${accepted} (${element})`, expires];
  return {
    code,
    surface: entry.surface,
    severity: entry.severity,
    element: `${accepted} ${element}`,
    place: undefined,
    file,
    message: entry.message(...args),
    effect: entry.effect(...args),
    remedy: entry.remedy(...args),
  };
}
