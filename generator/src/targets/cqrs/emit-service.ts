import { printText, runtime } from "../../messages/index.js";
import type { HttpBindingModel, MethodModel, ServiceModel } from "../../model/index.js";
import { type Printable, printDocumentation, printJsDoc, printProperty, printString } from "../../printer/index.js";
import { errorReference } from "./emit-definitions.js";
import type { FileContext } from "./file-context.js";
import { printUnion } from "./union.js";

/** Emits a service: its types, and the constant with its methods as data. */
export function emitService(context: FileContext, service: ServiceModel): void {
  emitTypes(context, service);
  const { file } = context;
  const { name, desc, methods, views } = service;
  file.lines(printDocumentation(desc));
  file.print(`export const ${name}: `, runtime.Service, `<${name}Types> = `, runtime.defineService, `<${name}Types>({`);
  file.print(`  typeName: ${printString(desc.typeName)},`);
  file.print("  methods: {");
  for (const method of methods) emitMethod(context, method);
  file.print("  },");
  printRecord(
    context,
    "  errors",
    plainErrors(service).map((error) => [error.localName, errorReference(context, error)]),
  );
  const viewEntries = views.map((view): Entry => [view.localName, context.value(view)]);
  if (viewEntries.length === 0) file.print("  views: () => ({}),");
  else file.print("  views: () => ({ ", entries(viewEntries), " }),");
  file.print("});");
  file.print();
}

function emitTypes(context: FileContext, service: ServiceModel): void {
  const { file, library } = context;
  const { methods, views } = service;
  file.lines(
    printJsDoc(`The types of the service ${service.desc.name}: its methods, plain commands, queries and views.`),
  );
  file.print(`export interface ${service.name}Types {`);
  block(
    context,
    "methods",
    methods.map((method) => ({
      doc: printDocumentation(method.desc, "    "),
      entry: [
        method.localName,
        [
          runtime.Method,
          "<",
          library.types(method.desc.input),
          ", ",
          library.types(method.desc.output),
          `, "${method.stream}", "${method.role.kind}">`,
        ],
      ],
    })),
  );
  block(
    context,
    "commands",
    plainCommands(service).map((method) => ({
      doc: [],
      entry: [method.localName, printUnion(errorsOf(method).map(({ localName }) => localName))],
    })),
  );
  block(
    context,
    "errors",
    plainErrors(service).map((error) => ({
      doc: printDocumentation(error.desc, "    "),
      entry: [error.localName, library.types(error.desc)],
    })),
  );
  const queries = methods.filter(({ role }) => role.kind === "query");
  file.print("  readonly queries: ", printUnion(queries.map(({ localName }) => localName)), ";");
  block(
    context,
    "views",
    views.map((view) => ({
      doc: printDocumentation(view.desc, "    "),
      entry: [view.localName, context.types(view)],
    })),
  );
  file.print("}");
  file.print();
}

function emitMethod(context: FileContext, method: MethodModel): void {
  const { file, library } = context;
  const { desc, role, tenant, status, update } = method;
  file.print(`    ${printProperty(method.localName)}: {`);
  file.print(`      service: ${printString(desc.parent.typeName)},`);
  file.print(`      name: ${printString(desc.name)},`);
  file.print(`      kind: "${role.kind}",`);
  file.print(`      stream: "${method.stream}",`);
  file.print("      request: ", context.codec(desc.input), ",");
  file.print("      response: ", context.codec(desc.output), ",");
  printBindings(context, method.http);
  printRecord(
    context,
    "      errors",
    errorsOf(method).map((error) => [error.localName, errorReference(context, error)]),
  );
  if (method.timeout !== undefined) file.print(`      timeout: ${method.timeout},`);
  if (role.kind === "query" && role.cacheTtl !== undefined) file.print(`      cacheTtl: ${role.cacheTtl},`);
  if (status !== 200) file.print(`      status: ${status},`);
  if (method.hasRules) file.print("      rules: ", runtime.protovalidate, ",");
  if (method.recordsPersonal) file.print("      personal: ", runtime.personalData, ",");
  if (update !== undefined) {
    const { mask, resource } = update;
    file.print(`      updateMask: { mask: ${printString(mask.name)}, resource: ${printString(resource.name)} },`);
  }
  if (tenant !== undefined) {
    file.print(
      "      tenant: (request: ",
      context.messageType(desc.input),
      `) => ${printText(library, "request", [tenant])},`,
    );
  }
  if (desc.deprecated) file.print("      deprecated: true,");
  file.print("    },");
}

/** Prints the HTTP bindings of a method, on one line if there is only one, and it is short. */
function printBindings({ file }: FileContext, bindings: readonly HttpBindingModel[]): void {
  const [first = "", ...others] = bindings.map(bindingArguments);
  if (bindings.length === 0) file.print("      http: [],");
  else if (others.length === 0 && first.length <= 90) file.print("      http: [", runtime.httpBinding, first, "],");
  else {
    file.print("      http: [");
    for (const binding of [first, ...others]) file.print("        ", runtime.httpBinding, binding, ",");
    file.print("      ],");
  }
}

function bindingArguments({ method, path, body, responseBody }: HttpBindingModel): string {
  const bodies = [
    ...(body === undefined ? [] : [`body: ${printString(body)}`]),
    ...(responseBody === undefined ? [] : [`responseBody: ${printString(responseBody)}`]),
  ];
  const options = bodies.length === 0 ? "" : `, { ${bodies.join(", ")} }`;
  return `(${printString(method)}, ${printString(path)}${options})`;
}

function errorsOf({ role }: MethodModel) {
  return role.kind === "command" ? role.errors : [];
}

/** Returns the commands that address no aggregate. */
function plainCommands({ methods }: ServiceModel): readonly MethodModel[] {
  return methods.filter(({ role }) => role.kind === "command" && role.target === undefined);
}

function plainErrors(service: ServiceModel) {
  const errors = plainCommands(service).flatMap(errorsOf);
  return errors.filter((error, at) => errors.findIndex(({ localName }) => localName === error.localName) === at);
}

type Entry = readonly [name: string, value: Printable];

/** Prints a record, on one line if it consists of at most three names of constants. */
function printRecord({ file }: FileContext, name: string, record: readonly Entry[]): void {
  if (record.length === 0) file.print(`${name}: {},`);
  else if (record.length <= 3 && record.every(([, value]) => typeof value === "string")) {
    file.print(`${name}: { `, entries(record), " },");
  } else {
    file.print(`${name}: {`);
    const indent = " ".repeat(name.length - name.trimStart().length + 2);
    for (const entry of record) file.print(indent, entries([entry]), ",");
    file.print(`${indent.slice(2)}},`);
  }
}

function entries(record: readonly Entry[]): Printable {
  return record.flatMap(([name, value], at): Printable[] => {
    const property = printProperty(name);
    const entry: Printable = value === property ? property : [`${property}: `, value];
    return at === 0 ? [entry] : [", ", entry];
  });
}

/** Prints a group of types: `None`, or one property a line with its documentation. */
function block(
  { file }: FileContext,
  name: string,
  properties: readonly { readonly doc: readonly string[]; readonly entry: Entry }[],
): void {
  if (properties.length === 0) {
    file.print(`  readonly ${name}: `, runtime.None, ";");
    return;
  }
  file.print(`  readonly ${name}: {`);
  for (const { doc, entry } of properties) {
    file.lines(doc);
    file.print(`    readonly ${printProperty(entry[0])}: `, entry[1], ";");
  }
  file.print("  };");
}
