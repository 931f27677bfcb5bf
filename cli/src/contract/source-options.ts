import { fromBinary, isFieldSet } from "@bufbuild/protobuf";
import {
  Edition,
  type ExtensionRangeOptions,
  ExtensionRangeOptionsSchema,
  FeatureSetSchema,
  FieldOptions_OptionRetention,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import type { ContractFile } from "./image.js";

/**
 * Whether a contract declares or sets options that the compiler shows to no plugin at run time (`retention = RETENTION_SOURCE`). buf
 * removes them from requests; this package does not.
 */
export function retainsSourceOptions(files: readonly ContractFile[]): boolean {
  return files
    .filter(({ name }) => !name.startsWith("google/protobuf/"))
    .some((contractFile) => {
      const known = retaining.get(contractFile);
      if (known !== undefined) return known;
      const retains = retainsOptions(contractFile);
      retaining.set(contractFile, retains);
      return retains;
    });
}

/** A watcher asks for most files many times. */
const retaining = new WeakMap<ContractFile, boolean>();

function retainsOptions({ descriptor }: ContractFile): boolean {
  // Most files contain neither, so they need not be decoded.
  if (!mayRetain(descriptor)) return false;
  const file = fromBinary(FileDescriptorProtoSchema, descriptor);
  return (
    declaresRetention(file) || declaresExtensions(file) || (file.edition >= Edition.EDITION_2024 && setsFeature(file))
  );
}

/**
 * Whether a file needs a closer look: it has bytes like those of `retention` (field 17 of FieldOptions, a varint 2), or its syntax
 * allows ranges of extensions and features.
 */
function mayRetain(descriptor: Uint8Array): boolean {
  const bytes = Buffer.from(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength);
  return bytes.includes(Buffer.from([0x88, 0x01, 0x02])) || !bytes.includes(proto3);
}

/** `syntax` is field 12 of a file. */
const proto3 = Buffer.from([0x62, 6, ...Buffer.from("proto3")]);

function declaresRetention(value: unknown): boolean {
  return some(value, (message) => message["retention"] === FieldOptions_OptionRetention.RETENTION_SOURCE);
}

/** What a range of extensions declares about them has the retention. */
function declaresExtensions(value: unknown): boolean {
  return some(value, (message) => {
    if (message["$typeName"] !== ExtensionRangeOptionsSchema.typeName) return false;
    const options = message as ExtensionRangeOptions;
    return options.declaration.length > 0 || isFieldSet(options, ExtensionRangeOptionsSchema.field.verification);
  });
}

/** These fields of FeatureSet have the retention. */
function setsFeature(file: FileDescriptorProto): boolean {
  const { enforceNamingStyle, defaultSymbolVisibility } = FeatureSetSchema.field;
  const fields = [enforceNamingStyle, defaultSymbolVisibility].filter((field) => field !== undefined);
  return some(
    file,
    (message) =>
      message["$typeName"] === FeatureSetSchema.typeName && fields.some((field) => isFieldSet(message as never, field)),
  );
}

/** Whether a message below a value fulfils a condition. Comments are left out. */
function some(value: unknown, test: (message: Readonly<Record<string, unknown>>) => boolean): boolean {
  if (Array.isArray(value)) return value.some((element) => some(element, test));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false;
  const message = value as Readonly<Record<string, unknown>>;
  if (test(message)) return true;
  return Object.entries(message).some(([name, field]) => name !== "sourceCodeInfo" && some(field, test));
}
