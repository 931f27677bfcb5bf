import { type Diagnostic, formatPretty } from "@potter/generator/tooling";
import { countOf } from "../count-of.js";
import { createPlaces, locate } from "../errors/index.js";
import type { PluginRun } from "../plugins/index.js";
import type { ScaffoldOutcome } from "../scaffold/index.js";
import type { FolderPlan } from "../write/index.js";

/** What a run has generated and changed. */
export interface RunReport {
  readonly folder: string;
  readonly plans: readonly { readonly out: string; readonly plan: FolderPlan }[];
  /** Files that `clean: true` would delete with buf, and that no run of potter has written. */
  readonly foreign: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly runs: readonly PluginRun[];
  readonly notes: readonly string[];
  /** What was inserted into users' files. undefined: it was not asked for, or no plugin generates what they need. */
  readonly scaffold: ScaffoldOutcome | undefined;
  readonly milliseconds: number;
}

/**
 * Prints the result of a run: for people, in one line and what they should know; or as one JSON object. `scaffold`: what to say about
 * users' files.
 */
export function printReport(report: RunReport, json: boolean, scaffold = ""): void {
  if (json) {
    console.log(JSON.stringify(toJson(report), undefined, 2));
    return;
  }
  const { folder, diagnostics, runs } = report;
  if (diagnostics.length > 0) {
    const places = createPlaces(folder);
    console.error(formatPretty(locate(diagnostics, places), places.textOf));
  }
  for (const note of listNotes(report)) console.error(note);
  console.log(summarize(report));
  console.log(describeRuns(runs));
  if (scaffold !== "") console.log(scaffold.trimEnd());
}

/** What people should know of a run, a line each. */
export function listNotes(report: RunReport): readonly string[] {
  const { restored, kept } = collect(report);
  const names = report.foreign.slice(0, 3).join(", ");
  const more = report.foreign.length > 3 ? ` and ${report.foreign.length - 3} more` : "";
  return [
    ...report.notes,
    ...restored.map((path) => `${path} had been changed by hand; it is generated, so the change is lost`),
    ...kept.map(
      (path) => `${path} is generated no longer, but has been changed by hand: delete it if you do not need it`,
    ),
    ...(names === ""
      ? []
      : [
          `${names}${more}: not written by potter generate, so kept in spite of clean: true; buf generate would delete them`,
        ]),
  ].map((note) => `note: ${note}`);
}

/** The result of a run in one line: files, changes, what is left to do by hand, milliseconds. */
export function summarize(report: RunReport): string {
  const { written, deleted, unchanged } = collect(report);
  const count = written.length + unchanged;
  const left = report.scaffold?.result.notes.length ?? 0;
  const changes = [
    ...(written.length > 0 ? [`${written.length} changed`] : []),
    ...(deleted.length > 0 ? [`${deleted.length} deleted`] : []),
  ];
  const parts = [
    `generated ${countOf(count, "file")}`,
    ...(changes.length > 0 ? changes : ["nothing changed"]),
    ...(left > 0 ? [`${left} to do by hand`] : []),
    `${Math.round(report.milliseconds)} ms`,
  ];
  return parts.join(", ");
}

/** One line: which plugins ran where. */
export function describeRuns(runs: readonly PluginRun[]): string {
  const places = ["in this process", "as a process", "by buf"] as const;
  const parts = places.flatMap((place) => {
    const there = runs.filter(({ where }) => where === place);
    if (there.length === 0) return [];
    const reasons = new Set(there.flatMap(({ reason }) => (reason === undefined ? [] : [reason])));
    const why = reasons.size > 0 ? ` (${[...reasons].join("; ")})` : "";
    return [`${place}${why}: ${[...new Set(there.map(({ plugin }) => plugin))].join(", ")}`];
  });
  return parts.join("; ");
}

interface Changes {
  readonly written: readonly string[];
  readonly deleted: readonly string[];
  readonly restored: readonly string[];
  readonly kept: readonly string[];
  readonly unchanged: number;
}

function collect({ plans }: RunReport): Changes {
  const paths = (select: (plan: FolderPlan) => Iterable<string>): readonly string[] =>
    plans.flatMap(({ out, plan }) => Array.from(select(plan), (name) => `${out}/${name}`)).sort();
  return {
    written: paths(({ writes }) => writes.keys()),
    deleted: paths(({ deletes }) => deletes),
    restored: paths((plan) => plan.restored),
    kept: paths((plan) => plan.kept),
    unchanged: plans.reduce((sum, { plan }) => sum + plan.unchanged, 0),
  };
}

/** The result of a run as JSON has it. */
export function toJson(report: RunReport): object {
  const { diagnostics, notes, runs, foreign, milliseconds } = report;
  const scaffold = report.scaffold?.toJson();
  return {
    ok: true,
    ...collect(report),
    foreign,
    diagnostics,
    notes,
    runs,
    scaffold,
    milliseconds: Math.round(milliseconds),
  };
}
