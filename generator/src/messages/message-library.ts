import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { ImportSymbol, Printable } from "../printer/index.js";

/** The naming and types of one message library: the only access of targets to it. */
export interface MessageLibrary {
  /** The type of a message: `OrderPlaced`. */
  type(message: DescMessage): ImportSymbol;
  /** The export that the codec of a message is made from: `OrderPlacedSchema`. */
  schema(message: DescMessage): ImportSymbol;
  /** The type argument for a message: `Es<typeof OrderPlacedSchema>`. */
  types(message: DescMessage): Printable;
  /** The expression of its codec: `es(OrderPlacedSchema)`. */
  codec(message: DescMessage, importer: string): Printable;
  /** The property name of a field. */
  property(field: DescField): string;
  /** The TypeScript type of an id field. */
  idType(field: DescField): "string" | "number" | "bigint";
  /** Whether the target must generate descriptors, because the library has none at run time. */
  readonly needsDescriptors: boolean;
}

/** Returns the path of the generated descriptors of a file, without extension. */
export function descriptorsPath(fileName: string): string {
  return `${fileName}_descriptors`;
}
