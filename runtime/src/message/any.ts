import { createRegistry, type DescMessage, type Registry } from "@bufbuild/protobuf";
import { usedTypes } from "@bufbuild/protobuf/reflect";

/**
 * The types that ProtoJSON needs to read and write a message: those of its file and of the imports, where a google.protobuf.Any can hold
 * them or the message has extensions.
 */
export function readJsonRegistry(schema: DescMessage): { registry: Registry } | undefined {
  if (!needsRegistry(schema)) return undefined;
  return { registry: createRegistry(schema.file, ...schema.file.dependencies) };
}

function needsRegistry(schema: DescMessage): boolean {
  if (isOpen(schema)) return true;
  for (const type of usedTypes(schema)) {
    if (type.kind === "message" && isOpen(type)) return true;
  }
  return false;
}

/** Whether its JSON can name types that its fields do not. */
function isOpen(schema: DescMessage): boolean {
  return schema.typeName === "google.protobuf.Any" || schema.proto.extensionRange.length > 0;
}
