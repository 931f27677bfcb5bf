import { readComment } from "../../descriptors/index.js";
import type { FileModel, ResolvedStepModel, SagaModel } from "../../model/index.js";
import type { GeneratedFile } from "../../output/index.js";
import { printHeader } from "../../printer/index.js";
import { isAfterPivot } from "./is-after-pivot.js";
import { printDiagram } from "./print-diagram.js";
import { printDuration } from "./print-duration.js";
import { stepsOf } from "./resolved-steps.js";

const timeouts = { compensate: "compensates", retry: "retries", continue: "continues" } as const;

/** Emits the page of the sagas of one proto file: for each a summary, a table of its steps and a diagram. */
export function emitPage(model: FileModel, generator: string): GeneratedFile {
  const { name } = model.desc;
  const title = `# Sagas of ${name}.proto`;
  const header = `<!-- ${printHeader(model, generator).replace("// ", "")} -->`;
  const content = [header, title, ...model.sagas.map(printSaga)].join("\n\n");
  return { name: `${name}_saga.md`, content: `${content}\n`, source: model.desc.proto.name };
}

function printSaga(saga: SagaModel): string {
  const comment = readComment(saga.desc).trim();
  const parts = [`## ${saga.name}`, ...(comment === "" ? [] : [comment]), printSummary(saga), printTable(saga)];
  return [...parts, `\`\`\`mermaid\n${printDiagram(saga)}\`\`\``].join("\n\n");
}

function printSummary({ desc, id, startsOn, version, deadline }: SagaModel): string {
  const start = startsOn === undefined ? "code or another saga" : `\`${startsOn.desc.typeName}\``;
  return [
    `- Data: \`${desc.typeName}\`, found by \`${id.name}\`.`,
    `- Started by ${start}.`,
    `- Version ${version}.`,
    ...(deadline === undefined ? [] : [`- Compensated if it takes longer than ${printDuration(deadline)}.`]),
  ].join("\n");
}

function printTable(saga: SagaModel): string {
  const rows = [
    ["step", "does", "after", "undone by", "time limit", "attempts"],
    ["---", "---", "---", "---", "---", "---"],
    ...stepsOf(saga).map((step) => [
      `\`${step.name}\`${step.pivot ? ", pivot" : ""}${printVersions(step)}`,
      `${step.when ? "if its guard holds: " : ""}${printAction(step)}`,
      step.after.length === 0 ? "the start" : step.after.map(({ name }) => `\`${name}\``).join(", "),
      printUndo(step),
      step.timeout === undefined ? "" : `${printDuration(step.timeout)}, then ${timeouts[step.onTimeout]}`,
      printRetry(step),
    ]),
  ];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function printVersions({ sinceVersion, untilVersion }: ResolvedStepModel): string {
  if (untilVersion === undefined) return sinceVersion === undefined ? "" : `, since version ${sinceVersion}`;
  return sinceVersion === undefined
    ? `, until version ${untilVersion}`
    : `, versions ${sinceVersion} to ${untilVersion}`;
}

function printAction(step: ResolvedStepModel): string {
  switch (step.kind) {
    case "command":
      return `sends \`${step.command.service.desc.name}.${step.command.name}\`${step.forEach ? " for each element" : ""}`;
    case "event": {
      const { event, match, ignoreEarly } = step;
      const early = ignoreEarly ? ", ignoring earlier ones" : "";
      return `waits for \`${event.desc.name}\` with \`${match.event.name}\` = \`${match.saga.name}\`${early}`;
    }
    case "timer":
      return typeof step.time === "number" ? `waits ${printDuration(step.time)}` : `waits until \`${step.time.name}\``;
    case "saga":
      return `runs \`${step.saga.desc.name}\``;
  }
}

function printUndo(step: ResolvedStepModel): string {
  if (step.kind === "saga") return "compensating it";
  if (step.kind !== "command" || step.compensation === undefined) return "";
  return `\`${step.compensation.service.desc.name}.${step.compensation.name}\``;
}

function printRetry(step: ResolvedStepModel): string {
  if (step.kind !== "command") return "";
  const { maxAttempts, initialDelay, maxDelay } = step.retry;
  const attempts = isAfterPivot(step) ? "no limit" : maxAttempts;
  return `${attempts}, with delays of up to ${printDuration(initialDelay)} to ${printDuration(maxDelay)}`;
}
