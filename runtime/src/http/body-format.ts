import type { JsonValue } from "@bufbuild/protobuf";

/** How bodies are written besides as JSON text: the same ProtoJSON values under other media types. */
export interface BodyFormat {
  /** The media types that it goes by, in lower case and without parameters. */
  readonly mediaTypes: readonly string[];
  /**
   * Reads a body that is not empty. Throws an HttpError 400 for bytes that are not of this format, hold a key twice in
   * one object, or are nested deeper than `maxDepth`. Takes memory in proportion to the bytes, whatever they claim.
   */
  read(bytes: Uint8Array, maxDepth: number): JsonValue;
  write(value: JsonValue): Uint8Array;
}
