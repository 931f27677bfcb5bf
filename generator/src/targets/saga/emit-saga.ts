import { printAccess, printText, runtime } from "../../messages/index.js";
import type { EventStepModel, ResolvedStepModel, RetryModel, SagaModel, TimerStepModel } from "../../model/index.js";
import { type Printable, printDocumentation, printProperty, printString } from "../../printer/index.js";
import type { FileContext } from "./file-context.js";
import { stepsOf } from "./resolved-steps.js";

/** Emits the constant of a saga: its steps as data. */
export function emitSaga(context: FileContext, saga: SagaModel): void {
  const { file, library } = context;
  const { name, desc, id, version, startsOn, deadline } = saga;
  file.lines(printDocumentation(desc));
  file.print(`export const ${name}: `, runtime.Saga, `<${name}Types> = `, runtime.defineSaga, `<${name}Types>({`);
  file.print(`  name: ${printString(desc.typeName)},`);
  file.print(`  version: ${version},`);
  file.print("  codec: ", context.codec(desc), ",");
  file.print("  key: (data: ", context.messageType(desc), `) => ${printText(library, "data", [id])},`);
  if (startsOn !== undefined) file.print("  startsOn: ", context.event(startsOn), ",");
  if (deadline !== undefined) file.print(`  deadline: ${deadline},`);
  if (saga.holdsPersonal) file.print("  personal: ", runtime.personalData, ",");
  file.print("  steps: {");
  for (const step of stepsOf(saga)) {
    file.print(`    ${printProperty(step.localName)}: {`);
    file.print(`      kind: "${step.kind}",`);
    file.print(`      name: ${printString(step.name)},`);
    file.print(`      after: [${step.after.map((before) => printString(before.name)).join(", ")}],`);
    for (const line of commonLines(step)) file.print("      ", line);
    for (const line of actionLines(context, saga, step)) file.print("      ", line);
    file.print("    },");
  }
  file.print("  },");
  file.print("});");
  file.print();
}

function commonLines(step: ResolvedStepModel): readonly string[] {
  return [
    ...(step.sinceVersion === undefined ? [] : [`sinceVersion: ${step.sinceVersion},`]),
    ...(step.untilVersion === undefined ? [] : [`untilVersion: ${step.untilVersion},`]),
    ...(step.when ? ["when: true,"] : []),
    ...(step.pivot ? ["pivot: true,"] : []),
    ...(step.timeout === undefined ? [] : [`timeout: ${step.timeout},`]),
    ...(step.onTimeout === "compensate" ? [] : [`onTimeout: "${step.onTimeout}",`]),
  ];
}

function actionLines(context: FileContext, saga: SagaModel, step: ResolvedStepModel): readonly Printable[] {
  switch (step.kind) {
    case "command":
      return [
        ["command: ", context.method(step.command), ","],
        ...(step.compensation ? [["compensation: ", context.method(step.compensation), ","]] : []),
        ...(step.forEach ? ["forEach: true,"] : []),
        printRetry(step.retry),
      ];
    case "event":
      return eventLines(context, saga, step);
    case "timer":
      return [printTime(context, saga, step)];
    case "saga":
      return [["saga: () => ", context.saga(step.saga), ".definition,"], printRetry(step.retry)];
  }
}

function eventLines(context: FileContext, saga: SagaModel, step: EventStepModel): readonly Printable[] {
  const { event, match, ignoreEarly } = step;
  const { library } = context;
  const own = [
    "eventKey: (event: ",
    context.messageType(event.desc),
    `) => ${printText(library, "event", [match.event])},`,
  ];
  const key = ["key: (data: ", context.messageType(saga.desc), `) => ${printText(library, "data", [match.saga])},`];
  return [
    ["event: ", context.event(event), ","],
    own,
    ...(match.saga === saga.id ? [] : [key]),
    ...(ignoreEarly ? ["ignoreEarly: true,"] : []),
  ];
}

function printTime(context: FileContext, saga: SagaModel, { time }: TimerStepModel): Printable {
  if (typeof time === "number") return `delay: ${time},`;
  const access = printAccess(context.library, "data", time);
  return ["until: (data: ", context.messageType(saga.desc), ") => ", runtime.timeOf, `(${access}),`];
}

function printRetry({ maxAttempts, initialDelay, maxDelay }: RetryModel): string {
  return `retry: { maxAttempts: ${maxAttempts}, initialDelay: ${initialDelay}, maxDelay: ${maxDelay} },`;
}
