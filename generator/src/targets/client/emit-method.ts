import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { MethodModel } from "../../model/index.js";
import {
  type ImportSymbol,
  type Printable,
  printDocumentation,
  printJsDoc,
  printProperty,
  printString,
  type SourceFile,
} from "../../printer/index.js";
import type { ClientNames } from "./client-names.js";
import { clientSymbols as client } from "./client-symbols.js";
import { errorsOf } from "./contract.js";
import type { Flavour } from "./flavours/index.js";
import { printConstant } from "./print-constant.js";
import { printHttp } from "./print-http.js";
import { repeatOf } from "./repeat.js";

/** Emits a method: the type of its declared errors, and the constant with what the client must know about it. */
export function emitMethod(file: SourceFile, method: MethodModel, names: ClientNames, flavour: Flavour): void {
  const { constant = "", errors } = names.methods.get(method) ?? {};
  if (errors !== undefined) emitErrors(file, method, errors, flavour);
  const { desc, role, pages, timeout } = method;
  const [type, create] = factoryOf(method);
  const types: Printable[] = [
    flavour.input(desc.input),
    flavour.output(desc.output),
    ...(pages === undefined ? [] : [itemType(pages.items, desc.output, flavour)]),
    ...(errors === undefined ? [] : [errors]),
  ];
  file.lines(printDocumentation(desc));
  file.print(...printConstant(constant, type, types, ["/* @__PURE__ */ ", create, "({"]));
  file.print(`  service: ${printString(desc.parent.typeName)},`);
  file.print(`  name: ${printString(desc.name)},`);
  if (method.stream !== "unary" && role.kind === "command") file.print('  kind: "command",');
  const repeat = repeatOf(method);
  // What the factories take for granted.
  const usual = role.kind === "query" && (method.stream === "unary" || method.stream === "server") ? "safe" : "never";
  if (repeat !== usual) file.print(`  repeat: "${repeat}",`);
  const http = printHttp(method);
  if (http !== undefined) file.print(`  http: ${http},`);
  printErrors(file, method, flavour);
  if (pages !== undefined) {
    file.print(`  pages: { ${printPages(pages, flavour)} },`);
  }
  if (followsRow(method)) file.print("  watch: true,");
  if (timeout !== undefined) file.print(`  timeout: ${timeout},`);
  for (const [name, message] of [["request", desc.input] as const, ["response", desc.output] as const]) {
    const codec = flavour.codec(message);
    if (codec !== undefined) file.print(`  ${name}: `, codec, ",");
  }
  file.print("});");
  file.print();
}

/** The fields of a list: those of the page tokens only if they have other names than usual. */
function printPages({ items, token, next }: NonNullable<MethodModel["pages"]>, { property }: Flavour): string {
  const parts = [`items: ${printString(property(items))}`];
  if (property(token) !== "pageToken") parts.push(`token: ${printString(property(token))}`);
  if (property(next) !== "nextPageToken") parts.push(`next: ${printString(property(next))}`);
  return parts.join(", ");
}

/** Whether a stream begins with the row as it stands, so that a client that missed something can start over. */
function followsRow({ stream, role, desc }: MethodModel): boolean {
  return stream === "server" && role.kind === "query" && role.readModel?.desc === desc.output;
}

/** The type of the items of a list. */
function itemType(field: DescField, response: DescMessage, flavour: Flavour): Printable {
  if (field.message !== undefined) return flavour.output(field.message);
  return ["NonNullable<", flavour.output(response), `[${printString(flavour.property(field))}]>[number]`];
}

function factoryOf({ stream, role, pages }: MethodModel): readonly [type: ImportSymbol, create: ImportSymbol] {
  switch (stream) {
    case "server":
      return [client.ServerStream, client.serverStream];
    case "client":
      return [client.ClientStream, client.clientStream];
    case "bidi":
      return [client.BidiStream, client.bidiStream];
    case "unary":
      if (role.kind === "command") return [client.Command, client.command];
      return pages === undefined ? [client.Query, client.query] : [client.PagedQuery, client.pagedQuery];
  }
}

function emitErrors(file: SourceFile, method: MethodModel, name: string, flavour: Flavour): void {
  file.lines(printJsDoc(`The errors that ${method.name} declares.`));
  file.print(`export type ${name} = {`);
  for (const { desc, localName } of errorsOf(method)) {
    file.lines(printDocumentation(desc, "  "));
    file.print(`  readonly ${printProperty(localName)}: `, flavour.output(desc), ";");
  }
  file.print("};");
  file.print();
}

function printErrors(file: SourceFile, method: MethodModel, flavour: Flavour): void {
  const errors = errorsOf(method);
  if (errors.length === 0) return;
  file.print("  errors: {");
  for (const { localName, desc } of errors) {
    file.print(`    ${printProperty(localName)}: `, flavour.codec(desc) ?? printString(desc.typeName), ",");
  }
  file.print("  },");
}
