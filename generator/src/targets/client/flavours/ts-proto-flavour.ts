import { tsProtoLibrary } from "../../../messages/index.js";
import { printString, symbol } from "../../../printer/index.js";
import type { Flavour } from "./flavour.js";

const tsProto = symbol("tsProto", "@potter/client/ts-proto");
const partial = symbol("PartialMessage", "@potter/client/ts-proto", true);

/** Messages are those of ts-proto. Callers pass what its `fromPartial` accepts. */
export const tsProtoFlavour: Flavour = {
  declaresTypes: false,
  input: (message) => [partial, "<", tsProtoLibrary.type(message), ">"],
  output: (message) => tsProtoLibrary.type(message),
  codec: (message) => [
    "/* @__PURE__ */ ",
    tsProto,
    `(${printString(message.typeName)}, `,
    tsProtoLibrary.schema(message),
    ")",
  ],
  property: tsProtoLibrary.property,
};
