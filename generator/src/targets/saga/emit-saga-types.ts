import type { ResolvedStepModel, SagaModel } from "../../model/index.js";
import { type Printable, printJsDoc, printProperty } from "../../printer/index.js";
import type { FileContext } from "./file-context.js";
import { stepsOf } from "./resolved-steps.js";

/** Emits the types of a saga. */
export function emitSagaTypes({ file, library }: FileContext, saga: SagaModel): void {
  const { desc, name, startsOn } = saga;
  file.lines(printJsDoc(`The types of the saga ${desc.name}: its data, the event that starts it, and its steps.`));
  file.print(`export interface ${name}Types {`);
  file.print("  readonly data: ", library.types(desc), ";");
  file.print("  readonly start: ", startsOn === undefined ? "undefined" : library.types(startsOn.desc), ";");
  file.print("  readonly steps: {");
  for (const step of stepsOf(saga)) {
    file.print(`    readonly ${printProperty(step.localName)}: {`);
    for (const [property, type] of typesOf(step)) file.print(`      readonly ${property}: `, type, ";");
    file.print("    };");
  }
  file.print("  };");
  file.print("}");
  file.print();

  function typesOf(step: ResolvedStepModel): readonly (readonly [string, Printable])[] {
    const kind = ["kind", `"${step.kind}"`] as const;
    const when = step.when ? [["when", "true"] as const] : [];
    switch (step.kind) {
      case "command":
        return [
          kind,
          ["request", library.types(step.command.desc.input)],
          ["response", library.types(step.command.desc.output)],
          ...(step.compensation ? [["compensation", library.types(step.compensation.desc.input)] as const] : []),
          ...(step.forEach ? [["forEach", "true"] as const] : []),
          ...when,
        ];
      case "event":
        return [kind, ["event", library.types(step.event.desc)], ...when];
      case "timer":
        return [kind, ...when];
      case "saga":
        return [kind, ["data", library.types(step.saga.desc)], ...when];
    }
  }
}
