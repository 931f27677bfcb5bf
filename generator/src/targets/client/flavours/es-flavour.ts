import type { MessageLibrary } from "../../../messages/index.js";
import { asType, symbol } from "../../../printer/index.js";
import type { Flavour } from "./flavour.js";

const es = symbol("es", "@potter/client/es");
const init = symbol("MessageInitShape", "@bufbuild/protobuf", true);

/** Messages are those of protobuf-es. Callers pass what its `create` accepts. */
export function esFlavour(library: MessageLibrary): Flavour {
  return {
    declaresTypes: false,
    input: (message) => [init, "<typeof ", asType(library.schema(message)), ">"],
    output: (message) => library.type(message),
    codec: (message) => ["/* @__PURE__ */ ", es, "(", library.schema(message), ")"],
    property: library.property,
  };
}
