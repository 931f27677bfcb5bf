import type { DescField, DescFile, DescMessage } from "@bufbuild/protobuf";
import { wktPublicImportPaths } from "@bufbuild/protobuf/codegenv2";
import { asType, symbol } from "../printer/index.js";
import { esNames } from "./es-names.js";
import type { MessageLibrary } from "./message-library.js";
import { runtime } from "./runtime.js";
import { is64Bit, isText } from "./scalars.js";

/** protobuf-es: descriptors at run time, complete ProtoJSON. `generated` are the files that protoc-gen-es also runs on. */
export function esLibrary(generated: ReadonlySet<string>): MessageLibrary {
  const moduleOf = (file: DescFile) => {
    const wellKnown = wktPublicImportPaths[`${file.name}.proto`];
    return wellKnown !== undefined && !generated.has(file.name) ? wellKnown : { path: `${file.name}_pb` };
  };
  const schema = (message: DescMessage) => symbol(esNames(message).schema, moduleOf(message.file));
  return {
    needsDescriptors: false,
    type: (message) => symbol(esNames(message).type, moduleOf(message.file), true),
    schema,
    types: (message) => [runtime.Es, "<typeof ", asType(schema(message)), ">"],
    codec: (message) => [runtime.es, "(", schema(message), ")"],
    property: (field: DescField) => field.localName,
    idType: (field) =>
      isText(field) ? "string" : is64Bit(field) ? (longAsString(field) ? "string" : "bigint") : "number",
  };
}

function longAsString(field: DescField): boolean {
  return field.fieldKind === "scalar" && field.longAsString;
}
