import { createFileRegistry, type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { PotterError } from "../errors/index.js";

/** Returns the descriptor of a message by its full name. Throws if it is unknown. */
export type Descriptors = (typeName: string) => DescMessage;

/**
 * Returns a lookup of message descriptors in a FileDescriptorSet in base64, for message libraries that have no descriptors at
 * run time. The set is linked on first use.
 */
export function descriptors(base64: string): Descriptors {
  let registry: ReturnType<typeof createFileRegistry> | undefined;
  return (typeName) => {
    registry ??= createFileRegistry(fromBinary(FileDescriptorSetSchema, base64Decode(base64)));
    const found = registry.getMessage(typeName);
    if (found === undefined)
      throw new PotterError(
        "failed_precondition",
        `the generated descriptors hold no message ${typeName}: generate again`,
      );
    return found;
  };
}
