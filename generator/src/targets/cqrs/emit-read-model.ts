import { printText, runtime } from "../../messages/index.js";
import type { ReadModelDesc } from "../../model/index.js";
import { printDocumentation, printJsDoc, printProperty, printString } from "../../printer/index.js";
import { eventReference } from "./emit-definitions.js";
import type { FileContext } from "./file-context.js";

/** Emits a read model: its types, and the constant with its key and events. */
export function emitReadModel(context: FileContext, readModel: ReadModelDesc): void {
  const { file, library } = context;
  const { desc, key, from, name } = readModel;
  file.lines(
    printJsDoc(`The types of the read model ${desc.name}: its rows, their key, and the events that change it.`),
  );
  file.print(`export interface ${name}Types {`);
  file.print("  readonly row: ", library.types(desc), ";");
  file.print(`  readonly key: ${library.idType(key)};`);
  file.print("  readonly events: {");
  for (const event of from) {
    file.lines(printDocumentation(event.desc, "    "));
    file.print(`    readonly ${printProperty(event.localName)}: `, library.types(event.desc), ";");
  }
  file.print("  };");
  // Events of a state-stored aggregate are not stored, so an async projection could not read them later.
  if (from.some(({ aggregate }) => aggregate?.persistence === "state")) file.print('  readonly mode: "inline";');
  file.print("}");
  file.print();
  file.lines(printDocumentation(desc));
  file.print(
    `export const ${name}: `,
    runtime.ReadModel,
    `<${name}Types> = `,
    runtime.defineReadModel,
    `<${name}Types>({`,
  );
  file.print(`  name: ${printString(name)},`);
  file.print("  codec: ", context.codec(desc), ",");
  file.print(`  keyField: ${printString(key.name)},`);
  file.print("  key: (row: ", context.messageType(desc), `) => ${printText(library, "row", [key])},`);
  file.print("  events: {");
  for (const event of from) file.print(`    ${printProperty(event.localName)}: `, eventReference(context, event), ",");
  file.print("  },");
  if (readModel.holdsPersonal) file.print("  personal: ", runtime.personalData, ",");
  file.print("});");
  file.print();
}
