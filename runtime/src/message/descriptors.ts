import { createFileRegistry, type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** Gives the descriptor of a message by its full name. Throws for one that it does not hold. */
export type Descriptors = (typeName: string) => DescMessage;

/**
 * The descriptors of messages by full name, from a FileDescriptorSet in base64: for message libraries that
 * keep none at run time. Linked on first use.
 */
export function descriptors(base64: string): Descriptors {
  let registry: ReturnType<typeof createFileRegistry> | undefined;
  return (typeName) => {
    registry ??= createFileRegistry(fromBinary(FileDescriptorSetSchema, base64Decode(base64)));
    const found = registry.getMessage(typeName);
    if (found === undefined) throw new Error(`the generated descriptors hold no message ${typeName}: generate again`);
    return found;
  };
}
