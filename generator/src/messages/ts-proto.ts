import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { asType, type ImportSymbol, type Printable, printString, symbol } from "../printer/index.js";
import { descriptorsPath, type MessageLibrary } from "./message-library.js";
import { runtime } from "./runtime.js";
import { is64Bit, isText } from "./scalars.js";

/** Names that ts-proto avoids. */
const builtIn = new Set(["Date", "Function"]);

/** ts-proto: plain interfaces. Requires `forceLong=bigint`; any other option may be set. */
export const tsProtoLibrary: MessageLibrary = {
  needsDescriptors: true,
  type: (message) => asType(functionsOf(message)),
  schema: functionsOf,
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

function functionsOf(message: DescMessage): ImportSymbol {
  const { package: pkg } = message.file.proto;
  const local = pkg === "" ? message.typeName : message.typeName.slice(pkg.length + 1);
  const name = local.split(".").map(snakeToCamel).join("_");
  return symbol(builtIn.has(name) ? `${name}Message` : name, { path: message.file.name });
}

function tsProtoProperty(field: DescField): string {
  return snakeToCamel(field.name);
}

/** Converts names like ts-proto: names without lower-case letters are lowered, others keep their case. */
function snakeToCamel(name: string): string {
  if (!name.includes("_")) return name;
  const words = /[a-z]/.test(name) ? name.split("_") : name.toLowerCase().split("_");
  return words.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
}
