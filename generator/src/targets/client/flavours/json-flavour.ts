import type { DescEnum, DescMessage } from "@bufbuild/protobuf";
import { type Printable, symbol } from "../../../printer/index.js";
import { jsonTypeName, messagesPath, messageType } from "../json/index.js";
import type { Flavour } from "./flavour.js";

/** Messages are plain ProtoJSON, whose types the target declares. */
export const jsonFlavour: Flavour = {
  declaresTypes: true,
  input: typeOf,
  output: typeOf,
  codec: () => undefined,
  property: (field) => field.jsonName,
};

function typeOf(message: DescMessage): Printable {
  return messageType(message, declared);
}

function declared(type: DescMessage | DescEnum): Printable {
  return symbol(jsonTypeName(type), { path: messagesPath(type.file) }, true);
}
