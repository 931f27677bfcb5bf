import { createFileRegistry, type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { PotterError } from "../errors/index.js";
import type { EventSchema } from "../store/ports/index.js";
import { unpack } from "./packing.js";

/** Links the descriptor of an event's message from stored descriptors. */
export async function linkMessage(
  { type, schemaVersion, message, hash }: EventSchema,
  descriptors: ReadonlyMap<string, Uint8Array>,
): Promise<DescMessage> {
  const stored = descriptors.get(hash);
  const set = stored && createFileRegistry(fromBinary(FileDescriptorSetSchema, await unpack(stored)));
  const found = set?.getMessage(message);
  if (found !== undefined) return found;
  throw new PotterError(
    "data_loss",
    `the store has lost the declaration of ${type} version ${schemaVersion}: the descriptors ${hash} have no message ${message}`,
  );
}
