import { clone } from "@bufbuild/protobuf";
import { type DescriptorProto, type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** Merges two descriptors of the same file, of which each may lack some of its messages, enums, services and imports. */
export function mergeFiles(first: FileDescriptorProto, second: FileDescriptorProto): FileDescriptorProto {
  const merged = clone(FileDescriptorProtoSchema, first);
  merged.dependency = [...new Set([...first.dependency, ...second.dependency])];
  // They are indexes of imports, and nothing needs them.
  merged.publicDependency = [];
  merged.weakDependency = [];
  mergeMessages(merged.messageType, second.messageType);
  addMissing(merged.enumType, second.enumType);
  addMissing(merged.service, second.service);
  addMissing(merged.extension, second.extension);
  return merged;
}

function mergeMessages(into: DescriptorProto[], from: readonly DescriptorProto[]): void {
  for (const message of from) {
    const known = into.find(({ name }) => name === message.name);
    if (known === undefined) into.push(message);
    else {
      addMissing(known.field, message.field);
      addMissing(known.oneofDecl, message.oneofDecl);
      addMissing(known.enumType, message.enumType);
      mergeMessages(known.nestedType, message.nestedType);
    }
  }
}

function addMissing<Named extends { readonly name: string }>(into: Named[], from: readonly Named[]): void {
  for (const one of from) if (!into.some(({ name }) => name === one.name)) into.push(one);
}
