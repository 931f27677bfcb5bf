import type { EventModel, FileModel, ReadModelDesc, ServiceModel } from "../../model/index.js";
import type { GeneratedFile } from "../../output/index.js";
import {
  type Printable,
  printDocumentation,
  printHeader,
  printJsDoc,
  printProperty,
  printString,
  SourceFile,
  toSpecifier,
} from "../../printer/index.js";
import { type ClientNames, chooseNames } from "./client-names.js";
import { clientSymbols as client } from "./client-symbols.js";
import { eventsOf, publicMessages } from "./contract.js";
import { emitMethod } from "./emit-method.js";
import type { Flavour } from "./flavours/index.js";
import { isSpecial, messagesPath } from "./json/index.js";
import type { ClientOptions } from "./options.js";
import { printConstant } from "./print-constant.js";

/** Emits the client of one proto file: a function for each method, an object for each service, and what calls can wait for. */
export function emitClient(
  model: FileModel,
  messages: Flavour,
  { import_extension }: ClientOptions,
  generator: string,
): GeneratedFile {
  const { desc, services, readModels } = model;
  const path = `${desc.name}_client`;
  const names = chooseNames(model);
  const flavour = withOwnTypes(messages, [...readModels, ...eventsOf(model)]);
  const file = new SourceFile(path, names.declared, import_extension);
  if (flavour.declaresTypes && publicMessages(model).some((message) => message.file === desc && !isSpecial(message))) {
    file.print(`export type * from "${toSpecifier(path, messagesPath(desc), import_extension)}";`);
    file.print();
  }
  for (const service of services) {
    for (const method of service.methods) emitMethod(file, method, names, flavour);
    emitService(file, service, names);
  }
  for (const readModel of readModels) {
    const typeName = printString(readModel.desc.typeName);
    const constant = printConstant(
      readModel.name,
      client.ReadModel,
      [readModel.name],
      ["/* @__PURE__ */ ", client.readModel, `(${typeName});`],
    );
    emitAwaited(file, readModel, messages.output(readModel.desc), constant, import_extension);
  }
  for (const event of eventsOf(model)) {
    const typeName = printString(event.desc.typeName);
    const codec = flavour.codec(event.desc);
    const value = [client.eventType, `(${typeName}`, ...(codec === undefined ? [] : [", ", codec]), ");"];
    const constant = printConstant(
      event.name,
      client.EventType,
      [event.name, typeName],
      ["/* @__PURE__ */ ", ...value],
    );
    emitAwaited(file, event, messages.output(event.desc), constant, import_extension);
  }
  return { name: `${file.path}.ts`, content: file.toString(printHeader(model, generator)), source: desc.proto.name };
}

/** Uses the types that a client exports itself: they have the names that users import. */
function withOwnTypes(flavour: Flavour, own: readonly (ReadModelDesc | EventModel)[]): Flavour {
  const names = new Map(own.map(({ desc, name }) => [desc, name]));
  return { ...flavour, output: (message) => names.get(message) ?? flavour.output(message) };
}

/** Emits the object with all methods of a service. */
function emitService(file: SourceFile, service: ServiceModel, names: ClientNames): void {
  const methods = service.methods.flatMap((method) => names.methods.get(method) ?? []);
  const type = names.services.get(service) ?? "";
  file.lines(printJsDoc(`The methods of ${service.desc.name}.`));
  file.print(`export type ${type} = {`);
  for (const [at, { property, constant }] of methods.entries()) {
    const method = service.methods[at];
    if (method !== undefined) file.lines(printDocumentation(method.desc, "  "));
    file.print(`  readonly ${printProperty(property)}: typeof ${constant};`);
  }
  file.print("};");
  file.print();
  file.lines(printDocumentation(service.desc));
  file.print(`export const ${service.name}: `, client.Service, `<${type}> = /* @__PURE__ */ `, client.service, "({");
  for (const { property, constant } of methods) {
    file.print(property === constant ? `  ${constant},` : `  ${printProperty(property)}: ${constant},`);
  }
  file.print("});");
  file.print();
}

/** Emits a constant of a message that calls can wait for, and the type of the message under the same name. */
function emitAwaited(
  file: SourceFile,
  { name, desc }: ReadModelDesc | EventModel,
  type: Printable,
  constant: readonly Printable[],
  extension: ClientOptions["import_extension"],
): void {
  file.lines(printDocumentation(desc));
  file.print(...constant);
  // An import statement would need an alias, since the file declares the name itself.
  const isGenerated = typeof type === "object" && "kind" in type && typeof type.from === "object";
  const specifier = isGenerated ? printString(toSpecifier(file.path, type.from.path, extension)) : "";
  const found = isGenerated ? `import(${specifier}).${type.name}` : type;
  file.print(`export type ${name} = `, found, ";");
  file.print();
}
