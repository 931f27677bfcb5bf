import { createRegistry, type DescMessage, type Registry } from "@bufbuild/protobuf";
import { usedTypes } from "@bufbuild/protobuf/reflect";

/** What ProtoJSON needs to know to read and write a type: a google.protobuf.Any can hold what the type's file and its imports know. */
export function readJsonRegistry(schema: DescMessage): { registry: Registry } | undefined {
  for (const type of usedTypes(schema)) {
    if (type.typeName === "google.protobuf.Any")
      return { registry: createRegistry(schema.file, ...schema.file.dependencies) };
  }
  return undefined;
}
