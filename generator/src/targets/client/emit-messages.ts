import type { DescEnum, DescField, DescFile, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { readComment } from "../../descriptors/index.js";
import type { GeneratedFile } from "../../output/index.js";
import {
  printDocumentation,
  printHeader,
  printJsDoc,
  printProperty,
  printString,
  SourceFile,
  symbol,
} from "../../printer/index.js";
import { type DeclaredTypes, fieldType, jsonTypeName, messagesPath, noteFormat } from "./json/index.js";
import type { ClientOptions } from "./options.js";
import type { DeclaredType } from "./reachable-types.js";

/** Emits the types of messages and enums of one proto file, as they are in ProtoJSON. */
export function emitMessages(
  desc: DescFile,
  types: readonly DeclaredType[],
  { import_extension }: ClientOptions,
  generator: string,
): GeneratedFile {
  const file = new SourceFile(messagesPath(desc), types.map(jsonTypeName), import_extension);
  const declared: DeclaredTypes = (type) =>
    type.file === desc ? jsonTypeName(type) : symbol(jsonTypeName(type), { path: messagesPath(type.file) }, true);
  for (const type of types) {
    if (type.kind === "enum") emitEnum(file, type);
    else emitMessage(file, type, declared);
    file.print();
  }
  // It has no source: what services of other files reach decides which types it has.
  return { name: `${file.path}.ts`, content: file.toString(printHeader({ desc }, generator)) };
}

function emitMessage(file: SourceFile, message: DescMessage, declared: DeclaredTypes): void {
  const name = jsonTypeName(message);
  const extensible = message.proto.extensionRange.length > 0;
  file.lines(printDocumentation(message));
  if (message.fields.length === 0 && !extensible) {
    file.print(`export type ${name} = { readonly [field: string]: never };`);
    return;
  }
  file.print(`export interface ${name} {`);
  for (const field of message.fields) {
    file.lines(printJsDoc(describeField(field), "  "));
    const mark = field.presence === legacyRequired ? "" : "?";
    file.print(`  readonly ${printProperty(field.jsonName)}${mark}: `, fieldType(field, declared), ";");
  }
  if (extensible) file.print(`  readonly [extension: \`[\${string}]\`]: unknown;`);
  file.print("}");
}

// google.protobuf.FeatureSet.FieldPresence.LEGACY_REQUIRED
const legacyRequired = 3;

/** Describes a field: its comment, the format of its value, and with which others it cannot be set. */
function describeField(field: DescField): string {
  const comment = readComment(field);
  const notes = [noteFormat(field), field.oneof === undefined ? "" : noteChoice(field.oneof)];
  const parts = [comment, notes.filter((note) => note !== "").join(" ")];
  const isSentence = /^[^\n]{1,60}\.$/.test(comment);
  const text = parts.filter((part) => part !== "").join(isSentence ? " " : "\n");
  return field.deprecated ? `${text}\n\n@deprecated`.trim() : text;
}

function noteChoice({ name, fields }: DescOneof): string {
  if (fields.length === 1) return "";
  if (fields.length > 4) return `At most one field of \`${name}\` is set.`;
  return `At most one of these is set: ${fields.map(({ jsonName }) => `\`${jsonName}\``).join(", ")}.`;
}

function emitEnum(file: SourceFile, type: DescEnum): void {
  file.lines(printDocumentation(type));
  const names = type.values.map(({ jsonName }) => printString(jsonName));
  const line = `export type ${jsonTypeName(type)} = ${names.join(" | ")};`;
  const documented = type.values.map((value) => printDocumentation(value, "  "));
  if (line.length <= 110 && documented.every((lines) => lines.length === 0)) {
    file.print(line);
    return;
  }
  file.print(`export type ${jsonTypeName(type)} =`);
  for (const [at, name] of names.entries()) {
    file.lines(documented[at] ?? []);
    file.print(`  | ${name}${at === names.length - 1 ? ";" : ""}`);
  }
}
