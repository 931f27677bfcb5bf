import { formatPretty } from "@potter/generator/tooling";
import { createPlaces, locate } from "../errors/index.js";
import { describeRuns, listNotes, type RunReport, summarize, toJson } from "../generation/index.js";
import type { WatchEvent } from "./events.js";
import type { Exit } from "./server.js";

/** Creates a function that prints events: lines for people, or a JSON object in each line. */
export function createOutput(json: boolean): (event: WatchEvent) => void {
  if (json) return (event) => console.log(JSON.stringify(toRecord(event)));
  const printed = new Set<string>();
  // What was said once, and is still so, is not said at each save.
  const unseen = (lines: readonly string[]): readonly string[] => {
    const fresh = lines.filter((line) => !printed.has(line));
    printed.clear();
    for (const line of lines) printed.add(line);
    return fresh;
  };
  return (event) => {
    const lines = event.event === "generated" ? printReport(event.report, event.scaffold, unseen) : toLines(event);
    if (lines.length > 0) console.log(lines.join("\n"));
  };
}

function toRecord(event: WatchEvent): object {
  if (event.event === "generated") return { event: event.event, ...toJson(event.report), phases: event.phases };
  if (event.event !== "failed") return event;
  const { message, diagnostics } = event.failure;
  return { event: event.event, ok: false, ...(message !== "" && { message }), diagnostics };
}

function printReport(
  report: RunReport,
  scaffold: string,
  unseen: (lines: readonly string[]) => readonly string[],
): readonly string[] {
  const { folder, diagnostics, runs } = report;
  const places = createPlaces(folder);
  const warnings = diagnostics.map((one) => formatPretty(locate([one], places), places.textOf));
  return [
    // It counts what is to do by hand, also what was printed at an earlier save and is not printed again.
    summarize(report),
    ...unseen([
      ...warnings,
      ...listNotes(report),
      describeRuns(runs),
      ...scaffold.split("\n").filter((line) => line !== ""),
    ]),
  ];
}

function toLines(event: Exclude<WatchEvent, { readonly event: "generated" }>): readonly string[] {
  switch (event.event) {
    case "generating":
      return [`watch: ${event.changed.length > 0 ? `${nameFiles(event.changed)} changed, ` : ""}generating`];
    case "superseded":
      return ["watch: the contract has changed meanwhile"];
    case "failed":
      return [event.failure.text, "watch: nothing was written"];
    case "note":
      return [`watch: ${event.message}`];
    case "stopping":
      return event.changed.length === 0 ? [] : [`watch: ${nameFiles(event.changed)} changed`];
    case "started":
      return [
        ...(event.changed.length === 0 ? [] : [`watch: ${nameFiles(event.changed)} changed`]),
        ...(event.pid === undefined ? [] : [`watch: started ${event.command}`]),
      ];
    case "exited":
      return [`watch: ${event.command} ${describeExit(event)}; it is started again at the next change`];
    case "watching":
      return ["watch: waiting for changes"];
    case "ended":
      return ["watch: ended"];
  }
}

function describeExit({ code, signal, error }: Exit): string {
  if (error !== undefined) return `cannot be started: ${error}`;
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}

function nameFiles(paths: readonly string[]): string {
  const [first = ""] = paths;
  return paths.length === 1 ? first : `${first} and ${paths.length - 1} more`;
}
