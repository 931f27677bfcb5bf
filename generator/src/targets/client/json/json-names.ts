import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";
import { esNames } from "../../../messages/index.js";

/** Names of types that TypeScript does not allow, besides those that protobuf-es avoids. */
const reserved = new Set("any await never symbol undefined unknown".split(" "));

/** The name of the type of a message or an enum: that of protobuf-es, unique in its file. */
export function jsonTypeName(type: DescMessage | DescEnum): string {
  const { type: name } = esNames(type);
  return reserved.has(name) ? `${name}$` : name;
}

/** The path of the module with the types of the messages of a proto file, without extension. */
export function messagesPath(file: DescFile): string {
  return `${file.name}_messages`;
}
