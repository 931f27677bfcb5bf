import { findExcerpt, printExcerpt } from "@potter/generator/tooling";
import type { AcceptedFinding } from "../accepted/index.js";
import type { FindSource } from "../compile/index.js";
import { type Finding, type Severity, severities } from "../findings/index.js";

/** A finding with its place in a file of the project. */
export interface ReportedFinding extends Omit<Finding, "file" | "at"> {
  /** The file, from the folder of the project, or as imports name it if its source is not at hand. */
  readonly file: string | undefined;
  /** Lines and columns count from 1, in characters. */
  readonly range: Range | undefined;
  /** The line of the source and its underline; empty: the source is not at hand. */
  readonly frame: readonly string[];
}

/** A range of a file; the end is exclusive. */
export interface Range {
  /** The line of its start. */
  readonly line: number;
  /** The column of its start. */
  readonly column: number;
  /** The line of its end. */
  readonly endLine: number;
  /** The column of its end. */
  readonly endColumn: number;
}

/** What a run of `potter check` reports. */
export interface Report {
  /** What the contract was compared with; undefined: with nothing. */
  readonly base: string | undefined;
  /** Changes that count, the worst first. */
  readonly findings: readonly ReportedFinding[];
  /** Changes that are accepted. */
  readonly accepted: readonly (Omit<AcceptedFinding, "finding"> & { readonly finding: ReportedFinding })[];
}

/** Finds the sources of both contracts. */
export interface Sources {
  /** Those of the base. */
  readonly base: FindSource;
  /** Those of the head. */
  readonly head: FindSource;
}

/** Adds the place of a finding in the files of the project, and a line of the source. */
export function locateFinding({ at, ...finding }: Finding, sources: Sources): ReportedFinding {
  const { place } = finding;
  if (place === undefined) {
    const range = at && { ...at, endLine: at.line, endColumn: at.column + 1 };
    return { ...finding, file: finding.file, range, frame: [] };
  }
  const source = sources[place.side](place.location.file);
  const file = source?.path ?? place.location.file;
  if (!("line" in place.location)) return { ...finding, file, range: undefined, frame: [] };
  const excerpt = source && findExcerpt(source.text, place.location, place.focus, place.key);
  if (excerpt === undefined) {
    const { line, column, endLine, endColumn } = place.location;
    return { ...finding, file, range: { line, column, endLine, endColumn }, frame: [] };
  }
  const { line, column, width } = excerpt;
  const range = { line, column, endLine: line, endColumn: column + width };
  return { ...finding, file, range, frame: printExcerpt(excerpt) };
}

/** Counts findings by severity. */
export function countFindings(findings: readonly Pick<Finding, "severity">[]): Readonly<Record<Severity, number>> {
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  return { breaking: count("breaking"), dangerous: count("dangerous"), compatible: count("compatible") };
}

/** One line that sums up a report. */
export function summarize({ base, findings, accepted }: Report): string {
  const counts = countFindings(findings);
  const parts = severities.filter((one) => counts[one] > 0).map((one) => `${counts[one]} ${one}`);
  const text = parts.length === 0 ? "no change" : parts.join(", ");
  const extra = accepted.length === 0 ? "" : `; ${accepted.length} accepted`;
  return `${base === undefined ? "checked" : `compared with ${base}`}: ${text}${extra}`;
}

/** The place of a finding in a line: `proto/shop.proto:12:3`. */
export function placeText({ file, range, place, surface }: ReportedFinding): string {
  const at = range === undefined ? "" : `:${range.line}:${range.column}`;
  return `${file ?? (surface === "scaffold" ? "the project" : "the contract")}${at}${place?.side === "base" ? " (base)" : ""}`;
}
