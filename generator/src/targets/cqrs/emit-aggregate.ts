import { type MessageLibrary, printAccess, printText, runtime } from "../../messages/index.js";
import type { AggregateModel, CommandTarget, MethodModel, ReplyField } from "../../model/index.js";
import { type Printable, printDocumentation, printJsDoc, printProperty, printString } from "../../printer/index.js";
import { errorReference, eventReference } from "./emit-definitions.js";
import type { FileContext } from "./file-context.js";
import { printUnion } from "./union.js";

const snapshotPolicies = ["snapshotEvery", "snapshotAfter", "snapshotSize"] as const;

interface Command {
  readonly method: MethodModel;
  readonly target: CommandTarget;
}

/** Emits an aggregate: its types, and the constant with its commands, events and errors. */
export function emitAggregate(context: FileContext, aggregate: AggregateModel): void {
  const commands = aggregate.commands.flatMap((method): Command[] =>
    method.role.kind === "command" && method.role.target ? [{ method, target: method.role.target }] : [],
  );
  emitTypes(context, aggregate, commands);
  const { file } = context;
  const { name, events, superseded, errors } = aggregate;
  file.lines(printDocumentation(aggregate.desc));
  file.print(
    `export const ${name}: `,
    runtime.Aggregate,
    `<${name}Types> = `,
    runtime.defineAggregate,
    `<${name}Types>({`,
  );
  file.print(`  name: ${printString(name)},`);
  file.print(`  type: ${printString(aggregate.type)},`);
  if (aggregate.persistence === "state") file.print('  persistence: "state",');
  for (const policy of snapshotPolicies) {
    const value = aggregate[policy];
    if (value !== undefined) file.print(`  ${policy}: ${value},`);
  }
  file.print("  commands: () => ({");
  for (const command of commands) emitCommand(context, command);
  file.print("  }),");
  const services = [...new Set(commands.map(({ method }) => method.service))];
  const references = services.flatMap((service, at): Printable[] => [at === 0 ? "" : ", ", context.value(service)]);
  if (services.length > 0) file.print("  services: () => [", references, "],");
  record(
    context,
    "events",
    events.map((event) => [event.localName, eventReference(context, event)]),
  );
  record(
    context,
    "errors",
    errors.map((error) => [error.localName, errorReference(context, error)]),
  );
  if (superseded.length > 0) {
    record(
      context,
      "upcasts",
      superseded.map((event) => [
        event.localName,
        ["{ from: ", eventReference(context, event), `, to: ${printString(event.supersededBy?.localName ?? "")} }`],
      ]),
    );
  }
  file.print("});");
  file.print();
}

function emitTypes(context: FileContext, aggregate: AggregateModel, commands: readonly Command[]): void {
  const { file, library } = context;
  const { name, events, superseded, errors } = aggregate;
  file.lines(
    printJsDoc(`The types of the aggregate ${aggregate.desc.name}: its commands, events, errors and upcasts.`),
  );
  file.print(`export interface ${name}Types {`);
  open(context, "commands", commands.length);
  for (const { method, target } of commands) {
    file.lines(printDocumentation(method.desc, "    "));
    file.print(`    readonly ${printProperty(method.localName)}: {`);
    file.print(
      "      readonly method: ",
      context.types(method.service),
      `["methods"][${printString(method.localName)}];`,
    );
    file.print(`      readonly emits: ${printUnion(target.emits.map(({ localName }) => localName))};`);
    file.print(
      `      readonly failsWith: ${printUnion(method.role.kind === "command" ? method.role.errors.map(({ localName }) => localName) : [])};`,
    );
    file.print(`      readonly reply: "${target.reply === undefined ? "written" : "derived"}";`);
    file.print("    };");
  }
  close(context, commands.length);
  for (const [group, elements] of [
    ["events", events],
    ["errors", errors],
  ] as const) {
    open(context, group, elements.length);
    for (const { desc, localName } of elements) {
      file.lines(printDocumentation(desc, "    "));
      file.print(`    readonly ${printProperty(localName)}: `, library.types(desc), ";");
    }
    close(context, elements.length);
  }
  open(context, "upcasts", superseded.length);
  for (const { desc, localName, supersededBy } of superseded) {
    if (supersededBy === undefined) continue;
    file.lines(printDocumentation(desc, "    "));
    file.print(
      `    readonly ${printProperty(localName)}: { readonly from: `,
      library.types(desc),
      "; readonly to: ",
      library.types(supersededBy.desc),
      " };",
    );
  }
  close(context, superseded.length);
  file.print(`  readonly snapshots: ${snapshotPolicies.some((policy) => aggregate[policy] !== undefined)};`);
  if (aggregate.persistence === "state") file.print('  readonly persistence: "state";');
  file.print("}");
  file.print();
}

function emitCommand(context: FileContext, { method, target }: Command): void {
  const { file, library } = context;
  const request: Printable = ["request: ", context.messageType(method.desc.input)];
  file.print(`    ${printProperty(method.localName)}: {`);
  file.print("      method: ", context.value(method.service), `.methods.${method.localName},`);
  if (target.id === undefined) file.print('      id: () => "",');
  else file.print("      id: (", request, `) => ${printText(library, "request", target.idPath)},`);
  if (target.creates !== undefined) file.print(`      creates: ${target.creates},`);
  if (target.reply !== undefined) {
    const usesId = target.reply.some(({ from }) => from === "id");
    const usesRequest = target.reply.some(({ from }) => from !== "id");
    const parameters: Printable[] = usesRequest ? [request] : usesId ? ["_request: unknown"] : [];
    if (usesId) parameters.push(", id: string");
    file.print("      respond: (", parameters, `) => (${printReply(library, target.reply)}),`);
  }
  file.print("    },");
}

function printReply(library: MessageLibrary, reply: readonly ReplyField[]): string {
  if (reply.length === 0) return "{}";
  const fields = reply.map(({ field, from }) => {
    const value = from === "id" ? "id" : printAccess(library, "request", from);
    return `${printProperty(library.property(field))}: ${value}`;
  });
  return `{ ${fields.join(", ")} }`;
}

function open({ file }: FileContext, name: string, count: number): void {
  if (count === 0) file.print(`  readonly ${name}: `, runtime.None, ";");
  else file.print(`  readonly ${name}: {`);
}

function close({ file }: FileContext, count: number): void {
  if (count > 0) file.print("  };");
}

function record({ file }: FileContext, name: string, properties: readonly (readonly [string, Printable])[]): void {
  if (properties.length === 0) {
    file.print(`  ${name}: {},`);
    return;
  }
  file.print(`  ${name}: {`);
  for (const [property, value] of properties) file.print(`    ${printProperty(property)}: `, value, ",");
  file.print("  },");
}
