import type { JsonValue } from "@bufbuild/protobuf";

/** Reads and writes ProtoJSON values in a format other than JSON, such as MessagePack. */
export interface BodyFormat {
  /** The media types of the format, in lower case and without parameters. */
  readonly mediaTypes: readonly string[];
  /**
   * Reads a body that is not empty. Throws an HttpError 400 for bytes that are not of this format, have a duplicate key in an
   * object, or are nested deeper than `maxDepth`. Must use memory in proportion to the bytes, whatever lengths they declare.
   */
  read(bytes: Uint8Array, maxDepth: number): JsonValue;
  /** Writes a body. */
  write(value: JsonValue): Uint8Array;
}
