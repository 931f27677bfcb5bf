import { createRegistry, type DescMessage, type Registry } from "@bufbuild/protobuf";
import { usedTypes } from "@bufbuild/protobuf/reflect";

/**
 * Returns the types that ProtoJSON needs in addition to a message's fields: those of its file and imports, if a
 * google.protobuf.Any can hold them or the message has extensions. Returns undefined if it needs none.
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

/** Whether the JSON of a message can name types that its fields do not declare. */
function isOpen(schema: DescMessage): boolean {
  return schema.typeName === "google.protobuf.Any" || schema.proto.extensionRange.length > 0;
}
