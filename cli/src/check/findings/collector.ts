import { type ElementRef, locate } from "@potter/generator/tooling";
import { type ArgsOf, entryOf, type FindingCode } from "./catalogue.js";
import { type Finding, type Place, severities, surfaces } from "./finding.js";

/** An element of one of the two contracts, or a part of it. */
export interface Where {
  /** The contract that has the element. */
  readonly side: Place["side"];
  /** The element. */
  readonly ref: ElementRef;
}

/** Names an element of the head. */
export function inHead(desc: ElementRef["desc"], rest: Omit<ElementRef, "desc"> = {}): Where {
  return { side: "head", ref: { desc, ...rest } };
}

/** Names an element that the head no longer has. */
export function inBase(desc: ElementRef["desc"], rest: Omit<ElementRef, "desc"> = {}): Where {
  return { side: "base", ref: { desc, ...rest } };
}

/** Returns the place of an element. */
export function placeOf({ side, ref }: Where): Place {
  return {
    side,
    location: locate(ref),
    ...(ref.focus !== undefined && { focus: ref.focus }),
    ...(ref.key !== undefined && { key: ref.key }),
  };
}

/** Collects findings without duplicates: two rpcs with the same request share its changes. */
export class Findings {
  private readonly found = new Map<string, Finding>();

  /** Adds a finding of the catalogue about an element, which acceptances name. */
  report<C extends FindingCode>(code: C, element: string, where: Where, ...args: ArgsOf<C>): void {
    const entry = entryOf(code);
    this.add({
      code,
      surface: entry.surface,
      severity: entry.severity,
      element,
      place: placeOf(where),
      message: entry.message(...args),
      effect: entry.effect(...args),
      remedy: entry.remedy(...args),
    });
  }

  /** Adds a finding. */
  add(finding: Finding): void {
    const key = JSON.stringify([finding.code, finding.element, finding.message]);
    if (!this.found.has(key)) this.found.set(key, finding);
  }

  /** All findings: by severity, surface, code and element. */
  get sorted(): readonly Finding[] {
    return sortFindings([...this.found.values()]);
  }
}

/** Sorts findings: by severity, surface, code and element. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      surfaces.indexOf(a.surface) - surfaces.indexOf(b.surface) ||
      compare(a.code, b.code) ||
      compare(a.element, b.element) ||
      compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
