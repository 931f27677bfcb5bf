import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { asType, printString, type Printable, symbol } from "../printer/index.js";
import { descriptorsPath, type MessageLibrary } from "./message-library.js";
import { runtime } from "./runtime.js";
import { is64Bit, isText } from "./scalars.js";

/** Names that ts-proto keeps clear of, by a suffix. */
const globals = new Set(["Date", "Error", "Function", "Map", "Object", "Promise", "String", "Number", "Boolean", "Symbol"]);

/** ts-proto: plain interfaces. Expects `forceLong=bigint`; other options may be as they like. */
export const tsProtoLibrary: MessageLibrary = {
  needsDescriptors: true,
  type: (message) => asType(functionsOf(message)),
  types: (message) => [runtime.TsProto, "<", asType(functionsOf(message)), ">"],
  codec: (message, importer): Printable => [
    runtime.tsProto,
    "(",
    functionsOf(message),
    ", ",
    symbol("descriptorOf", { path: descriptorsPath(importer) }),
    `(${printString(message.typeName)}))`,
  ],
  property: tsProtoProperty,
  idType: (field) => (isText(field) ? "string" : is64Bit(field) ? "bigint" : "number"),
};

function functionsOf(message: DescMessage) {
  const { package: pkg } = message.file.proto;
  const local = pkg === "" ? message.typeName : message.typeName.slice(pkg.length + 1);
  const name = local.split(".").map(messageName).join("_");
  return symbol(globals.has(name) ? `${name}Message` : name, { path: message.file.name });
}

function messageName(name: string): string {
  return name;
}

/** ts-proto's `snakeToCamel` of keys. */
function tsProtoProperty(field: DescField): string {
  return field.jsonName;
}
